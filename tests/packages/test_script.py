"""What the installer is given for a header."""

from pathlib import Path

import pytest

from quire.errors import BadRequirement
from quire.notebook.header import read_metadata
from quire.packages.script import Origin, asked_of, header_with_quire, script_for, with_changes

FOLDER = Path("/notebooks")
INDEX = Origin("1.2.3")
CHECKOUT = Origin("1.2.3", Path("/src/quire/src"), Path("/src/quire"), ("msgspec>=0.20",))


def test_quire_is_asked_for_in_the_version_that_runs_unless_the_header_says_which():
    assert read_metadata(script_for({"dependencies": ["b", "a"]}, FOLDER, INDEX).text) == {
        "dependencies": ["a", "b", "quire==1.2.3"]
    }
    assert read_metadata(script_for({"dependencies": ["quire"]}, FOLDER, INDEX).text)["dependencies"] == [
        "quire==1.2.3"
    ]
    script = script_for({"dependencies": ["quire>=1"]}, FOLDER, INDEX)
    assert read_metadata(script.text)["dependencies"] == ["quire>=1"]
    assert script.is_exact, "a lock of the header holds"
    assert not script_for({}, FOLDER, INDEX).is_exact


def test_a_checkout_brings_itself_and_no_index_is_asked_for_quire():
    for metadata in (
        {"dependencies": ["quire"]},
        {"dependencies": ["quire"], "tool": {"uv": {"sources": {"quire": {"path": "/src/quire", "editable": True}}}}},
    ):
        script = script_for(metadata, FOLDER, CHECKOUT)
        assert script.source == Path("/src/quire/src")
        assert read_metadata(script.text) == {"dependencies": ["msgspec>=0.20"]}


def test_extras_of_quire_are_those_that_the_header_names():
    more = (
        "msgspec>=0.20",
        "ruff>=0.9; extra == 'lsp'",
        'uv>=0.9 ; extra == "with_envs"',
        "tomli; python_version<'3.11'",
    )
    checkout = Origin("1.2.3", Path("/src/quire/src"), Path("/src/quire"), more)

    def asked(text: str, origin: Origin) -> object:
        return read_metadata(script_for({"dependencies": [text]}, FOLDER, origin).text)["dependencies"]

    assert asked("quire[lsp,with-envs]", INDEX) == ["quire[lsp,with-envs]==1.2.3"]
    assert asked("quire[lsp]>=1", INDEX) == ["quire[lsp]>=1"]
    assert asked("quire", checkout) == ["msgspec>=0.20", "tomli; python_version<'3.11'"]
    assert asked("quire[LSP, with-envs]", checkout) == [
        "msgspec>=0.20",
        "ruff>=0.9",
        "tomli; python_version<'3.11'",
        "uv>=0.9",
    ]


def test_a_quire_that_the_header_chooses_is_taken():
    metadata = {"dependencies": ["quire"], "tool": {"uv": {"sources": {"quire": {"path": "q.whl"}}}}}

    script = script_for(metadata, FOLDER, CHECKOUT)

    assert script.source is None
    assert read_metadata(script.text)["tool"] == {"uv": {"sources": {"quire": {"path": "/notebooks/q.whl"}}}}


def test_paths_start_from_the_notebook_and_tools_of_others_stay_out():
    metadata = {
        "dependencies": ["lib"],
        "requires-python": ">=3.11",
        "tool": {
            "quire": {"display": {"theme": "dark"}},
            "uv": {
                "sources": {"Lib": [{"path": "../lib", "editable": True}, {"git": "https://x.example/lib"}]},
                "find-links": ["wheels", "https://x.example/simple"],
                "index": [{"name": "mine", "url": "simple"}, {"url": "https://x.example/simple"}],
            },
        },
    }

    script = script_for(metadata, FOLDER, INDEX)
    found = read_metadata(script.text)

    assert found["requires-python"] == script.python == ">=3.11"
    assert found["tool"] == {
        "uv": {
            "sources": {"lib": [{"path": "/notebooks/../lib", "editable": True}, {"git": "https://x.example/lib"}]},
            "find-links": ["/notebooks/wheels", "https://x.example/simple"],
            "index": [{"name": "mine", "url": "/notebooks/simple"}, {"url": "https://x.example/simple"}],
        }
    }
    assert script.folders == (Path("/notebooks/../lib"),)


def test_the_key_is_what_the_header_means():
    one = script_for({"dependencies": ["a", "b"]}, FOLDER, INDEX)

    assert one.key("x") == script_for({"dependencies": ["b", "a"], "tool": {"quire": {}}}, FOLDER, INDEX).key("x")
    assert one.key("x") != one.key("y")
    assert one.key() != script_for({"dependencies": ["a"]}, FOLDER, INDEX).key()


def test_a_header_is_completed_for_every_tool_that_reads_it():
    assert header_with_quire({}, INDEX, (3, 12)) == {"requires-python": ">=3.12", "dependencies": ["quire"]}
    assert header_with_quire({"requires-python": ">=3.11", "dependencies": ["quire"]}, INDEX, (3, 12)) == {}
    assert header_with_quire({"requires-python": ">=3.11"}, CHECKOUT, (3, 12))["tool"] == {
        "uv": {"sources": {"quire": {"path": "/src/quire", "editable": True}}}
    }


def test_whoever_is_asked_sees_all_that_has_a_say():
    metadata = {
        "dependencies": ["a"],
        "requires-python": ">=3.12",
        "tool": {
            "uv": {"index": [{"url": "https://evil.example"}], "sources": {"a": {"git": "https://other.example"}}}
        },
    }

    asked = asked_of(metadata)

    assert asked.packages == ("a",)
    assert asked.python == ">=3.12"
    assert asked.indexes == ("https://evil.example",)
    assert asked.sources == ("a from https://other.example",)


def test_packages_are_added_and_taken_away_together():
    assert with_changes({"dependencies": ["a", "b"]}, ["c"], ["A"]) == {"dependencies": ["b", "c"]}


@pytest.mark.parametrize(
    ("metadata", "named"),
    [({"tool": 3}, "tool"), ({"tool": {"uv": []}}, "tool.uv"), ({"tool": {"uv": {"sources": "x"}}}, "tool.uv.sources")],
)
def test_what_is_no_table_is_named(metadata: dict[str, object], named: str):
    for read in (
        asked_of,
        lambda asked: script_for(asked, FOLDER, INDEX),
        lambda asked: header_with_quire(asked, CHECKOUT, (3, 12)),
    ):
        with pytest.raises(BadRequirement, match=f"^`{named}` in the header is no table"):
            read(metadata)
