"""Several notebooks in one server: opened when they are asked for, each once, all closed together."""

import asyncio

import pytest
from msgspec.structs import replace

from quire.errors import NotANotebook
from quire.kernel.fake import FakeKernel
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.server.notebooks import Notebooks
from quire.server.workspace import open_workspace
from quire.session.disk import write_file

from .serving import NOTEBOOK, TOKEN, Serving, serving, texts_of


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def test_a_notebook_of_the_folder_is_opened_by_its_first_page_and_shared_by_all(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "other.py").write_text(NOTEBOOK.replace("x = 1", "x = 41"))

    async def story():
        async with serving(tmp_path) as server:
            before = len(server.kernels)
            async with server.page("/socket/sub/other.py") as one, server.page("/socket/sub/other.py") as two:
                opened = [await page.first(n.NotebookOpened) for page in (one, two)]
                output = await one.until(lambda m: "42" in texts_of(m).values())
                return before, len(server.kernels), opened, output, [o.shown for o in server.notebooks.running()]

    before, after, opened, output, running = run(story())
    assert (before, after) == (1, 2)
    assert [notice.path for notice in opened] == ["sub/other.py"] * 2
    assert opened[0].epoch == opened[1].epoch
    assert "42" in texts_of(output).values()
    assert running == ["nb.py", "sub/other.py"]


