"""The security cases S1 to S33 that apply to the routes there are, each under its number.

S5 to S9, S13 to S18, S25 to S32 are about files, redirects, exports, visitors, packages and terminals: those parts are
tested when they come. Of S6, S7 and S28 what exists is tested here.
"""

import asyncio
import logging

import pytest
from starlette.routing import Route, WebSocketRoute
from websockets.exceptions import InvalidStatus

from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.server.address import Address, clean_base, is_loopback
from quire.server.app import make_app
from quire.server.assets import Assets
from quire.server.gate import WRONG_SECONDS, WRONG_TOKENS, Admit, Exchange, Keys, Refuse, judge
from quire.server.pages import redirect
from quire.server.policy import Page, Socket
from quire.server.routes import DECLARED

from .serving import NOTEBOOK, TOKEN, Serving, serving

ADDRESS = Address("127.0.0.1", 2718)
HOST = "127.0.0.1:2718"
ORIGIN = f"http://{HOST}"


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def keys(token: str | None = TOKEN, **options) -> Keys:
    return Keys(token, options.pop("address", ADDRESS), **options)


def scope(path: str = "/", *, kind: str = "http", method: str = "GET", query: str = "", **headers: str | None):
    given = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in given.items() if value is not None]
    base = {"type": kind, "path": path, "query_string": query.encode(), "headers": raw, "scheme": "http"}
    return {**base, "method": method} if kind == "http" else base


def socket_scope(**headers: str | None):
    return scope("/socket", kind="websocket", **headers)


def verdict(request, having: Keys | None = None):
    return judge(request, having or keys(), DECLARED)


def cookie(having: Keys | None = None) -> str:
    having = having or keys()
    return f"{having.cookie_name}={having.cookie_value}"


def is_refused(request, having: Keys | None = None, status: int | None = None) -> bool:
    found = verdict(request, having)
    return isinstance(found, Refuse) and status in {None, found.status}


async def refused_socket(server: Serving, path: str = "/socket", **options) -> int:
    """The status with which the handshake is refused."""
    try:
        async with server.connect(path, **options):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


# -- S1: every route


def routes_of(app) -> list:
    """The router inside the headers and the gate."""
    return app._app._app.router.routes


def test_S1_every_route_is_declared_with_a_policy():
    routes = routes_of(make_app(None, keys(), Assets({}, {})))
    declared = {(type(item) is Socket, item.path): item for item in DECLARED}

    for route in routes:
        assert isinstance(route, Route | WebSocketRoute), "mounts would hide routes from this test"
        item = declared[isinstance(route, WebSocketRoute), route.path]
        assert item.access in {"public", "edit"}
        assert route.endpoint is item.endpoint
    assert len(routes) == len(DECLARED)


def test_S1_a_route_without_a_policy_is_behind_the_gate_all_the_same():
    """Somebody adds a route past the table: it is not admitted without the token."""
    assert is_refused(scope("/forgotten"), status=401)
    assert is_refused(scope("/forgotten", kind="websocket", origin=ORIGIN), status=401)


def test_S1_only_built_files_are_public():
    assert {item.path for item in DECLARED if item.access == "public"} == {"/favicon.svg", "/assets/{name:path}"}


