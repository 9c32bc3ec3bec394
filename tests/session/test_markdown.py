"""A markdown notebook in a session: run, saved, loaded again and rescued like any other."""

from quire.protocol import commands as c
from quire.protocol import notices as n

from .model import codes, ids, typed
from .test_session import others, story

RAIN = """---
quire-version: 0.1.0
---

# Rain

```python {.quire}
days = [3, 0, 7]
```

The sum:

```python {.quire name="total"}
sum(days)
```
"""


def outputs(world) -> list[str]:
    runs = [world.state.runs[cell].output for cell in world.state.order()]
    return ["" if output is None else output.text for output in runs]


def test_prose_is_shown_without_an_import_and_a_new_file_begins_as_markdown(tmp_path):
    (tmp_path / "nb.md").write_text(RAIN)

    async def tell(world):
        await world.settled()
        return outputs(world)

    shown = story(tmp_path, tell, name="nb.md")
    assert "<h1" in shown[0]
    assert shown[3] == "10"
    assert (tmp_path / "nb.md").read_text() == RAIN

    async def begin(world):
        await world.settled()
        world.ask(typed(world.state, ids(world.state)[0], 'qr.md(r"""\n# New\n""")'))
        await world.until(lambda: world.path.exists())

    story(tmp_path, begin, name="new.md")
    assert (tmp_path / "new.md").read_text() == "---\nquire-version: 0.1.0\n---\n\n# New\n"


def test_typed_prose_is_saved_as_prose_and_another_programs_edit_is_loaded(tmp_path):
    (tmp_path / "nb.md").write_text(RAIN)

    async def tell(world):
        await world.settled()
        title, days, *_ = before = ids(world.state)
        world.ask(typed(world.state, title, 'qr.md(r"""\n# Much rain\n""")'))
        await world.until(lambda: world.path.read_text() == RAIN.replace("# Rain", "# Much rain"))
        await world.until(lambda: world.state.file.status == "saved")

        world.path.write_text(RAIN.replace("# Rain", "# Much rain\n\n- today").replace("[3, 0, 7]", "[3]"))
        await world.until(lambda: codes(world.state)[1] == "days = [3]")
        assert codes(world.state)[0] == 'qr.md(r"""\n# Much rain\n\n- today\n""")'
        assert ids(world.state) == before
        assert world.state.is_edited(days)

    story(tmp_path, tell, name="nb.md")


def test_a_file_that_is_no_notebook_any_more_is_a_conflict_and_what_was_here_is_kept_as_markdown(tmp_path):
    (tmp_path / "nb.md").write_text(RAIN)

    async def tell(world):
        await world.settled()
        world.path.write_text("# only words\n")
        await world.until(lambda: world.state.file.status == "conflict")
        world.ask(typed(world.state, ids(world.state)[1], "days = []"))

    story(tmp_path, tell, name="nb.md")
    (other,) = (name for name in others(tmp_path) if name != "nb.md")
    assert other.endswith(".md")
    assert (tmp_path / other).read_text() == RAIN.replace("[3, 0, 7]", "[]")


def test_a_new_cell_and_a_deleted_one_leave_the_file_as_it_was(tmp_path):
    (tmp_path / "nb.md").write_text(RAIN)

    async def tell(world):
        await world.settled()
        words = ids(world.state)[2]
        world.ask(c.DeleteCells(cells=[words]))
        await world.until(lambda: "The sum" not in world.path.read_text())
        world.ask(c.RestoreCells(cells=[words]))
        await world.until(lambda: world.path.read_text() == RAIN)

    story(tmp_path, tell, name="nb.md")


def test_cells_of_markdown_are_formatted_and_prose_is_not(tmp_path):
    (tmp_path / "nb.md").write_text(RAIN.replace("sum(days)", "sum( days )").replace("[3, 0, 7]", "= [3"))

    async def tell(world):
        await world.settled()
        world.ask(c.FormatCells(cells=ids(world.state)))
        await world.until(lambda: any(isinstance(notice, n.CellsFormatted) for notice in world.seen))
        (told,) = [notice for notice in world.seen if isinstance(notice, n.CellsFormatted)]
        return told.codes, ids(world.state)

    formatted, cells = story(tmp_path, tell, name="nb.md")
    assert formatted == {cells[3]: "sum(days)"}
