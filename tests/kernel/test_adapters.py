"""Bars of tqdm and rich in a real kernel, whose imports are adapted."""

from pathlib import Path

from .processes import REAL_PROCESS, Notebook, with_kernel

pytestmark = REAL_PROCESS

BARS = {
    "plain": "from tqdm import tqdm\nfor _ in tqdm(range(3), desc='Plain', unit='file'):\n    pass",
    "auto": "from tqdm.auto import trange\nfor _ in trange(3, desc='Auto', leave=False):\n    pass",
    "nested": "for _ in tqdm(range(2), desc='Outer'):\n    for _ in tqdm(range(3), desc='Inner'):\n        tqdm.write('said')",
    "hand": "with tqdm(total=10, bar_format='{l_bar}') as bar:\n    bar.update(4)\n    bar.set_postfix(loss=0.5)",
    "file": "import io\ntext = io.StringIO()\nfor _ in tqdm(range(3), file=text):\n    pass\n'3/3' in text.getvalue()",
    "off": "for _ in tqdm(range(3), disable=True):\n    pass",
    "track": "from rich.progress import track, Progress\nfor _ in track(range(3), description='[red]Track'):\n    pass",
    "tasks": (
        "with Progress() as progress:\n    one = progress.add_task('One', total=4)\n    two = progress.add_task('Two')\n"
        "    progress.advance(one)\n    progress.update(one, completed=3)\n    progress.remove_task(two)"
    ),
    "status": "from rich.console import Console\nwith Console().status('[b]Working') as s:\n    s.update('More')\n'done'",
}


def test_bars_of_others_are_shown_as_ours_and_print_nothing(tmp_path: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        assert {cell: notebook.outcome(cell) for cell in BARS} == dict.fromkeys(BARS, "succeeded")
        shown = {cell: "" if (output := notebook.output(cell)) is None else output.text for cell in BARS}

        assert "<strong>Plain</strong>" in shown["plain"]
        assert "3 of 3 file" in shown["plain"]
        assert shown["auto"] == ""
        assert shown["nested"].index("Outer") < shown["nested"].index("Inner")
        assert shown["nested"].count("<progress") == 3  # they stay, as in a terminal
        assert "4 of 10" in shown["hand"]
        assert "loss=0.5" in shown["hand"]
        assert shown["file"] == "True"
        assert shown["off"] == ""
        assert "<strong>Track</strong>" in shown["track"]
        assert "3 of 3" in shown["track"]
        assert "3 of 4" in shown["tasks"]
        assert "Two" not in shown["tasks"]
        assert shown["status"] == "'done'"
        for cell in BARS:
            assert notebook.printed(cell, "stderr") == ""
            assert notebook.printed(cell) == ("said\n" * 6 if cell == "nested" else "")

    with_kernel(tmp_path / "notebook.py", story, **BARS)
