"""What separates visitors: S25 (one knows nothing of another), S26 (no source), S27 (no command but values)."""

import logging
from typing import get_args

import pytest

from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.codec import encode
from quire.server.address import Address
from quire.server.app_routes import APP_ROUTES
from quire.server.policy import Page, Socket
from quire.server.routes import DECLARED
from quire.session.screen import Shown
from tests.session.test_screen import example

from .serving import Page as Visit
from .serving import Reply
from .visiting import (
    APP,
    MARKERS,
    OTHER_TAB,
    TAB,
    Apps,
    run,
    serving_apps,
    settled,
    showing,
)

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
