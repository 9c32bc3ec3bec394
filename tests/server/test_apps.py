"""Apps and their visitors: S25 (one visitor knows nothing of another), S26 (no source), S27 (no command but values)."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest

from quire.config.schema import Run
from quire.ids import CellId
from quire.kernel.fake import FakeKernel
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.codec import encode
from quire.server import http
from quire.server.address import Address, bind_socket
from quire.server.app_routes import APP_ROUTES
from quire.server.policy import Page, Socket
from quire.server.routes import DECLARED
from quire.server.visitors import App, AppOptions, Visitors
from quire.session.screen import Shown
from quire.session.state import Place
from tests.session.test_screen import example

from .serving import DEADLINE, Reply, texts_of
from .serving import Page as Visit
from .serving import Serving as Client

APP = """import quire

app = quire.App(app_title="An app", width="medium")

with app.setup:
    MARKERSETUP = 1  # MARKERCOMMENT


@app.cell
def markername():
    import quire as qr

    slider = qr.ui.slider(1, 9, value=4, label="How many")
    slider
    return qr, slider


@app.cell
def _(slider):
    markervariable = slider.value * 10  # MARKERCOMMENT
    print("MARKERPRINTED")
    markervariable
    return (markervariable,)


@app.cell
def _():
    def markerfunction():
        return 1 / 0  # MARKERCOMMENT

    markerfunction()
    return (markerfunction,)


@app.cell
def _(qr):
    sorted(qr.query_params().items())
    return


@app.cell
def _():
    twice = "MARKERTWICE"
    return (twice,)


@app.cell
def _():
    twice = 2
    return (twice,)


@app.cell
def _(twice):
    twice
    return


@app._unparsable_cell("MARKERBROKEN = (")
if __name__ == "__main__":
    app.run()
