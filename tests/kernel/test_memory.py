"""What the system says of memory."""

import weakref
from pathlib import Path

import pytest

from quire.kernel import memory


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A system with these files."""

    def system(place: str, **files: str) -> None:
        (tmp_path / place).mkdir(parents=True)
        for name in ("cgroup.procs", *files):
            (tmp_path / place / name.replace("__", ".")).write_text(files.get(name, ""), encoding="ascii")

    folders = lambda: tuple(path.parent for path in sorted(tmp_path.rglob("cgroup.procs"), reverse=True))  # noqa: E731
    monkeypatch.setattr(memory, "_cgroup_folders", folders)
    return system


def test_a_process_knows_how_much_memory_it_has_had_and_what_is_left():
    peak = memory.peak_memory()
    assert peak is not None
    assert peak > 10_000_000
    assert memory.free_memory() > 10_000_000


def test_the_nearest_counter_counts(system):
    system("inner", memory__events="low 0\nmax 7\noom 2\noom_kill 1\n")
    assert memory.count_oom_kills() == 1


def test_the_counter_of_the_first_version_of_control_groups_is_read_too(system):
    system("inner", memory__oom_control="oom_kill_disable 0\nunder_oom 0\noom_kill 4\n")
    assert memory.count_oom_kills() == 4


@pytest.mark.parametrize(
    ("limit", "used"),
    [("memory__max", "memory__current"), ("memory__limit_in_bytes", "memory__usage_in_bytes")],
)
def test_the_smallest_room_holds(system, limit: str, used: str):
    system("outer", **{limit: "max\n", used: "1000\n"})
    assert memory.free_memory() > 1_000_000
    system("outer/inner", **{limit: "100000\n", used: "99000\n"})
    assert memory.free_memory() == 1000


def test_what_failed_functions_held_is_let_go_where_memory_is_short(monkeypatch: pytest.MonkeyPatch):
    class Large:
        pass

    def fail() -> None:
        large = Large()
        held.append(weakref.ref(large))
        raise MemoryError

    held: list[weakref.ref[Large]] = []
    reserve = memory.Reserve()
    with pytest.raises(MemoryError) as raised:
        fail()
    reserve.relieve(raised.value)
    assert held[0]() is not None
    monkeypatch.setattr(memory, "_RESERVE", 1 << 60)
    reserve.relieve(raised.value)
    assert held[0]() is None


def test_each_process_that_was_ended_for_want_of_memory_is_told_once(monkeypatch: pytest.MonkeyPatch):
    counts = iter([5, 5, 7, 7, 7])
    monkeypatch.setattr(memory, "count_oom_kills", lambda: next(counts))
    watch = memory.OomWatch()
    watch.begin()
    assert [watch.has_struck() for _ in range(4)] == [False, True, True, False]