def test_S1_every_route_refuses_without_credentials(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            statuses = {}
            for item in DECLARED:
                if item.access == "public":
                    continue
                if isinstance(item, Page):
                    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
                        statuses[item.path, method] = (await server.get(item.path, method=method)).status
                else:
                    statuses[item.path, "socket"] = await refused_socket(server, item.path, origin=server.origin)
            connected = len(server.session._outboxes)
            return statuses, connected

    statuses, connected = run(story())
    assert set(statuses.values()) <= {401, 403}
    assert len(statuses) > len(DECLARED)
    assert connected == 0


def test_S1_what_does_not_exist_is_not_told_from_what_does():
    assert verdict(scope("/nothing")) == verdict(scope("/"))


# -- S2: the WebSocket handshake


def test_S2_a_socket_needs_credentials():
    assert is_refused(socket_scope(origin=ORIGIN), status=401)
    assert is_refused(socket_scope(origin=ORIGIN, authorization="Bearer wrong"), status=401)
    assert is_refused(socket_scope(origin=ORIGIN, authorization="Bearer "), status=401)
    assert is_refused(socket_scope(origin=ORIGIN, authorization=f"Basic {TOKEN}"), status=401)
    assert is_refused(socket_scope(origin=ORIGIN, cookie=f"quire-2718={TOKEN}"), status=401)
    assert is_refused(socket_scope(origin=ORIGIN, cookie="quire-2718="), status=401)
    assert is_refused(scope("/socket", kind="websocket", origin=ORIGIN, query=f"token={TOKEN}"), status=401)


def test_S2_a_cookie_of_another_token_is_worthless():
    assert is_refused(socket_scope(origin=ORIGIN, cookie=cookie(keys("another"))), status=401)


def test_S2_our_own_page_is_admitted():
    assert verdict(socket_scope(origin=ORIGIN, cookie=cookie())) == Admit()
    assert verdict(socket_scope(origin=ORIGIN, cookie=f"other=1; {cookie()}", sec_fetch_site="same-origin")) == Admit()
    assert verdict(socket_scope(authorization=f"Bearer {TOKEN}")) == Admit()


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        None,
        "",
        f"http://{HOST}.evil.example",
        "http://127.0.0.1.evil.example:2718",
        "http://127.0.0.1:2719",
        "http://127.0.0.1",
        "http://localhost:2718",
        f"ws://{HOST}",
        f"http://{HOST}/",
        f"http://user@{HOST}",
        f"http://evil.example/{HOST}",
    ],
)
def test_S2_another_origin_with_a_good_cookie_is_refused(origin):
    assert is_refused(socket_scope(origin=origin, cookie=cookie()), status=403)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_S2_another_site_with_a_good_cookie_is_refused(site):
    assert is_refused(socket_scope(origin=ORIGIN, cookie=cookie(), sec_fetch_site=site), status=403)


def test_S2_a_foreign_origin_is_refused_even_with_the_token():
    assert is_refused(socket_scope(origin="https://evil.example", authorization=f"Bearer {TOKEN}"), status=403)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:2718",
        "127.0.0.1.evil.example",
        "localhost.evil.example:2718",
        "127.0.0.1@evil.example",
        "127.0.0.1:2718, evil.example",
        "[::1].evil.example",
        "[evil.example]",
        "192.168.1.5",
        "",
        None,
    ],
)
def test_S2_a_name_that_was_rebound_to_us_is_refused(host):
    """With everything else in order."""
    for request in (
        scope(host=host, cookie=cookie()),
        scope(host=host, authorization=f"Bearer {TOKEN}"),
        scope(host=host, query=f"token={TOKEN}"),
        scope("/assets/edit.js", host=host),
        socket_scope(host=host, origin=f"http://{host}", cookie=cookie()),
    ):
        assert is_refused(request, status=403)


