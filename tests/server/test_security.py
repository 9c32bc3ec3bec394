"""The security cases S1 to S33 that apply to the routes there are, each under its number.

S19 to S21 are in `test_credentials.py`, S24 in `test_denial.py`, S25 to S27 in `test_visitors.py`, what files add to S7
and S8 in `test_files.py`. S13 to S18 and S29 to S32 are about exports, packages and terminals: tested when they come.
"""

import pytest
from starlette.routing import Route, WebSocketRoute

from quire.server.address import Address, clean_base, is_loopback
from quire.server.app import make_app
from quire.server.assets import Assets
from quire.server.gate import Admit
from quire.server.pages import redirect
from quire.server.policy import Page, Socket
from quire.server.routes import DECLARED

from .gates import (
    HOST,
    ORIGIN,
    cookie,
    is_refused,
    keys,
    refused_socket,
    run,
    scope,
    socket_scope,
    verdict,
)
from .serving import NOTEBOOK, TOKEN, serving

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
        "/rules/{code}",
        "/edit/{path:path}",
        "/frame/{name:path}",
    ]


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


def test_a_proxy_in_front_is_a_name_of_ours_and_no_other_name_is():
    """S1: DNS rebinding needs a name that is answered to."""
    behind = keys(address=Address("127.0.0.1", 2718, proxy="https://notes.example.com"))
    headers = {"host": "notes.example.com", "origin": "https://notes.example.com", "cookie": cookie(behind)}

    assert not is_refused(socket_scope(**headers), behind)
    assert is_refused(socket_scope(**headers))
    assert is_refused(socket_scope(**{**headers, "host": "other.example.com"}), behind)
    assert is_refused(socket_scope(**{**headers, "origin": "https://other.example.com"}), behind)
    assert is_refused(socket_scope(**{**headers, "cookie": ""}), behind)
    assert behind.address.url("t") == "https://notes.example.com/?token=t"
