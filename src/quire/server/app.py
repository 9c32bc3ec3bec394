"""The ASGI application: headers around the gate around the router."""

from starlette.applications import Starlette
from starlette.types import ASGIApp

from quire.server.assets import Assets
from quire.server.gate import Gate, Keys
from quire.server.headers import SecureHeaders
from quire.server.notebooks import Notebooks
from quire.server.policy import Declared, make_routes
from quire.server.routes import DECLARED


def make_app(notebooks: Notebooks, keys: Keys, assets: Assets, declared: tuple[Declared, ...] = DECLARED) -> ASGIApp:
    """Notebooks, served to those who have the keys."""
    app = Starlette(routes=make_routes(keys.address.base, declared))
    # It would redirect to a place that the request names in `Host`.
    app.router.redirect_slashes = False
    app.state.notebooks = notebooks
    app.state.assets = assets
    app.state.base = keys.address.base
    return SecureHeaders(Gate(app, keys, declared))