def test_S2_two_hosts_are_refused(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            head = f"GET / HTTP/1.1\nHost: {server.host}\nHost: evil.example\nAuthorization: Bearer {TOKEN}\nConnection: close"
            return await server.send(head)

    assert run(story()).status in {400, 403}


@pytest.mark.parametrize("host", ["localhost:2718", "LOCALHOST", "127.0.0.1:9999", "[::1]:2718", "[::1]"])
def test_S2_names_of_this_machine_are_ours_whatever_the_port(host):
    """A tunnel or a container may show another port."""
    assert verdict(scope(host=host, cookie=cookie())) == Admit()


def test_S2_listening_everywhere_takes_addresses_but_no_foreign_names():
    everywhere = keys(address=Address("0.0.0.0", 2718), names=frozenset({"workstation"}))
    for host in ("192.168.1.5:2718", "[fe80::1]:2718", "workstation:2718"):
        assert verdict(scope(host=host, cookie=cookie(everywhere)), everywhere) == Admit()
    assert is_refused(scope(host="evil.example", cookie=cookie(everywhere)), everywhere, status=403)


def test_S2_without_a_token_other_sites_are_kept_out_all_the_same():
    free = keys(None)
    assert verdict(scope(), free) == Admit()
    assert verdict(socket_scope(origin=ORIGIN), free) == Admit()
    for origin in ("https://evil.example", "null", None):
        assert is_refused(socket_scope(origin=origin), free, status=403)
    assert is_refused(scope(host="evil.example"), free, status=403)


def test_S2_refused_handshakes_never_reach_the_session(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            cookie = await server.cookie()
            evil = await refused_socket(server, origin="https://evil.example", additional_headers={"Cookie": cookie})
            missing = await refused_socket(server, additional_headers={"Cookie": cookie})
            wrong = await refused_socket(server, additional_headers={"Authorization": "Bearer wrong"})
            connected = len(server.session._outboxes)
            good = await refused_socket(server, origin=server.origin, additional_headers={"Cookie": cookie})
            return evil, missing, wrong, connected, good

    assert run(story()) == (403, 403, 401, 0, 101)


# -- S4: cross-site requests


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "get"])
def test_S4_a_cross_site_request_with_a_good_cookie_is_refused(method):
    for headers in ({"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}, {"origin": "null"}, {}):
        assert is_refused(scope(method=method, cookie=cookie(), **headers), status=403)


def test_S4_a_method_cannot_be_overridden(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            reply = await server.get(token=TOKEN, X_HTTP_Method_Override="POST", method="GET")
            posted = await server.get("/", token=TOKEN, method="POST")
            return reply.status, posted.status

    assert run(story())[1] == 405


# -- S5: reading changes nothing


def test_S5_reading_every_route_changes_nothing(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            before = server.session.state.document
            for item in DECLARED:
                if isinstance(item, Page):
                    await server.get(item.path, token=TOKEN)
            return server.session.state.document is before, (tmp_path / "nb.py").read_text()

    assert run(story()) == (True, NOTEBOOK)


# -- S6: redirects


def test_S6_the_redirect_goes_to_the_page_and_nowhere_else(tmp_path):
    async def story():
        async with serving(tmp_path, base="/notes") as server:
            queries = (
                "next=//evil.example",
                "next=https:evil",
                "next=%2f%2fevil",
                "a=b%0d%0aX:%20y",
                "next=/\\evil",
            )
            address = f"/notes/?token={TOKEN}&"
            return [await server.get(address + query, X_Forwarded_Host="evil.example") for query in queries]

    for reply in run(story()):
        assert (reply.status, reply.headers["location"]) == (303, "/notes/")


@pytest.mark.parametrize("path", ["//evil", "/\\evil", "https://evil", "evil", "", "\\\\evil"])
def test_S6_the_one_redirect_function_takes_paths_only(path):
    with pytest.raises(ValueError, match="not a path of this server"):
        redirect(path)


@pytest.mark.parametrize("base", ["//evil", "/a b", "/a/../b", "/a\nb", "/<b>", "/a?b", "/é", "/a//b"])
def test_S6_a_base_url_is_a_plain_path(base):
    if base == "//evil":
        assert clean_base(base) == "/evil"
    else:
        with pytest.raises(ValueError, match="cannot be a base URL"):
            clean_base(base)


def test_S6_slashes_are_not_redirected(tmp_path):
    """The framework would redirect to the `Host` of the request."""

    async def story():
        async with serving(tmp_path, base="/notes") as server:
            return [
                (await server.get(path, token=TOKEN)).status for path in ("/notes", "/notes/socket/", "//evil.example")
            ]

    assert run(story()) == [404, 404, 404]


# -- S7, S8: files


@pytest.mark.parametrize(
    "name",
    [
        "../manifest.json",
        "..%2fmanifest.json",
        "%2e%2e/manifest.json",
        "%2e%2e%2fmanifest.json",
        "%252e%252e%252fmanifest.json",
        "..%5cmanifest.json",
        "....//manifest.json",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "C:%5cWindows%5cwin.ini",
        "%5c%5chost%5cshare",
        "edit.js%00.css",
        "%c0%ae%c0%ae/manifest.json",
        "../assets-secret/key",
        "EDIT.JS",
        "edit.js.",
        "edit.js%20",
        "edit.js::$DATA",
        "edit.js/",
        "",
        ".",
        "edit.js.br",
        "/proc/self/environ",
    ],
)
def test_S7_only_the_built_files_are_served(tmp_path, monkeypatch, name):
    from quire.server import http
    from quire.server.assets import find_assets

    assets = tmp_path / "static" / "assets"
    assets.mkdir(parents=True)
    (assets / "edit.js").write_text("built")
    (assets / "edit.js.br").write_text("built, compressed")
    (tmp_path / "static" / "manifest.json").write_text("{}")
    (tmp_path / "static" / "assets-secret").mkdir()
    (tmp_path / "static" / "assets-secret" / "key").write_text("secret")
    found = find_assets(tmp_path / "static")
    monkeypatch.setattr(http, "find_assets", lambda: found)

    async def story():
        async with serving(tmp_path) as server:
            there = await server.get("/assets/edit.js")
            return there.text, await server.get(f"/assets/{name}", token=TOKEN)

    there, reply = run(story())
    assert there == "built"
    assert reply.status == 404
    assert "secret" not in reply.text


def test_S8_the_notebook_and_its_neighbours_are_not_served(tmp_path):
    (tmp_path / ".env").write_text("KEY=secret")

    async def story():
        async with serving(tmp_path) as server:
            return [
                await server.get(path, token=TOKEN)
                for path in ("/nb.py", "/.env", "/assets/.env", "/static/manifest.json")
            ]

    assert {reply.status for reply in run(story())} == {404}


# -- S10: markup


def test_S10_a_title_is_text_in_the_page(tmp_path):
    title = "</script><script>alert(1)</script><!-- \\u2028 & \\\" ' <b>"
    text = NOTEBOOK.replace('"A title"', f'"{title}"')

    async def story():
        async with serving(tmp_path, text=text) as server:
            return await server.get(token=TOKEN)

    page = run(story()).text
    assert "<script>alert" not in page
    assert page.count("<script") == page.count("</script>")
    assert "<b>" not in page
    assert "<!--" not in page


def test_S10_a_refusal_repeats_nothing_of_the_request(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            return [
                await server.get("/<script>alert(1)</script>"),
                await server.get("/?token=<script>alert(1)</script>"),
                await server.get("/<script>alert(1)</script>", token=TOKEN),
            ]

    for reply in run(story()):
        assert b"alert" not in reply.body


# -- S19: the token


def test_S19_the_token_leaves_the_address_at_once(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            exchanged = await server.get(f"/?token={TOKEN}")
            cookie = exchanged.cookies[0].split(";")[0]
            page = await server.get(Cookie=cookie)
            again = await server.get(f"/?token={TOKEN}", Cookie=cookie)
            stale = await server.get("/?token=old", Cookie=cookie)
            return exchanged, page, again, stale

    exchanged, page, again, stale = run(story())
    assert (exchanged.status, exchanged.headers["location"]) == (303, "/")
    assert TOKEN not in exchanged.cookies[0]
    assert TOKEN not in page.text
    assert page.status in {200, 503}  # the editor may not be built here
    for reply in (again, stale):
        assert (reply.status, reply.headers["location"], reply.cookies) == (303, "/", ())


def test_S19_the_token_is_in_no_log(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)

    async def story():
        async with serving(tmp_path) as server:
            await server.get(f"/?token={TOKEN}")
            await server.get(f"/missing?token={TOKEN}")
            await server.get(f"/?token={TOKEN}&token=two")
            await server.get("/", token=TOKEN)
            await refused_socket(server, f"/socket?token={TOKEN}", origin=server.origin)
            await server.send(
                f"GET /?token={TOKEN} HTTP/1.1\nHost: {server.host}\nBroken header {TOKEN}\nConnection: close"
            )
            async with server.page() as page:
                await page.first(n.NotebookOpened)
                await page.socket.send(b"\xc1")
                await page.ended()

    run(story())
    ours = [record for record in caplog.records if not record.name.startswith("websockets.client")]
    assert not any(TOKEN in record.getMessage() for record in ours)
    printed = capfd.readouterr()
    assert TOKEN not in printed.out + printed.err


def test_S19_another_token_ends_all_cookies():
    before = keys("old")

    assert is_refused(scope(cookie=cookie(before)), keys("new"), status=401)


def test_S19_a_ticket_opens_the_page_once():
    """The browser is started with a ticket in its arguments, which other users of the machine may see."""
    having = keys()
    having.issue_ticket("ticket")

    assert isinstance(verdict(scope(query="token=ticket"), having), Exchange)
    assert is_refused(scope(query="token=ticket"), having, status=401)


def test_S19_a_ticket_expires():
    now = [0.0]
    having = keys(clock=lambda: now[0])
    having.issue_ticket("ticket", seconds=10)
    now[0] = 11

    assert is_refused(scope(query="token=ticket"), having, status=401)


def test_S19_an_empty_token_is_none_at_all():
    with pytest.raises(ValueError, match="would let everybody in"):
        keys("")
    assert is_refused(scope(query="token="), status=401)
    assert is_refused(scope(query=f"token={TOKEN}&token={TOKEN}"), status=401)


@pytest.mark.parametrize("token", ["é", "😀", "\udcff", "%", TOKEN[:-1], f"{TOKEN} ", TOKEN.upper()])
def test_S19_odd_tokens_are_wrong_tokens(token):
    from urllib.parse import quote

    assert is_refused(scope(query=f"token={quote(token, errors='surrogateescape')}"), status=401)


# -- S20: the cookie


def test_S20_the_cookie_is_narrow(tmp_path):
    async def story():
        async with serving(tmp_path, base="/notes") as server:
            reply = await server.get(f"/notes/?token={TOKEN}")
            return server.address.port, reply.cookies

    port, (value,) = run(story())
    assert value.startswith(f"quire-{port}=")
    assert {part.strip().lower() for part in value.split(";")[1:]} == {"httponly", "path=/notes/", "samesite=strict"}


def test_S20_servers_on_one_host_keep_their_cookies_apart():
    other = keys(address=Address("127.0.0.1", 2719))

    assert other.cookie_name != keys().cookie_name
    assert is_refused(scope(cookie=cookie(other)), status=401)


def test_S20_a_page_that_another_site_opened_asks_again_by_itself(tmp_path):
    """A strict cookie is not sent then; a reload of our own is, and does not reload once more."""

    async def story():
        async with serving(tmp_path) as server:
            return await server.get(Sec_Fetch_Site="cross-site"), await server.get(Sec_Fetch_Site="same-origin")

    led, own = run(story())
    assert 'http-equiv="refresh" content="0; url=/"' in led.text
    assert "refresh" not in own.text


# -- S21: guessing


def test_S21_many_wrong_tokens_stop_the_right_one_for_a_while():
    now = [0.0]
    having = keys(clock=lambda: now[0])
    for number in range(WRONG_TOKENS):
        assert is_refused(scope(query=f"token=guess{number}"), having, status=401)

    assert is_refused(scope(query=f"token={TOKEN}"), having, status=429)
    assert is_refused(scope(authorization=f"Bearer {TOKEN}"), having, status=429)
    assert verdict(scope(cookie=cookie(having)), having) == Admit()
    now[0] = WRONG_SECONDS + 1
    assert isinstance(verdict(scope(query=f"token={TOKEN}"), having), Exchange)


# -- S22, S23: headers


EXPECTED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def test_S22_every_answer_carries_the_headers(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            return [
                await server.get(),
                await server.get(token=TOKEN),
                await server.get("/missing", token=TOKEN),
                await server.get("/", token=TOKEN, method="POST"),
                await server.get(f"/?token={TOKEN}"),
                await server.get("/favicon.svg"),
                await server.get("/assets/missing.js"),
                await server.get("/", Host="evil.example"),
            ]

    for reply in run(story()):
        assert {name: reply.headers.get(name) for name in EXPECTED} == EXPECTED
        policy = dict(part.split(" ", 1) for part in reply.headers["content-security-policy"].split("; "))
        assert (
            policy["default-src"]
            == policy["base-uri"]
            == policy["form-action"]
            == policy["frame-ancestors"]
            == "'none'"
        )
        assert policy["script-src"] == "'self'"
        assert "unsafe" not in policy["style-src"]
        assert "server" not in reply.headers


def test_S22_pages_are_not_kept(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            return [await server.get(), await server.get(token=TOKEN), await server.get(f"/?token={TOKEN}")]

    assert {reply.headers["cache-control"] for reply in run(story())} == {"no-store"}


def test_S23_no_address_answers_with_data_that_a_script_could_include():
    """What a script element can ask for is a page, an attachment, or a frame, whose name nobody guesses."""
    assert [
        item.path for item in DECLARED if isinstance(item, Page) and item.access != "public" and item.method == "GET"
    ] == [
        "/",
        "/home",
        "/api/files/download/{path:path}",
        "/edit/{path:path}",
        "/frame/{name:path}",
    ]


# -- S24: denial


def test_S24_connections_that_say_nothing_do_not_keep_others_out(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            silent = [await asyncio.open_connection("127.0.0.1", server.address.port) for _ in range(200)]
            for _, writer in silent:
                writer.write(b"GET / HTTP/1.1\r\nHost:")
            reply = await server.get("/favicon.svg")
            for _, writer in silent:
                writer.close()
            return reply.status

    assert run(story()) == 200


def test_S24_endless_headers_are_refused(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            try:
                reply = await server.send(f"GET / HTTP/1.1\nHost: {server.host}\nX: " + "x" * 200_000)
            except ConnectionResetError:
                return "cut off"
            return reply.status

    assert run(story()) in {"cut off", 400, 431}


def test_S24_compressed_frames_are_not_taken(tmp_path):
    """A small frame cannot become a large one."""

    async def story():
        async with serving(tmp_path) as server:
            from websockets.asyncio.client import connect

            uri = f"ws://{server.host}/socket"
            async with connect(uri, additional_headers={"Authorization": f"Bearer {TOKEN}"}) as socket:
                return socket.response.headers.get("Sec-WebSocket-Extensions")

    assert run(story()) is None


def test_S24_a_flood_of_commands_leaves_others_served(tmp_path):
    async def story():
        async with serving(tmp_path) as server, server.page() as flooding, server.page() as other:
            await other.first(n.NotebookOpened)
            for _ in range(20):
                await flooding.ask(*[c.RenameCell(cell="none", name="x", request=1)] * 500)
            await other.ask(c.Save(request=2))
            return await other.until(lambda notice: notice == n.CommandAnswered(request=2))

    assert run(story())


# -- S28: listening beyond this machine


def test_S28_only_loopback_may_go_without_a_token():
    assert [is_loopback(host) for host in ("127.0.0.1", "localhost", "::1", "127.8.8.8")] == [True] * 4
    assert [is_loopback(host) for host in ("0.0.0.0", "::", "192.168.1.5", "", "example.org", "127.evil.example")] == [
        False
    ] * 6


# -- S33: nothing from elsewhere


def test_S33_the_page_loads_nothing_from_elsewhere(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            return (await server.get(token=TOKEN)).text

    assert "//" not in run(story()).replace("<!doctype", "")
