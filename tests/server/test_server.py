"""The server does what a page and a person need of it."""

import asyncio
import base64
import contextlib
import json
import re

import msgspec
from websockets.exceptions import ConnectionClosed

from quire.ids import CellId
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.codec import encode
from quire.protocol.messages import Update
from quire.server import http, routes
from quire.server.assets import Asset, Assets, Entry, find_assets
from quire.server.file_routes import FILE_ROUTES
from quire.server.pages import escape_json

from .serving import TOKEN, serving, texts_of


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def test_the_page_names_its_socket_and_its_assets(tmp_path, monkeypatch):
    entry = Entry("assets/edit-1.js", ("assets/edit-1.css",), ("assets/shared-1.js",))
    monkeypatch.setattr(http, "find_assets", lambda: Assets({}, {"edit": entry}))

    async def story():
        async with serving(tmp_path, base="/notes") as server:
            return await server.get("/notes/", token=TOKEN)

    page = run(story())
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<script type="module" src="/notes/assets/edit-1.js"></script>' in page.text
    assert '<link rel="stylesheet" href="/notes/assets/edit-1.css">' in page.text
    assert '<link rel="modulepreload" href="/notes/assets/shared-1.js">' in page.text
    assert '<div id="app">' in page.text
    data = json.loads(re.search(r'id="quire-page">(.*?)</script>', page.text)[1])
    assert data.pop("page")
    assert {"theme", "width", "codeSize", "keymap", "overrides", "complaints"} <= set(data)
    data = {name: data[name] for name in ("socket", "base", "title", "home")}
    assert data == {"socket": "/notes/socket", "base": "/notes", "title": "A title", "home": True}
    nonce = re.search(r'name="quire-nonce" content="([^"]+)"', page.text)[1]
    assert f"'nonce-{nonce}'" in page.headers["content-security-policy"]


