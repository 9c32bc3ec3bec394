"""The query of a page, as user code reads and writes it."""

from collections.abc import Iterator

import pytest

import quire as qr
from quire.context import Host, set_host
from quire.protocol.kernel import BindNotebook
from quire.protocol.notices import QueryChanged
from tests.kernel.running import Notebook

Pairs = tuple[tuple[str, str], ...]


class Visited(Host):
    def __init__(self) -> None:
        self.pairs: Pairs = (("a", "1"), ("b", "x"), ("b", "y"), ("empty", ""))

    def query(self) -> Pairs:
        return self.pairs

    def set_query(self, pairs: Pairs) -> None:
        self.pairs = pairs


@pytest.fixture
def page() -> Iterator[Visited]:
    host = Visited()
    before = set_host(host)
    yield host
    set_host(before)


def test_there_is_none_in_a_script_and_setting_one_does_nothing():
    qr.query_params()["a"] = "1"
    assert dict(qr.query_params()) == {}
    assert qr.app_meta().request is None


def test_it_reads_like_a_dictionary(page: Visited):
    query = qr.query_params()
    assert query == {"a": "1", "b": ["x", "y"], "empty": ""}
    assert query.get("none", "7") == "7"
    assert query.get_all("b") == ["x", "y"]
    assert query.get_all("none") == []
    assert repr(query) == "QueryParams({'a': '1', 'b': ['x', 'y'], 'empty': ''})"
    assert len(page.pairs) == 4


def test_it_is_written_like_one(page: Visited):
    query = qr.query_params()
    query["a"] = "2"
    assert page.pairs == (("b", "x"), ("b", "y"), ("empty", ""), ("a", "2"))
    query.set("b", ["z", "w"])
    query.append("b", "v")
    assert query.get_all("b") == ["z", "w", "v"]
    query.remove("b", "w")
    query.remove("b", "not there")
    assert query.get_all("b") == ["z", "v"]
    query.remove("b")
    del query["empty"]
    assert page.pairs == (("a", "2"),)
    query.clear()
    assert page.pairs == ()


def test_what_is_not_there_or_no_text_is_refused(page: Visited):
    query = qr.query_params()
    with pytest.raises(KeyError):
        del query["none"]
    with pytest.raises(TypeError, match="the parameter `n` is a `int`"):
        query["n"] = 5  # type: ignore[assignment]
    assert len(page.pairs) == 4


def test_cells_that_read_the_parameters_run_when_another_cell_sets_one():
    notebook = Notebook(a="import quire as qr\nquery = qr.query_params()", r="seen = query.get('page')")
    notebook.engine.bind(BindNotebook(path="/nowhere/n.py", directory="/nowhere", mode="run", query=[("page", "1")]))
    notebook.run()
    assert notebook.names["seen"] == "1"
    notebook.sync(w="query['page'] = '2'")

    assert notebook.run("w") == ["w", "r"]
    assert notebook.names["seen"] == "2"
    assert [n for n in notebook.notices if isinstance(n, QueryChanged)] == [QueryChanged(query=[["page", "2"]])]
    assert notebook.run("w") == ["w"]  # it is as it was
