"""Apps and their visitors: what they get, how many there may be, when their sessions end."""

import pytest

from quire.config.schema import Run
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.session.screen import Shown

from .serving import texts_of
from .visiting import (
    APP,
    OTHER_TAB,
    cell_showing,
    run,
    serving_apps,
    settled,
    showing,
    wait_for,
)

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


ASKING = APP.replace(
    "sorted(qr.query_params().items())",
    """sent = qr.app_meta().request
    qr.query_params()["city"] = "Bergen"
    sent.headers["user-agent"], sent.url, sorted(sent.cookies), sorted(sent.headers)""",
).replace("    return\n", "    return (sent,)\n", 1)


def test_the_notebook_knows_what_the_browser_sent_but_nothing_that_opens_a_door(tmp_path):
    async def story():
        async with serving_apps(tmp_path, text=ASKING) as server, server.visit(query="city%3DOslo") as visit:
            changed = await visit.until(lambda notice: isinstance(notice, n.QueryChanged))
            return changed, await visit.until(showing("user-agent")), server.origin

    changed, notice, origin = run(story())
    said = texts_of(notice)[cell_showing("user-agent", notice)]
    assert changed == n.QueryChanged(query=[["city", "Bergen"]])
    assert f"{origin}/" in said
    assert "quire-visitor" not in said
    assert "'cookie'" not in said


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


def test_without_watch_a_file_that_has_changed_is_for_newcomers_only(tmp_path):
    async def story():
        async with serving_apps(tmp_path, settings=Run(watch=False)) as server, server.visit() as old:
            await settled(old)
            (tmp_path / "nb.py").write_text(APP.replace("* 10", "* 100"))
            async with server.visit(OTHER_TAB) as new:
                await new.until(showing("400", whole=True))
            async with server.visit() as again:
                opened = await again.first(n.NotebookOpened)
            return [cell.output.text for cell in opened.cells if cell.output]

    assert "40" in run(story())


def test_visitors_load_the_page_again_when_the_file_changes(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server, server.visit() as visit:
            await settled(visit)
            (tmp_path / "nb.py").write_text(APP.replace("* 10", "* 100"))
            await visit.first(n.AppChanged)
            async with server.visit() as again:
                await again.until(showing("400", whole=True))

    run(story())


def test_what_is_broken_while_somebody_writes_it_reaches_nobody(tmp_path):
    async def story():
        async with serving_apps(tmp_path) as server, server.visit() as visit:
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