""".replace('@app._unparsable_cell("MARKERBROKEN = (")\n', 'app._unparsable_cell("MARKERBROKEN = (")\n\n\n')
MARKERS = [b"marker", b"MARKER", b"twice", b"nb.py"]
TAB, OTHER_TAB = "a" * 32, "b" * 32


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


class Apps(Client):
    """A running server of apps."""

    visitors: Visitors

    @contextlib.asynccontextmanager
    async def visit(
        self, tab: str = TAB, *, cookie: str = "c", query: str = "", path: str = "/socket"
    ) -> AsyncIterator[Visit]:
        address = f"{path}?tab={tab}&query={query}"
        headers = {"Cookie": f"quire-visitor-{self.address.port}={cookie}"}
        async with self.connect(address, origin=self.origin, additional_headers=headers) as socket:
            yield Visit(socket)


@contextlib.asynccontextmanager
async def serving_apps(
    directory: Path,
    *,
    token: str | None = None,
    names: tuple[str, ...] = ("nb",),
    text: str = APP,
    settings: Run | None = None,
    **options,
) -> AsyncIterator[Apps]:
    kernels: list[FakeKernel] = []

    def make_kernel() -> FakeKernel:
        kernels.append(FakeKernel())
        return kernels[-1]

    apps = {}
    for name in names:
        path = directory / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        apps[name] = App(Place(str(path), f"{name}.py", str(directory)), settings)
    visitors = Visitors(apps, AppOptions(**options), make_kernel)
    listening = bind_socket("127.0.0.1", 0)
    address = Address("127.0.0.1", listening.getsockname()[1])
    server = http.make_server(visitors, address, token)
    visitors.start()
    running = asyncio.create_task(server.serve(sockets=[listening]))
    client = Apps(None, None, address, kernels, server)  # type: ignore[arg-type]
    client.visitors = visitors
    try:
        yield client
    finally:
        await visitors.close()
        server.should_exit = True
        await running


async def wait_for(fact) -> None:
    async with asyncio.timeout(DEADLINE):
        while not fact():
            await asyncio.sleep(0.005)


def showing(words: str, *, whole: bool = False):
    """A cell shows these words, and, if asked for, nothing else."""
    return lambda notice: any(text == words if whole else words in text for text in texts_of(notice).values())


def cell_showing(words: str, notice: object) -> CellId:
    return next(cell for cell, text in texts_of(notice).items() if words in text)


async def settled(visit: Visit) -> n.NotebookOpened:
    """The state, when everything has run."""
    opened = await visit.first(n.NotebookOpened)
    await visit.until(lambda m: isinstance(m, n.KernelChanged | n.NotebookOpened) and getattr(m, "status", m) == "idle")
    await visit.until(showing("40"))
    return opened


# -- what a visitor gets


def test_a_visitor_sees_outputs_and_moves_elements(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server, server.visit() as visit:
            opened = await settled(visit)
            markup = await visit.until(showing("How many"))
            await visit.ask(c.SetElements(values={f"{cell_showing('How many', markup)}-0": 7}))
            await visit.until(showing("70", whole=True))
            return opened

    opened = run(story())
    assert opened.title == "An app"
    assert len(opened.cells) == 9


def test_each_visitor_has_a_kernel_and_values_of_their_own(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server, server.visit() as one, server.visit(OTHER_TAB) as other:
            await settled(one)
            await settled(other)
            markup = await one.until(showing("How many"))
            await one.ask(c.SetElements(values={f"{cell_showing('How many', markup)}-0": 7}))
            await one.until(showing("70", whole=True))
            async with server.visit(OTHER_TAB) as again:
                state = await again.first(n.NotebookOpened)
            return len(server.kernels), [cell.output.text for cell in state.cells if cell.output], state.elements

    kernels, outputs, elements = run(story())
    assert kernels == 2
    assert "40" in outputs
    assert elements == {}


def test_the_query_of_the_page_reaches_the_notebook(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server, server.visit(query="city%3DOslo%26day%3D1%26day%3D2") as visit:
            return await visit.until(showing("Oslo"))

    notice = run(story())
    assert "day" in texts_of(notice)[cell_showing("Oslo", notice)]


# -- S25


def test_S25_a_reload_finds_the_same_session_within_its_time(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server:
            epochs = []
            for _ in range(3):
                async with server.visit() as visit:
                    epochs.append((await visit.first(n.NotebookOpened)).epoch)
            return epochs, len(server.kernels)

    epochs, kernels = run(story())
    assert len(set(epochs)) == 1
    assert kernels == 1


def test_S25_who_knows_only_a_part_of_the_key_gets_a_session_of_their_own(tmp_path):
    async def story():
        async with serving_apps(tmp_path, names=("nb", "nb2")) as server:
            epochs = []
            for path, tab, cookie, query in (
                ("/socket/nb", TAB, "c", ""),
                ("/socket/nb", OTHER_TAB, "c", ""),
                ("/socket/nb", TAB, "other", ""),
                ("/socket/nb", TAB, "", ""),
                ("/socket/nb", TAB, "c", "x"),
                ("/socket/nb2", TAB, "c", ""),
            ):
                async with server.visit(tab, cookie=cookie, query=query, path=path) as visit:
                    epochs.append((await visit.first(n.NotebookOpened)).epoch)
            return epochs

    assert len(set(run(story()))) == 6


def test_S25_a_tab_without_a_proper_name_gets_nothing(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server:
            codes = []
            for tab in ("", "1", "a" * 15):
                async with server.visit(tab) as visit:
                    codes.append((await visit.ended()).rcvd.code)
            return codes, len(server.kernels)

    assert run(story()) == ([4004] * 3, 0)


def test_S25_the_cookie_of_a_visitor_is_unguessable_and_narrow(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server:
            return [await server.get() for _ in range(2)], await server.get(
                Cookie=f"quire-visitor-{server.address.port}=x"
            )

    pages, known = run(story())
    if pages[0].status == 503:
        return  # the front end may not be built here
    values = {page.cookies[0].split(";")[0].split("=")[1] for page in pages}
    assert len(values) == 2
    assert all(len(value) >= 32 for value in values)
    assert "httponly" in pages[0].cookies[0].lower()
    assert "samesite=lax" in pages[0].cookies[0].lower()
    assert known.cookies == ()


def test_a_session_ends_some_time_after_its_last_page(tmp_path):
    async def story():
        async with serving_apps(tmp_path, settings=Run(session_ttl=0.0)) as server:
            async with server.visit() as visit, server.visit():
                await settled(visit)
            await wait_for(lambda: server.kernels[0].closed)
            return len(server.visitors.sessions)

    assert run(story()) == 0


def test_a_visitor_whose_kernel_has_died_starts_afresh_with_a_reload(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server:
            async with server.visit() as visit:
                await settled(visit)
                server.kernels[0].die()
                dead = await visit.until(lambda m: isinstance(m, n.KernelChanged) and m.status == "dead")
            async with server.visit() as visit:
                await settled(visit)
            return dead, len(server.kernels)

    dead, kernels = run(story())
    assert dead.message == ""
    assert kernels == 2


# -- as many as there may be


def test_beyond_the_limit_newcomers_are_told_and_nobody_loses_a_page(tmp_path):
    async def story():
        async with serving_apps(tmp_path, most=2) as server, server.visit() as one, server.visit(OTHER_TAB) as other:
            await settled(one)
            await settled(other)
            async with server.visit("c" * 32) as late:
                refused = (await late.ended()).rcvd
            async with server.visit() as again:
                await again.first(n.NotebookOpened)
            return refused, len(server.kernels)

    refused, kernels = run(story())
    assert (refused.code, refused.reason) == (4004, "all places are taken at the moment; come back in a while")
    assert kernels == 2


def test_sessions_without_a_page_make_room_the_one_left_longest_ago_first(tmp_path):
    async def story():
        async with serving_apps(tmp_path, most=3) as server, server.visit() as staying:
            opened = [(await staying.first(n.NotebookOpened)).epoch]
            for tab in (OTHER_TAB, "c" * 32, "d" * 32):
                async with server.visit(tab) as visit:
                    opened.append((await visit.first(n.NotebookOpened)).epoch)
                left = min(len(opened) - 1, 2)
                await wait_for(lambda left=left: server.visitors.left == left)
            return [session.state.epoch for session in server.visitors.sessions], opened

    living, opened = run(story())
    assert living == [opened[0], *opened[2:]]


# -- S26


async def everything(server: Apps, visit: Visit) -> tuple[bytes, list[Reply]]:
    """All that a visitor can get hold of, after asking for everything."""
    await settled(visit)
    for kind in get_args(c.AnyCommand):
        await visit.ask(example(kind))
    await visit.ask(c.SetElements(values={"c0-0": 7, "nothing-0": 1}, request=99))
    await visit.until(lambda m: isinstance(m, n.CommandAnswered) and m.request == 99)
    async with server.visit() as late:
        opened = await late.first(n.NotebookOpened)
    paths = [item.path.replace("{path:path}", "nb") for item in (*DECLARED, *APP_ROUTES) if isinstance(item, Page)]
    paths += ["/nb.py", "/edit/nb.py", "/app/nb.py", "/api/files/read", "/app/../nb.py", "/socket"]
    replies = [await server.get(path, method=method) for path in sorted(set(paths)) for method in ("GET", "POST")]
    return encode([*visit.notices, opened]), replies


@pytest.mark.parametrize("shown", [Shown(), Shown(tracebacks=True)])
def test_S26_nothing_that_stands_in_the_code_reaches_a_visitor(tmp_path, shown, caplog):
    async def story():
        async with serving_apps(tmp_path, shown=shown) as server, server.visit() as visit:
            return await everything(server, visit)

    frames, replies = run(story())
    for marker in MARKERS if not shown.tracebacks else MARKERS[:-1]:
        assert marker not in frames, marker
        for reply in replies:
            assert marker not in reply.body
            assert marker not in repr(reply.headers).encode()
    if not shown.tracebacks:
        assert b"ZeroDivisionError" not in frames


def test_S26_the_log_explains_what_visitors_do_not_see(tmp_path, caplog):
    caplog.set_level(logging.ERROR, "quire")

    async def story():
        async with serving_apps(tmp_path) as server, server.visit() as visit:
            await settled(visit)
            return await visit.until(showing("as error"))

    shown = run(story())
    number = shown.output.text.split("as error ")[1][:8]
    explained = [record.getMessage() for record in caplog.records if number in record.getMessage()]
    assert len(explained) == 1
    assert "ZeroDivisionError: division by zero" in explained[0]
    assert "markerfunction" in explained[0] or "1 / 0" in explained[0]


def test_S26_ids_of_cells_tell_nothing_of_their_code(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server, server.visit() as visit:
            return [cell.id for cell in (await visit.first(n.NotebookOpened)).cells]

    assert run(story()) == ["setup", *(f"c{number}" for number in range(1, 9))]


def test_S26_an_app_server_has_no_route_for_editors():
    assert {item.access for item in APP_ROUTES} == {"public", "interact"}
    assert all(item.method == "GET" for item in APP_ROUTES if isinstance(item, Page))
    assert {item.access for item in DECLARED} == {"public", "edit"}


def test_S26_routes_for_editors_are_closed_to_visitors_even_if_somebody_adds_one():
    from quire.server.gate import Keys, Refuse, judge

    keys = Keys(None, Address("127.0.0.1", 1), role="interact")
    for item in DECLARED:
        if item.access == "edit":
            kind = "websocket" if isinstance(item, Socket) else "http"
            headers = [(b"host", b"127.0.0.1:1"), (b"origin", b"http://127.0.0.1:1")]
            scope = {"type": kind, "path": item.path, "query_string": b"", "headers": headers, "method": "GET"}
            assert isinstance(judge(scope, keys, DECLARED), Refuse)


# -- S27


def test_S27_every_command_but_values_is_refused_and_changes_nothing(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server, server.visit() as visit:
            await settled(visit)
            (session,) = server.visitors.sessions
            before, sent = session.state.notebook, len(server.kernels[0].commands)
            refused = {}
            for number, kind in enumerate(get_args(c.AnyCommand), 1):
                if kind is c.SetElements:
                    continue
                import msgspec

                await visit.ask(msgspec.structs.replace(example(kind), request=number))
                refused[kind] = await visit.until(
                    lambda m, number=number: isinstance(m, n.CommandAnswered) and m.request == number
                )
            return refused, session.state.notebook is before, len(server.kernels[0].commands) == sent

    refused, same, silent = run(story())
    assert len(refused) > 15
    assert all(answer.refused == "visitors of an app cannot do this" for answer in refused.values())
    assert same
    assert silent
    assert (tmp_path / "nb.py").read_text() == APP


def test_S27_values_of_elements_that_are_not_there_are_refused(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server, server.visit() as visit:
            await settled(visit)
            await visit.ask(c.SetElements(values={"nothing-0": 1}, request=5))
            return await visit.until(lambda m: isinstance(m, n.CommandAnswered) and m.request == 5)

    assert "nothing" in run(story()).refused


def test_a_token_keeps_visitors_out_who_do_not_have_it(tmp_path):
    async def story():
        async with serving_apps(tmp_path, token="secret") as server:
            refused = await server.get()
            exchanged = await server.get("/?token=secret")
            return refused.status, exchanged.status

    assert run(story()) == (401, 303)


# -- files


def test_several_apps_have_a_page_that_leads_to_each(tmp_path):
    async def story():
        async with serving_apps(tmp_path, names=("one", "sub/two")) as server:
            page = await server.get("/")
            async with server.visit(path="/socket/sub/two") as visit:
                await settled(visit)
            async with server.visit(path="/socket/nothing") as visit:
                missing = (await visit.ended()).rcvd.code
            return page, missing, (await server.get("/app/sub/two")).status, (await server.get("/app/nothing")).status

    page, missing, there, not_there = run(story())
    assert missing == 4004
    if page.status != 503:  # the front end may not be built here
        assert 'href="/app/one"' in page.text
        assert 'href="/app/sub/two"' in page.text
        assert "<script" not in page.text
        assert (there, not_there) == (200, 404)


def test_a_file_that_has_changed_is_for_newcomers_only(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server, server.visit() as old:
            await settled(old)
            (tmp_path / "nb.py").write_text(APP.replace("* 10", "* 100"))
            async with server.visit(OTHER_TAB) as new:
                await new.until(showing("400", whole=True))
            async with server.visit() as again:
                opened = await again.first(n.NotebookOpened)
            return [cell.output.text for cell in opened.cells if cell.output]

    assert "40" in run(story())


def test_with_watch_visitors_load_the_page_again(tmp_path):
    async def story():
        async with serving_apps(tmp_path, settings=Run(watch=True)) as server, server.visit() as visit:
            await settled(visit)
            (tmp_path / "nb.py").write_text(APP.replace("* 10", "* 100"))
            await visit.first(n.AppChanged)
            async with server.visit() as again:
                await again.until(showing("400", whole=True))

    run(story())


def test_what_is_broken_while_somebody_writes_it_reaches_nobody(tmp_path):
    async def story():
        async with serving_apps(tmp_path, settings=Run(watch=True)) as server, server.visit() as visit:
            await settled(visit)
            (tmp_path / "nb.py").write_text("print('half')")
            async with server.visit(OTHER_TAB) as new:
                return (await new.ended()).rcvd

    closed = run(story())
    assert (closed.code, closed.reason) == (4004, "this app is broken")


def test_the_file_of_an_app_is_never_written(tmp_path):
    async def story():
        async with serving_apps(tmp_path, settings=Run(session_ttl=0.0)) as server:
            async with server.visit() as visit:
                await settled(visit)
            await wait_for(lambda: not server.visitors.sessions)

    run(story())
    assert (tmp_path / "nb.py").read_text() == APP
    assert [path.name for path in tmp_path.iterdir()] == ["nb.py"]


BROKEN_REPR = """import quire

