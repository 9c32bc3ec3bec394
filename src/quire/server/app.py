"""The ASGI application: headers around the gate around the router."""

from starlette.applications import Starlette
from starlette.types import ASGIApp

from quire.server.assets import Assets
from quire.server.gate import Gate, Keys
from quire.server.headers import SecureHeaders
from quire.server.policy import Declared, make_routes
from quire.server.routes import DECLARED
from quire.session.session import Session


def make_app(session: Session, keys: Keys, assets: Assets, declared: tuple[Declared, ...] = DECLARED) -> ASGIApp:
    """One session, served to those who have the keys."""
    app = Starlette(routes=make_routes(keys.address.base, declared))
    # It would redirect to a place that the request names in `Host`.
    app.router.redirect_slashes = False
    app.state.session = session
    app.state.assets = assets
    app.state.base = keys.address.base
    return SecureHeaders(Gate(app, keys, declared))