def test_every_page_has_a_nonce_of_its_own(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            return [await server.get(token=TOKEN) for _ in range(2)]

    one, other = run(story())
    assert one.headers["content-security-policy"] != other.headers["content-security-policy"]


def test_a_tree_without_the_editor_says_how_to_build_it(tmp_path, monkeypatch):
    monkeypatch.setattr(http, "find_assets", lambda: find_assets(tmp_path))

    async def story():
        async with serving(tmp_path) as server:
            return await server.get(token=TOKEN)

    page = run(story())
    assert page.status == 503
    assert "python build_frontend.py" in page.text


def built(tmp_path) -> Assets:
    """A front end as the build leaves it."""
    assets = tmp_path / "static" / "assets"
    assets.mkdir(parents=True)
    (assets / "edit-1.js").write_text("plain")
    (assets / "edit-1.js.br").write_text("brotli")
    (assets / "edit-1.js.gz").write_text("gzip")
    (assets / "font-1.woff2").write_text("font")
    manifest = {
        "src/app/edit.tsx": {"file": "assets/edit-1.js", "imports": ["_s"]},
        "_s": {"file": "assets/s-1.js", "css": ["assets/s.css"]},
    }
    (tmp_path / "static" / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "static" / "secret.txt").write_text("not an asset")
    return find_assets(tmp_path / "static")


def test_the_manifest_tells_what_a_page_loads(tmp_path):
    assert built(tmp_path).entries["edit"] == Entry("assets/edit-1.js", ("assets/s.css",), ("assets/s-1.js",))


def test_assets_come_as_small_as_the_browser_takes_them(tmp_path, monkeypatch):
    found = built(tmp_path)
    monkeypatch.setattr(http, "find_assets", lambda: found)

    async def story():
        async with serving(tmp_path) as server:
            ask = lambda accepted: server.get("/assets/edit-1.js", Accept_Encoding=accepted)  # noqa: E731
            return [
                await ask(accepted)
                for accepted in ("gzip, deflate, br, zstd", "gzip", "br;q=0, gzip;q=0.5", "identity")
            ]

    replies = run(story())
    assert [reply.text for reply in replies] == ["brotli", "gzip", "gzip", "plain"]
    assert [reply.headers.get("content-encoding") for reply in replies] == ["br", "gzip", "gzip", None]
    for reply in replies:
        assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert reply.headers["vary"] == "Accept-Encoding"


def test_an_asset_without_compressed_forms_is_sent_as_it_is(tmp_path):
    assert built(tmp_path).files["assets/font-1.woff2"] == Asset(
        tmp_path / "static" / "assets" / "font-1.woff2", "font/woff2", {}
    )


def test_the_icon_is_an_image(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            return await server.get("/favicon.svg")

    icon = run(story())
    assert (icon.status, icon.headers["content-type"]) == (200, "image/svg+xml")


def test_data_in_the_page_cannot_end_its_script():
    assert "<" not in escape_json({"title": "</script><!--"})
    assert json.loads(escape_json({"title": "</script>\u2028"})) == {"title": "</script>\u2028"}


# -- the socket


def test_a_page_gets_everything_and_then_what_happens(tmp_path):
    async def story():
        async with serving(tmp_path) as server, server.page() as page:
            opened = await page.first(n.NotebookOpened)
            await page.until(lambda notice: server.session.state.kernel == "idle")
            async with server.page() as late:
                return opened, await late.first(n.NotebookOpened)

    opened, late = run(story())
    assert [cell.code for cell in opened.cells] == ["x = 1\nx", "y = x + 1\ny"]
    assert [cell.output.text for cell in late.cells] == ["1", "2"]
    assert opened.client_id != late.client_id
    assert opened.epoch == late.epoch


def test_an_edit_is_seen_by_others_saved_and_run(tmp_path):
    async def story():
        async with serving(tmp_path) as server, server.page() as one, server.page() as other:
            first = (await one.first(n.NotebookOpened)).cells[0].id
            await one.ask(
                c.PushUpdates(cell=first, version=0, updates=[Update(client_id="me", changes=[4, [1, "5"], 2])])
            )
            accepted = await other.first(n.UpdatesAccepted)
            await one.ask(c.RunCells(cells=[first], request=1), c.Save(request=2))
            await one.until(lambda notice: notice == n.CommandAnswered(request=2))
            output = await other.until(lambda notice: "6" in texts_of(notice).values())
            await other.until(lambda notice: notice == n.SaveChanged(status="saved"))
            return accepted, output, (tmp_path / "nb.py").read_text()

    accepted, output, text = run(story())
    assert accepted.updates[0].client_id == "me"
    assert "6" in texts_of(output).values()
    assert "x = 5\n" in text


def test_the_kernel_goes_on_without_a_page(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            async with server.page() as page:
                first = (await page.first(n.NotebookOpened)).cells[0].id
                await page.ask(c.RunCells(cells=[first], request=1))
                await page.until(lambda notice: notice == n.CommandAnswered(request=1))
            async with server.page() as page:
                await page.first(n.NotebookOpened)
                return len(server.kernels), server.kernels[0].closed

    assert run(story()) == (1, False)


def test_a_dead_kernel_is_told_and_replaced(tmp_path):
    async def story():
        async with serving(tmp_path) as server, server.page() as page:
            await page.until(lambda notice: server.session.state.kernel == "idle")
            server.kernels[0].die()
            dead = await page.until(lambda notice: isinstance(notice, n.KernelChanged) and notice.status == "dead")
            await page.ask(c.RestartKernel())
            await page.until(lambda notice: isinstance(notice, n.KernelChanged) and notice.status == "starting")
            await page.until(lambda notice: server.session.state.kernel == "idle")
            return dead, len(server.kernels)

    dead, kernels = run(story())
    assert "SIGKILL" in dead.message
    assert kernels == 2


def closing(tmp_path, frame) -> tuple[int, str]:
    """How the server ends the connection of a page that sends this; the others go on."""

    async def story():
        async with serving(tmp_path) as server, server.page() as healthy:
            await healthy.first(n.NotebookOpened)
            async with server.page() as page:
                await page.first(n.NotebookOpened)
                with contextlib.suppress(ConnectionClosed):
                    await page.socket.send(frame)
                closed = (await page.ended()).rcvd
            await healthy.ask(c.Save(request=9))
            await healthy.until(lambda notice: notice == n.CommandAnswered(request=9))
            return closed.code, closed.reason

    return run(story())


def test_a_frame_that_is_not_one_ends_that_page_only(tmp_path):
    assert closing(tmp_path, b"\xc1")[0] == 1007
    assert closing(tmp_path, "text") == (1007, "frames are binary")
    code, reason = closing(tmp_path, b"\x91\x81\xa4kind\xa9launchNow")
    assert (code, "launchNow" in reason) == (1007, True)


def test_nested_data_ends_that_page_only(tmp_path):
    nested = b"\x91\x82\xa4kind\xabsetElements\xa6values\x81\xa3x-0" + b"\x91" * 200_000 + b"\xc0"

    assert closing(tmp_path, nested)[0] == 1007


def test_a_frame_that_is_too_large_ends_that_page_only(tmp_path):
    assert closing(tmp_path, b"\x00" * (17 * 1024 * 1024))[0] == 1009


def test_pages_are_let_go_when_the_server_stops(tmp_path):
    async def story():
        async with serving(tmp_path) as server, server.page() as page:
            await page.first(n.NotebookOpened)
            await server.session.close()
            return (await page.ended()).rcvd.code

    assert run(story()) == 1001


def test_what_waits_for_a_page_that_reads_nothing_stays_small(tmp_path):
    """Half a gigabyte is told to a page that has stopped reading; when it reads again, it has everything."""

    async def story():
        async with serving(tmp_path) as server, server.page() as page:
            cell = (await page.first(n.NotebookOpened)).cells[0]
            (outbox,) = server.session._outboxes.values()
            page.socket.transport.pause_reading()
            sizes = []
            for number in range(500):
                outbox.put(n.CellReplaced(cell=msgspec.structs.replace(cell, code="x" * 1_000_000)))
                await asyncio.sleep(0)
                if number % 50 == 0:
                    sizes.append(len(encode([notice for notice in outbox._waiting if notice is not None])))
            page.socket.transport.resume_reading()
            page.notices.clear()
            await page.ask(c.Save(request=3))
            await page.until(lambda notice: notice == n.CommandAnswered(request=3))
            return max(sizes), (await page.first(n.NotebookOpened)).cells[0].code

    size, code = run(story())
    assert size < 10_000_000
    assert code == "x = 1\nx"


def test_a_frame_is_served_to_those_who_have_the_cookie_under_a_policy_of_its_own(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            page = await server.get("/frame/" + "0" * 32, token=TOKEN)
            assert page.status == 404
            frames = {CellId("a"): {"f" * 32: base64.b64encode(b"<b>x</b>").decode()}}
            server.session.state = msgspec.structs.replace(server.session.state, frames=frames)
            reply = await server.get("/frame/" + "f" * 32, token=TOKEN)
            assert (await server.get("/frame/" + "f" * 32)).status == 401
            return reply

    reply = asyncio.run(story())
    assert reply.status == 200
    assert reply.text.endswith("\n<b>x</b>")
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in policy
    assert "'self'" not in policy.partition("default-src")[2].partition(";")[0]
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_the_page_of_a_rule_explains_it_to_those_who_may_edit(tmp_path, monkeypatch):
    entry = Entry("assets/edit-1.js", ("assets/edit-1.css",), ())
    monkeypatch.setattr(http, "find_assets", lambda: Assets({}, {"edit": entry}))

    async def story():
        async with serving(tmp_path) as server:
            asked = [
                ("/rules/QR004", TOKEN),
                ("/rules/QR999", TOKEN),
                ("/rules/..%2F..%2Fnb", TOKEN),
                ("/rules/QR004", None),
            ]
            return [await server.get(path, token=token) for path, token in asked]

    page, *others = run(story())
    assert page.status == 200
    assert "QR004: unused-cell</h1>" in page.text
    assert "<script" not in page.text
    assert [reply.status for reply in others] == [404, 404, 401]


def test_the_routes_are_those_declared():
    assert [item.path for item in routes.DECLARED] == [
        "/",
        "/home",
        *(item.path for item in FILE_ROUTES),
        "/api/settings/change",
        "/rules/{code}",
        "/edit/{path:path}",
        "/frame/{name:path}",
        "/favicon.svg",
        "/assets/{name:path}",
        "/socket",
        "/socket/{path:path}",
    ]
