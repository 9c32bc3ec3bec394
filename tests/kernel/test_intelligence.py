"""What is said about code: from live values, from the text, from cells that have not run."""

import jedi
import polars as pl
import pytest
from parso.cache import parser_cache

from quire.ids import CellId
from quire.kernel.intelligence import answer_code
from quire.kernel.reach import keys_of, value_at
from quire.protocol.kernel import AskKernel
from quire.protocol.messages import CodeAnswer


def ask(about, text: str, *, above: str = "", others: tuple[str, ...] = (), **names: object) -> CodeAnswer:
    """`text` with the caret at the `|`."""
    before, _, after = text.partition("|")
    question = AskKernel(
        question=1,
        asker="page",
        cell=CellId("a"),
        about=about,
        code=before + after,
        line=before.count("\n") + 1,
        column=len(before.rpartition("\n")[2]),
        above=above,
        names=list(others),
    )
    return answer_code(question, names, "/")


def labels(text: str, **more) -> list[str]:
    return [completion.label for completion in ask("completions", text, **more).completions]


class Trap:
    """Says when somebody reads it."""

    def __init__(self) -> None:
        self.touched = False

    @property
    def value(self) -> int:
        self.touched = True
        return 1

    def __getitem__(self, key: str) -> int:
        self.touched = True
        return 1

    def __repr__(self) -> str:
        self.touched = True
        return "trap"


def test_attributes_of_live_values_complete():
    assert labels("word.star|", word="x") == ["startswith"]
    assert ask("completions", "word.star|", word="x").typed == 4


def test_names_of_the_cell_complete_before_it_ran():
    assert "apples" in labels("apples = 1\nap|")


def test_modules_complete_in_import_lines():
    assert "json" in labels("import js|")
    assert "dumps" in labels("from json import du|")


def test_cells_that_have_not_run_are_known_by_their_source():
    assert labels("table.app|", above="table = []") == ["append"]
    assert "orchard" in labels("orch|", others=("orchard", "other"))
    assert "orchard" not in labels("x.orch|", others=("orchard",))
    assert "orchard" not in labels("import orch|", others=("orchard",))


def test_the_newer_source_counts_more_than_the_old_value():
    assert labels("table.app|", above="table = []", table="text") == ["append"]


def test_keys_of_dictionaries_complete_as_texts():
    found = ask("completions", "settings['co|", settings={"colour": 1, "count": 2, "size": 3, 4: 5})

    assert [(one.label, one.type) for one in found.completions] == [("colour", "key"), ("count", "key")]
    assert found.typed == 2


def test_keys_with_quotes_are_escaped():
    assert labels("it['|", it={"don't": 1}) == ["don\\'t"]


def test_nothing_is_offered_for_keys_of_something_unknown():
    assert labels("unknown['|") == []


def test_columns_of_frames_complete_and_so_do_their_methods():
    frame = pl.DataFrame({"alpha": [1], "beta": ["x"]})

    assert labels("frame['al|", frame=frame) == ["alpha"]
    assert "to_list" in labels("frame['beta'].to_l|", frame=frame)
    assert "to_uppercase" in labels("frame['beta'].str.to_up|", frame=frame)


def test_properties_and_items_of_users_are_never_read():
    trap = Trap()
    for text in ("trap.va|", "trap.value.|", "trap['|", "trap['x'].|", "trap.value|"):
        for about in ("completions", "signature", "documentation"):
            ask(about, text, trap=trap)

    assert not trap.touched


def test_only_what_is_harmless_is_reached():
    trap = Trap()
    assert value_at("values['a'][0]", {"values": {"a": [7]}}) == 7
    for source in ("f()", "trap['x']", "trap.value", "values['b']", "values[", "1 +", "values['a'][9]"):
        assert value_at(source, {"f": lambda: 1, "trap": trap, "values": {"a": [7]}}) is None
    assert keys_of({"a": 1, 2: 3}) == ["a"]
    assert keys_of(trap) == []
    assert not trap.touched


def test_a_call_shows_its_parameters_and_the_one_being_written():
    source = 'def area(width: float, height: float = 2.0) -> float:\n    """The area.\n\n    More.\n    """\n'
    found = ask("signature", "area(1, |)", above=source).signature

    assert found is not None
    assert (found.name, found.active) == ("area", 1)
    assert found.parameters == ["width: float", "height: float=2.0"]
    assert found.returns == "float"
    assert found.text == "The area."


def test_outside_of_calls_there_is_no_signature():
    assert ask("signature", "x = 1|").signature is None


def test_documentation_of_functions_is_their_signature_and_docstring():
    found = ask("documentation", "import json\njson.du|mps").documentation

    assert found is not None
    assert found.title.startswith("dumps(obj")
    assert "JSON formatted" in found.text


def test_documentation_of_variables_is_their_type_and_value():
    found = ask("documentation", "cou|nt + 1", count=12).documentation

    assert found is not None
    assert (found.title, found.value) == ("count: int", "12")


@pytest.mark.parametrize("text", ["i|f x: pass", "  |  ", "# wo|rd", "1|2"])
def test_elsewhere_there_is_no_documentation(text):
    assert ask("documentation", text).documentation is None


@pytest.mark.parametrize("text", ["def f(:\n  x.|", "'''|", "x = [\n|", "\x00|", "class A:\n def f(self): self.|", "|"])
@pytest.mark.parametrize("about", ["completions", "signature", "documentation"])
def test_half_written_code_is_no_error(about, text):
    assert isinstance(ask(about, text), CodeAnswer)


def test_a_file_that_somebody_was_killed_over_costs_no_answer(monkeypatch, tmp_path):
    monkeypatch.setattr(jedi.settings, "cache_directory", str(tmp_path / "jedi"))
    parser_cache.clear()
    assert "apples" in labels("ap|", apples=1)
    written = list(tmp_path.rglob("*.pkl"))
    for file in written:
        file.write_bytes(file.read_bytes()[:-100])
    parser_cache.clear()

    assert written
    assert "apples" in labels("ap|", apples=1)
