"""The ASGI application: headers around the gate around the router."""

from starlette.applications import Starlette
from starlette.types import ASGIApp

from quire.server.app_routes import APP_ROUTES
from quire.server.assets import Assets
from quire.server.gate import Gate, Keys
from quire.server.headers import SecureHeaders
from quire.server.notebooks import Notebooks
from quire.server.policy import Declared, make_routes
from quire.server.routes import DECLARED
from quire.server.visitors import Visitors


def make_app(house: Notebooks | Visitors, keys: Keys, assets: Assets, declared: tuple[Declared, ...] = ()) -> ASGIApp:
    """Notebooks for those who edit them, or apps for visitors: for those who have the keys."""
    declared = declared or (APP_ROUTES if isinstance(house, Visitors) else DECLARED)
    app = Starlette(routes=make_routes(keys.address.base, declared))
    # It would redirect to a place that the request names in `Host`.
    app.router.redirect_slashes = False
    if isinstance(house, Visitors):
        app.state.visitors = house
    else:
        app.state.notebooks = house
    app.state.port = keys.address.port
    app.state.assets = assets
    app.state.base = keys.address.base
    return SecureHeaders(Gate(app, keys, declared))
