"""What a cell binds, who sees it, and what a failed run leaves behind."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.ids import CellId
from quire.kernel.namespace import Namespace

A, B, C = CellId("a"), CellId("b"), CellId("c")


def run(
    space: Namespace,
    cell: CellId,
    code: str = "",
    public: Collection[str] = (),
    private: Collection[str] = (),
    *,
    succeeded: bool = True,
) -> dict[str, object]:
    """Run `code` as the cell; returns what it saw when it began."""
    space.enter(cell, frozenset(public), frozenset(private))
    seen = dict(space.names)
    exec(code, space.names)
    space.names.pop("__builtins__", None)
    space.leave(cell, succeeded=succeeded)
    return seen


def test_public_names_stay_among_the_globals():
    space = Namespace()
    run(space, A, "x = 1", "x")

    assert space.names == {"x": 1}
    assert space.stored(A) == {"x"}


def test_private_names_move_to_the_cells_store():
    space = Namespace()
    run(space, A, "_x = 1\ny = 2", "y", ["_x"])

    assert space.names == {"y": 2}
    assert space.private(A) == {"_x": 1}


def test_two_cells_keep_their_own_scratch_names():
    space = Namespace()
    run(space, A, "i = 1", (), "i")
    run(space, B, "i = 2", (), "i")

    assert space.names == {}
    assert (space.private(A), space.private(B)) == ({"i": 1}, {"i": 2})


def test_a_private_name_covers_a_global_only_while_its_cell_runs():
    space = Namespace({"i": "there before"})
    seen = run(space, A, "i = 2", (), "i")

    assert "i" not in seen
    assert space.names == {"i": "there before"}
    assert space.private(A) == {"i": 2}


def test_a_run_does_not_see_what_its_cell_stored_before():
    space = Namespace()
    run(space, A, "x = 1\n_y = 2", "x", ["_y"])
    seen = run(space, A, "x = 3", "x", ["_y"])

    assert seen == {}
    assert space.names == {"x": 3}
    assert space.private(A) == {}


def test_a_failed_run_puts_everything_back_together():
    space = Namespace()
    run(space, A, "x = 1\ny = 2\n_z = 3", "xy", ["_z"])
    run(space, A, "x = 10\n_z = 30", "xy", ["_z"], succeeded=False)

    assert space.names == {"x": 1, "y": 2}
    assert space.private(A) == {"_z": 3}
    assert space.stored(A) == {"x", "y"}


def test_a_first_run_that_fails_leaves_nothing():
    space = Namespace()
    run(space, A, "x = 1\n_z = 1", "x", ["_z"], succeeded=False)

    assert space.names == {}
    assert space.stored(A) == frozenset()
    assert space.private(A) == {}


@pytest.mark.parametrize("succeeded", [True, False])
def test_names_that_the_new_code_no_longer_defines_go_at_once(*, succeeded: bool):
    space = Namespace()
    run(space, A, "x = 1\ny = 2\n_z = 3", "xy", ["_z"])
    run(space, A, "x = 5", "x", succeeded=succeeded)

    assert space.names == {"x": 5 if succeeded else 1}
    assert space.private(A) == {}


def test_a_shared_import_goes_with_the_last_cell_that_has_it():
    space = Namespace()
    run(space, A, "import os", ["os"])
    run(space, B, "import os.path", ["os"])
    run(space, A, "", ())
    assert "os" in space.names

    space.drop(B)
    assert "os" not in space.names


@pytest.mark.parametrize("succeeded", [True, False])
def test_a_shared_import_survives_the_rerun_of_one_of_its_cells(*, succeeded: bool):
    space = Namespace()
    run(space, A, "import os", ["os"])
    run(space, B, "import os", ["os"])
    run(space, A, "import os" if succeeded else "", ["os"], succeeded=succeeded)
    space.drop(B)

    assert "os" in space.names
    space.drop(A)
    assert "os" not in space.names


def test_dropping_a_cell_forgets_its_names():
    space = Namespace()
    run(space, A, "x = 1\n_y = 1", "x", ["_y"])
    run(space, B, "z = 1", "z")
    space.drop(A)
    space.drop(C)

    assert space.names == {"z": 1}
    assert space.private(A) == {}


def test_a_name_that_becomes_public_moves_to_the_globals():
    space = Namespace()
    run(space, A, "x = 1", (), "x")
    space.settle(A, {"x"}, ())

    assert space.names == {"x": 1}
    assert space.private(A) == {}
    space.drop(A)
    assert space.names == {}


def test_a_name_that_becomes_scratch_moves_to_the_store():
    space = Namespace()
    run(space, A, "x = 1", "x")
    space.settle(A, (), {"x"})

    assert space.names == {}
    assert space.private(A) == {"x": 1}
    assert space.stored(A) == frozenset()


@pytest.mark.parametrize(("before", "after"), [(("x", ""), ("", "x")), (("", "x"), ("x", ""))])
def test_a_failed_run_under_a_new_status_puts_the_value_where_it_belongs_now(
    before: tuple[str, str], after: tuple[str, str]
):
    space = Namespace()
    run(space, A, "x = 1", *before)
    run(space, A, "x = 2", *after, succeeded=False)

    assert space.names == ({"x": 1} if after[0] else {})
    assert space.private(A) == ({} if after[0] else {"x": 1})


def test_what_the_host_put_there_comes_back():
    space = Namespace({"__file__": "notebook.py"})
    run(space, A, "__file__ = 'mine'", ["__file__"])
    assert space.names["__file__"] == "mine"
    space.drop(A)

    assert space.names == {"__file__": "notebook.py"}


def test_a_name_deleted_by_another_cell_is_no_trouble():
    space = Namespace()
    run(space, A, "x = 1", "x")
    run(space, B, "del x", ())
    assert space.names == {}
    run(space, A, "x = 2", "x", succeeded=False)

    assert space.names == {}
    run(space, A, "x = 2", "x")
    assert space.names == {"x": 2}


def test_cells_nest_but_one_cell_does_not_run_twice_at_once():
    space = Namespace()
    space.enter(A, {"x"})
    run(space, B, "y = 1", "y")
    with pytest.raises(RuntimeError, match="running already"):
        space.enter(A, {"x"})
    space.names["x"] = 1
    space.leave(A, succeeded=True)

    assert space.names == {"x": 1, "y": 1}


NAMES = st.sampled_from(["x", "y", "_p", "_q", "s"])
RUNS = st.lists(
    st.tuples(
        st.sampled_from([A, B, C]),
        st.dictionaries(NAMES, st.tuples(st.booleans(), st.booleans())),
        st.sampled_from(["succeed", "fail", "drop"]),
    ),
    max_size=25,
)


@given(RUNS)
def test_globals_and_stores_hold_exactly_what_successful_runs_left(
    runs: list[tuple[CellId, dict[str, tuple[bool, bool]], str]],
):
    """A plain model: per cell the values it has, each public or private. Public names are kept apart per cell."""
    space = Namespace({"base": 0})
    model: dict[CellId, dict[str, tuple[bool, int]]] = {A: {}, B: {}, C: {}}
    for number, (cell, shape, ending) in enumerate(runs):
        # (is public, is bound) per name; two cells never share a public name here
        public = {f"{cell}_{name}" for name, (is_public, _) in shape.items() if is_public}
        private = {name for name, (is_public, _) in shape.items() if not is_public}
        bound = {(f"{cell}_{n}" if p else n): number for n, (p, is_bound) in shape.items() if is_bound}
        if ending == "drop":
            space.drop(cell)
            model[cell] = {}
            continue
        space.enter(cell, public, private)
        assert not any(name in space.names for name in model[cell])
        space.names.update(bound)
        space.leave(cell, succeeded=ending == "succeed")
        if ending == "succeed":
            model[cell] = {name: (name in public, value) for name, value in bound.items()}
        else:
            model[cell] = {
                name: (name in public, value)
                for name, (_, value) in model[cell].items()
                if name in public or name in private
            }
        assert space.names == {"base": 0} | {
            name: value for kept in model.values() for name, (is_public, value) in kept.items() if is_public
        }
        for other, kept in model.items():
            assert space.private(other) == {name: value for name, (is_public, value) in kept.items() if not is_public}
            assert space.stored(other) == {name for name, (is_public, _) in kept.items() if is_public}
