"""The query of a page, as user code reads it."""

import quire as qr
from quire.context import Host, set_host
from quire.live.query import QueryParams


def test_there_is_none_in_a_script():
    assert dict(qr.query_params()) == {}


def test_it_reads_like_a_dictionary():
    class Visited(Host):
        def query(self):
            return (("a", "1"), ("b", "x"), ("b", "y"), ("empty", ""))

    before = set_host(Visited())
    try:
        query = qr.query_params()
    finally:
        set_host(before)
    assert query == {"a": "1", "b": ["x", "y"], "empty": ""}
    assert query.get("none", "7") == "7"
    assert query.get_all("b") == ["x", "y"]
    assert query.get_all("none") == []
    assert repr(query) == "QueryParams({'a': '1', 'b': ['x', 'y'], 'empty': ''})"
    assert not hasattr(QueryParams, "__setitem__")