def test_one_file_is_open_once_whatever_it_is_called(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            (tmp_path / "link.py").symlink_to("nb.py")
            async with (
                server.page() as main,
                server.page("/socket/nb.py") as named,
                server.page("/socket/link.py") as link,
            ):
                return {(await page.first(n.NotebookOpened)).epoch for page in (main, named, link)}, len(server.kernels)

    epochs, kernels = run(story())
    assert len(epochs) == 1
    assert kernels == 1


def test_a_page_is_read_without_running_anything(tmp_path):
    (tmp_path / "other.py").write_text(NOTEBOOK.replace("A title", "Another one"))

    async def story():
        async with serving(tmp_path) as server:
            page = await server.get("/edit/other.py", token=TOKEN)
            return page, len(server.kernels), len(list(server.notebooks.running()))

    page, kernels, running = run(story())
    assert page.status in {200, 503}  # the editor may not be built here
    assert (kernels, running) == (1, 1)


def test_what_was_read_for_the_page_is_what_its_socket_opens_if_the_file_is_the_same(tmp_path):
    path = tmp_path / "other.py"
    path.write_text(NOTEBOOK)

    async def story():
        notebooks = Notebooks(open_workspace(tmp_path), lambda: None)  # type: ignore[arg-type, return-value]
        place = notebooks.workspace.path("other.py")
        first = await notebooks.read(place)
        taken = notebooks._take_prepared(place)
        assert taken is first
        from quire.session.session import open_notebook

        same = open_notebook(first.place, known=first)
        path.write_text(NOTEBOOK + "\n")
        return first, same, open_notebook(first.place, known=first)

    first, same, other = run(story())
    assert same is first
    assert other is not first


@pytest.mark.parametrize("path", ["missing.py", "../nb.py", ".env", "sub", "plain.py"])
def test_what_is_no_notebook_of_the_folder_is_told_and_nothing_runs(tmp_path, path):
    (tmp_path / "plain.py").write_text("print(1)\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / ".env").write_text("SECRET")

    async def story():
        async with serving(tmp_path) as server:
            page = await server.get(f"/edit/{path.replace('/', '%2f')}", token=TOKEN)
            async with server.page(f"/socket/{path.replace('/', '%2f')}") as socket:
                closed = (await socket.ended()).rcvd
            return page, closed, len(server.kernels)

    page, closed, kernels = run(story())
    assert page.status == 404
    assert "SECRET" not in page.text
    assert (closed.code, bool(closed.reason)) == (4004, True)
    assert kernels == 1


def test_a_notebook_that_is_stopped_is_saved_and_its_pages_stay_away(tmp_path):
    (tmp_path / "other.py").write_text(NOTEBOOK)

    async def story():
        async with serving(tmp_path) as server, server.page("/socket/other.py") as page:
            await page.first(n.NotebookOpened)
            session = server.notebooks.find(server.notebooks.workspace.path("other.py"))
            assert session is not None
            await server.notebooks.stop(session)
            closed = (await page.ended()).rcvd
            return closed.code, server.kernels[1].closed, [o.shown for o in server.notebooks.running()]

    assert run(story()) == (4001, True, ["nb.py"])


def test_many_pages_that_ask_at_once_open_a_notebook_once(tmp_path):
    (tmp_path / "other.py").write_text(NOTEBOOK)

    async def story():
        async with serving(tmp_path) as server:
            path = server.notebooks.workspace.path("other.py")
            sessions = await asyncio.gather(*(server.notebooks.session(path) for _ in range(8)))
            return len({id(session) for session in sessions}), len(server.kernels)

    assert run(story()) == (1, 2)


def test_a_file_that_is_no_notebook_stays_unopened(tmp_path):
    (tmp_path / "plain.py").write_text("print(1)\n")

    async def story():
        async with serving(tmp_path) as server:
            with pytest.raises(NotANotebook):
                await server.notebooks.session(server.notebooks.workspace.path("plain.py"))
            return [o.shown for o in server.notebooks.running()]

    assert run(story()) == ["nb.py"]


def test_in_a_folder_that_is_sandboxed_each_notebook_is(tmp_path):
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(NOTEBOOK, encoding="utf-8")
    workspace = open_workspace(tmp_path)

    async def story(*, sandbox: bool):
        notebooks = Notebooks(workspace, FakeKernel, sandbox=sandbox)
        return [(await notebooks.read(workspace.path(name))).place.sandbox for name in ("one.py", "two.py")]

    assert run(story(sandbox=True)) == [True, True]
    assert run(story(sandbox=False)) == [False, False]


async def left(server: Serving) -> None:
    """Until nobody has the main notebook open, and that was seen."""
    while server.session.has_pages:
        await asyncio.sleep(0.001)
    await server.notebooks.close_unused(0)


def test_a_notebook_that_nobody_uses_is_saved_and_closed_and_opened_by_who_comes_back(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            async with server.page() as page:
                opened = await page.first(n.NotebookOpened)
                await page.ask(c.SetTitle(request=1, title="Another title"))
                await page.until(lambda notice: isinstance(notice, n.CommandAnswered) and notice.request == 1)
            await left(server)
            await server.notebooks.close_unused(0)
            saved = (tmp_path / "nb.py").read_text(encoding="utf-8")
            shown, kernels = await server.get("/", token=TOKEN), len(server.kernels)
            async with server.page() as page:
                again = await page.first(n.NotebookOpened)
                by_path = server.notebooks.find(server.notebooks.workspace.path("nb.py"))
                assert by_path is not None
                assert by_path is server.notebooks.main
            return opened, saved, shown, kernels, again, server

    opened, saved, shown, kernels, again, server = run(story())
    assert "Another title" in saved
    assert shown.status == 503 or "Another title" in shown.text  # the editor may not be built here
    assert (kernels, len(server.kernels)) == (1, 2)  # what is shown runs nothing
    assert all(kernel.closed for kernel in server.kernels)
    assert opened.epoch != again.epoch
    assert (again.title, again.path) == ("Another title", opened.path)


def test_who_comes_back_while_a_notebook_is_closed_finds_what_it_had(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            async with server.page() as page:
                await page.ask(c.SetTitle(request=1, title="Another title"))
                await page.until(lambda notice: isinstance(notice, n.CommandAnswered) and notice.request == 1)
            await left(server)
            closing = asyncio.create_task(server.notebooks.close_unused(0))
            await asyncio.sleep(0)
            assert server.notebooks.main is None
            async with server.page() as page:
                again = await page.first(n.NotebookOpened)
            await closing
            return again.title, len(server.kernels)

    assert run(story()) == ("Another title", 2)


def test_two_pages_that_come_and_go_while_it_is_closed_again_and_again_lose_nothing(tmp_path):
    async def story():
        closes, found = 0, []

        async def look_on() -> None:
            nonlocal closes
            while True:
                before = len(server.notebooks.sessions)
                await server.notebooks.close_unused(0)
                closes += len(server.notebooks.sessions) < before
                await asyncio.sleep(0.001)

        async with serving(tmp_path) as server:
            looking = asyncio.create_task(look_on())
            for number in range(20):
                async with server.page() as one, server.page("/socket/nb.py") as other:
                    opened = await one.first(n.NotebookOpened)
                    found.append((opened.title, opened.epoch == (await other.first(n.NotebookOpened)).epoch))
                    await one.ask(c.SetTitle(request=1, title=f"title {number}"))
                    await one.until(lambda notice: isinstance(notice, n.CommandAnswered) and notice.request == 1)
                if number % 2:  # the other times somebody comes back at once
                    while server.notebooks.sessions:
                        await asyncio.sleep(0.001)
            looking.cancel()
        return closes, found

    closes, found = run(story())
    assert closes >= 10
    assert found == [("A title", True), *((f"title {number}", True) for number in range(19))]


def test_a_notebook_goes_on_while_somebody_has_it_open_or_a_cell_runs_or_its_time_is_not_over(tmp_path):
    async def story():
        running: list[int] = []

        async def look(patience: float = 0) -> None:
            for _ in range(2):
                await server.notebooks.close_unused(patience)
            running.append(len(server.notebooks.sessions))

        async with serving(tmp_path) as server:
            async with server.page() as page:
                await page.first(n.NotebookOpened)
                await look()
                server.session.state = replace(server.session.state, kernel="busy")
            await left(server)
            await look()
            server.session.state = replace(server.session.state, kernel="idle")
            await look(3600)
            await look()
        return running

    assert run(story()) == [1, 1, 1, 0]


def test_a_notebook_whose_edits_cannot_be_saved_stays_open(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "no space left on device")

    async def story():
        async with serving(tmp_path) as server:
            monkeypatch.setattr("quire.session.session.write_file", full)
            async with server.page() as page:
                await page.ask(c.SetTitle(request=1, title="Another title"), c.Save(request=2))
                await page.until(lambda notice: isinstance(notice, n.SaveChanged) and notice.status == "failed")
            await left(server)
            await server.notebooks.close_unused(0)
            monkeypatch.setattr("quire.session.session.write_file", write_file)
            return server.notebooks.main, server.session.unsaved

    main, unsaved = run(story())
    assert main is not None
    assert b"Another title" in (unsaved or b"")


def test_a_notebook_that_was_stopped_does_not_come_back_by_itself(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            await server.notebooks.stop(server.session)
            async with server.page() as page:
                ended = (await page.ended()).rcvd
            return ended, server.notebooks.has_main, len(server.kernels)

    ended, has_main, kernels = run(story())
    assert ended.code == 4004
    assert "stopped" in ended.reason
    assert (has_main, kernels) == (False, 1)
