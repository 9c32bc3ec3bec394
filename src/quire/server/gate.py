"""The one gate in front of everything, HTTP and WebSocket alike: what it does not admit, no route ever sees.

1. The `Host` must be one of ours: a page of a foreign name that resolves to this machine gets nothing.
2. Built files are public. Everything else, also what does not exist, needs the token or the cookie it was exchanged for,
   and a route for another role is closed.
3. What changes anything (every WebSocket, every method but GET and HEAD) must come from our own page.
"""

import hashlib
import hmac
import ipaddress
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import parse_qs, quote

import msgspec
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from quire.server.address import ANYWHERE, LOOPBACK, Address
from quire.server.pages import redirect, refusal_page
from quire.server.policy import Declared, Page, Role, find_declared, may_use

SAFE_METHODS = frozenset({"GET", "HEAD"})
WRONG_TOKENS = 20
WRONG_SECONDS = 60.0
"""Within this time no more than so many wrong tokens are looked at, from whomever."""


class Admit(msgspec.Struct, frozen=True):
    """The request goes on."""


class Refuse(msgspec.Struct, frozen=True):
    """It does not. `reason` is for people."""

    status: int
    reason: str
    reload: bool = False
    """True when the browser has a cookie, but held it back because another site led here: the page asks again."""


class Exchange(msgspec.Struct, frozen=True):
    """The token was right: on to the same path without it, with a cookie if there is none yet."""

    cookie: str | None


Verdict = Admit | Refuse | Exchange


class Keys(msgspec.Struct):
    """Who may come in. Without a `token`, everybody who can reach the server from one of its names."""

    token: str | None
    address: Address
    names: frozenset[str] = frozenset()
    """Further names of this machine that a `Host` may have."""
    role: Role = "edit"
    """Of everybody whom these keys let in."""
    clock: Callable[[], float] = time.monotonic
    tickets: dict[str, float] = {}
    wrong: deque[float] = msgspec.field(default_factory=deque[float])

    def __post_init__(self) -> None:
        if self.token == "":
            raise ValueError("an empty token would let everybody in; leave `--token` out to get a random one")

    @property
    def cookie_name(self) -> str:
        """Cookies are shared by all ports of a host; the name keeps servers apart."""
        return f"quire-{self.address.port}"

    @property
    def cookie_value(self) -> str:
        """Tells nothing about the token, and is worthless with another one."""
        return hmac.new((self.token or "").encode(), b"quire cookie", hashlib.sha256).hexdigest()

    def issue_ticket(self, ticket: str, *, seconds: float = 120.0) -> str:
        """A token for one use: other users of a machine may see the command line of the browser that is opened."""
        self.tickets[ticket] = self.clock() + seconds
        return ticket

    def is_token(self, given: str) -> bool | None:
        """None: too many wrong ones lately; nobody looks."""
        now = self.clock()
        while self.wrong and self.wrong[0] < now - WRONG_SECONDS:
            self.wrong.popleft()
        if len(self.wrong) >= WRONG_TOKENS:
            return None
        if self.token is not None and _equal(given, self.token):
            return True
        for ticket, until in list(self.tickets.items()):
            if until < now or _equal(given, ticket):
                del self.tickets[ticket]
                if until >= now:
                    return True
        self.wrong.append(now)
        return False


def judge(scope: Scope, keys: Keys, declared: tuple[Declared, ...]) -> Verdict:
    """Decide about one request by its first lines."""
    headers, kind, path = Headers(scope=scope), scope["type"], scope["path"]
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not _is_own_host(hosts[0], keys):
        return Refuse(403, "this server does not go by that name")
    reads = kind == "http" and scope["method"] in SAFE_METHODS
    item = find_declared(keys.address.base, declared, kind, path)
    if item is not None and item.access == "public" and reads:
        return Admit()
    if item is not None and not may_use(keys.role, item.access):
        return Refuse(403, "this is not for visitors of an app")
    bearer = _bearer(headers)
    if not reads and not _is_same_origin(headers, hosts[0], has_bearer=bearer is not None):
        return Refuse(403, "this came from another site")
    if keys.token is None:
        return Admit()
    if bearer is not None:
        return _by_token(keys, bearer)
    given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
    takes_token = reads and isinstance(item, Page) and item.takes_token
    if _has_cookie(headers, keys):
        return Exchange(None) if given and takes_token else Admit()
    if takes_token and len(given) == 1:
        verdict = _by_token(keys, given[0])
        return Exchange(keys.cookie_value) if isinstance(verdict, Admit) else verdict
    reason = "open the address that `quire` printed in the terminal: it has the token in it"
    return Refuse(401, reason, reload=reads and headers.get("sec-fetch-site") == "cross-site")


def _by_token(keys: Keys, given: str) -> Verdict:
    match keys.is_token(given):
        case True:
            return Admit()
        case False:
            return Refuse(401, "this is not the token of this server; open the address that `quire` printed last")
        case None:
            return Refuse(429, "too many wrong tokens; wait a minute")


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode())


def _is_own_host(host: str, keys: Keys) -> bool:
    name = _host_name(host)
    if name is None:
        return False
    if name in LOOPBACK or name in keys.names or name in {keys.address.host.lower(), keys.address.proxy_name}:
        return True
    # Listening everywhere, the addresses of this machine are not known, but rebinding needs a name.
    return keys.address.host in ANYWHERE and _is_ip_address(name)


def _host_name(host: str) -> str | None:
    """The name in a `Host` header, without its port; None when it is malformed."""
    if host.startswith("["):
        name, bracket, port = host[1:].partition("]")
        port = port.removeprefix(":") if port.startswith(":") or not port else "?"
        return name.lower() if bracket and (not port or port.isdecimal()) and _is_ip_address(name) else None
    name, colon, port = host.partition(":")
    return name.lower() if name and (not colon or port.isdecimal()) else None


def _is_ip_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_same_origin(headers: Headers, host: str, *, has_bearer: bool) -> bool:
    """Browsers name the site that asks in `Origin`, and always do so for a WebSocket. Programs that are no browser may
    leave it out, if they bring the token themselves: no browser adds that on behalf of another site.
    """
    origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
    if any(site != "same-origin" for site in sites):
        return False
    if origins:
        # A proxy in front may speak TLS; the name and the port are what counts.
        return len(origins) == 1 and origins[0].lower() in {f"http://{host.lower()}", f"https://{host.lower()}"}
    return bool(sites) or has_bearer


def _bearer(headers: Headers) -> str | None:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _has_cookie(headers: Headers, keys: Keys) -> bool:
    for line in headers.getlist("cookie"):
        for pair in line.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == keys.cookie_name and _equal(value, keys.cookie_value):
                return True
    return False


class Gate:
    """ASGI middleware, outside the router and everything else that looks at a request."""

    def __init__(self, app: ASGIApp, keys: Keys, declared: tuple[Declared, ...]) -> None:
        self._app = app
        self._keys = keys
        self._declared = declared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        verdict = judge(scope, self._keys, self._declared)
        match verdict:
            case Admit():
                await self._app(scope, receive, send)
            case Exchange():
                base = f"{self._keys.address.base}/"
                response = redirect(quote(scope["path"]))
                if verdict.cookie is not None:
                    name, secure = self._keys.cookie_name, scope["scheme"] == "https"
                    response.set_cookie(
                        name, verdict.cookie, path=base, httponly=True, samesite="strict", secure=secure
                    )
                await response(scope, receive, send)
            case Refuse():
                response = refusal_page(verdict.status, verdict.reason, self._keys.address.base, reload=verdict.reload)
                await response(scope, receive, send)