app = quire.App()


@app.cell
def _():
    class Broken:
        def __repr__(self):
            raise ValueError("SECRET" + "DETAIL")

    [Broken()]
    return (Broken,)


if __name__ == "__main__":
    app.run()
"""


@pytest.mark.parametrize("shown", [False, True])
def test_what_a_value_raises_while_it_is_shown_is_an_error_too(tmp_path, shown):
    async def story():
        async with (
            serving_apps(tmp_path, text=BROKEN_REPR, shown=Shown(tracebacks=shown)) as server,
            server.visit() as visit,
        ):
            told = await visit.until(showing("Broken"))
            return told.output.text

    assert ("SECRETDETAIL" in run(story())) == shown


def test_an_app_looks_as_its_notebook_or_its_project_say_and_not_as_its_host_likes(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "quire").mkdir(parents=True)
    (tmp_path / "config" / "quire" / "quire.toml").write_text('[display]\ntheme = "light"\n')
    head = '# /// script\n# [tool.quire]\n# display.theme = "dark"\n# ///\n'

    async def story(text):
        async with serving_apps(tmp_path, text=text) as server:
            return (await server.get("/")).text

    assert '<html lang="en">' in run(story(APP))
    assert '<html lang="en" data-theme="dark">' in run(story(head + APP))
