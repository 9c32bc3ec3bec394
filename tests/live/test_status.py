"""How far a cell is, as it shows it."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

import quire as qr
from quire.live.status import Progress
from quire.outputs.sanitise import sanitise
from quire.protocol.notices import OutputChanged, ToastShown
from tests.kernel.running import Notebook


def shown(code: str) -> list[str]:
    """What the page was given, one after the other."""
    notebook = Notebook(a=f"import quire as qr\n{code}")
    notebook.run()
    assert "failed" not in notebook.outcomes().values(), notebook.error("a")
    return [
        "" if notice.output is None else notice.output.text
        for notice in notebook.notices
        if isinstance(notice, OutputChanged)
    ]


def values(markup: list[str]) -> list[str]:
    """How full the first bar is, each time."""
    return [found[1] if (found := re.search(r'value="([^"]*)"', text)) else "" for text in markup]


def test_a_bar_grows_with_its_loop_and_stays():
    texts = shown(
        "for i in qr.status.progress_bar([5, 6, 7], title='Work', show_rate=False, show_eta=False):\n    pass"
    )
    assert values(texts) == ["0", "1", "2", "3", "3"][: len(texts)]
    assert "<strong>Work</strong>" in texts[-1]
    assert "3 of 3" in texts[-1]


def test_a_bar_goes_away_when_it_should():
    assert shown("for i in qr.status.progress_bar(range(2), remove_on_exit=True):\n    pass")[-1] == ""


def test_what_is_said_at_the_end_is_said_only_when_the_loop_ends_well():
    assert "all done" in shown("for i in qr.status.progress_bar(range(2), completion_title='all done'):\n    pass")[-1]
    broken = shown(
        "try:\n    for i in qr.status.progress_bar(range(2), completion_title='all done'):\n        1 / 0\n"
        "except ZeroDivisionError:\n    pass"
    )
    assert "all done" not in broken[-1]


def test_a_bar_is_moved_by_hand():
    texts = shown(
        "with qr.status.progress_bar(total=10, title='a', subtitle='b') as bar:\n"
        "    bar.update(4, subtitle='c')\n    bar.update(title='<d>')"
    )
    assert "<strong>a</strong> <span>b</span>" in texts[0]
    assert values(texts)[-1] == "5"
    assert "<strong>&lt;d&gt;</strong> <span>c</span>" in texts[-1]


def test_bars_nest():
    last = shown(
        "for i in qr.status.progress_bar(range(2), title='outer'):\n"
        "    for j in qr.status.progress_bar(range(3), title='inner'):\n        pass"
    )[-1]
    assert last.count("<progress") == 3
    assert last.index("outer") < last.index("inner")


def test_the_value_of_the_cell_takes_its_place():
    assert shown("for i in qr.status.progress_bar(range(2)):\n    pass\n'result'")[-1] == "'result'"


def test_a_bar_for_asynchronous_things():
    texts = shown(
        "async def things():\n    for i in range(3):\n        yield i\n"
        "seen = [i async for i in qr.status.progress_bar(things(), total=3)]"
    )
    assert values(texts)[-1] == "3"


def test_without_a_total_a_bar_only_moves():
    texts = shown("for i in qr.status.progress_bar(iter(range(3))):\n    pass")
    assert "value=" not in texts[-1]
    assert "3" in texts[-1]


def test_a_disabled_bar_shows_nothing():
    assert shown("for i in qr.status.progress_bar(range(2), disabled=True):\n    pass") == [""]


def test_a_spinner_shows_what_is_going_on_and_goes():
    texts = shown("with qr.status.spinner('Loading', 'one') as spinner:\n    spinner.update(subtitle='two')")
    assert "<strong>Loading</strong> <span>one</span>" in texts[0]
    assert "<span>two</span>" in texts[1]
    assert texts[-1] == ""


def test_a_spinner_may_stay():
    assert "Done" in shown("with qr.status.spinner(remove_on_exit=False) as s:\n    s.update('Done')")[-1]


def test_a_toast_is_told_at_once():
    notebook = Notebook(
        a="import quire as qr\nqr.status.toast('Saved', 'in `a.csv`')\nqr.status.toast('No', kind='danger')"
    )
    notebook.run()
    assert [notice for notice in notebook.notices if isinstance(notice, ToastShown)] == [
        ToastShown(title="Saved", description="in `a.csv`", is_danger=False),
        ToastShown(title="No", description="", is_danger=True),
    ]


def test_in_a_script_all_of_it_runs_and_shows_nothing(capsys: pytest.CaptureFixture[str]):
    assert list(qr.status.progress_bar([1, 2])) == [1, 2]
    with qr.status.spinner("a") as spinner:
        spinner.update("b")
    qr.status.toast("a")

    async def things() -> AsyncIterator[int]:
        yield 1

    async def collect() -> list[int]:
        return [item async for item in qr.status.progress_bar(things())]

    assert asyncio.run(collect()) == [1]
    assert capsys.readouterr() == ("", "")


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="needs something to go through"):
        qr.status.progress_bar()
    with pytest.raises(TypeError, match="`for`"):
        list(qr.status.progress_bar(total=3))
    with pytest.raises(ValueError, match="`kind` of `toast`"):
        qr.status.toast("a", kind="info")  # type: ignore[arg-type]
    with qr.status.progress_bar(total=1) as bar:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        bar.update()


@pytest.mark.parametrize(
    ("done", "seconds", "words"),
    [
        (0, 0, "0 of 100"),
        (10, 2, "10 of 100 · 5/s · 18 s left"),
        (10, 200, "10 of 100 · 20 s each · 30 min 0 s left"),
        (1, 100, "1 of 100 · 100 s each · 2 h 45 min left"),
        (99.5, 199, "99.5 of 100 · 2 s each · 1.0 s left"),
    ],
)
def test_rate_and_time_left(done: float, seconds: float, words: str):
    progress = Progress(100, disabled=True)
    progress.current, progress._started, progress._now = done, 0, seconds
    assert words in progress.draw().text


def test_the_sanitiser_leaves_a_bar_as_it_is():
    markup = Progress(3, title="a", disabled=True).draw().text
    assert sanitise(markup).replace('value="0"', "") == markup.replace('value="0"', "")
