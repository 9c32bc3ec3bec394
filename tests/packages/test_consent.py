"""What somebody said of a header is remembered for this file and this header."""

from pathlib import Path

from quire.packages.consent import Consents, digest_of


def test_an_answer_holds_until_the_header_asks_for_something_else(tmp_path: Path):
    consents = Consents(tmp_path / "state" / "consents.json")
    notebook, one = tmp_path / "nb.py", digest_of({"dependencies": ["a"]})

    assert consents.answer(notebook, one) is None
    consents.remember(notebook, one, yes=True)

    assert consents.answer(notebook, one) is True
    assert consents.answer(tmp_path / "other.py", one) is None
    assert consents.answer(notebook, digest_of({"dependencies": ["a", "b"]})) is None
    consents.remember(notebook, one, yes=False)
    assert consents.answer(notebook, one) is False


def test_indexes_sources_and_python_are_part_of_what_was_answered():
    base = {"dependencies": ["a"]}
    digests = {
        digest_of(metadata)
        for metadata in (
            base,
            base | {"requires-python": ">=3.12"},
            base | {"tool": {"uv": {"index": [{"url": "https://evil.example"}]}}},
            base | {"tool": {"uv": {"sources": {"a": {"path": "a"}}}}},
        )
    }
    assert len(digests) == 4
    assert digest_of(base | {"tool": {"quire": {"display": {"theme": "dark"}}}}) == digest_of(base)


def test_a_file_that_is_broken_or_cannot_be_written_is_no_answer(tmp_path: Path):
    file = tmp_path / "consents.json"
    for text in ("", "[]", '{"a": 1}', '{"a": [1]}', "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")):
        file.write_text(text, encoding="utf-8")
        assert Consents(file).answer(Path("a"), "d") is None
    Consents(tmp_path / "consents.json" / "below").remember(Path("a"), "d", yes=True)
