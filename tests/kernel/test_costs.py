"""What a run took, measured in a real kernel process; and that a kernel at rest takes nothing."""

import asyncio
from pathlib import Path

from quire.kernel.costs import Meter
from quire.kernel.forking import ForkingKernels
from quire.protocol.kernel import KernelIdle
from quire.protocol.messages import Costs
from quire.protocol.notices import CellFinished

from .processes import PATIENCE, REAL_PROCESS, Notebook, with_kernel

pytestmark = REAL_PROCESS

MB = 1_000_000
BURN = "import time; end = time.process_time() + 0.05\nwhile time.process_time() < end: pass"


def costs(notebook: Notebook, cell: str) -> Costs:
    found = [n.costs for n in notebook.notices if isinstance(n, CellFinished) and n.cell == cell][-1]
    assert found is not None
    return found


def test_memory_that_a_run_let_go_again_is_in_its_peak_and_in_no_other(tmp_path: Path):
    async def story(notebook: Notebook):
        await notebook.run("a")
        await notebook.run("b")
        large, small = costs(notebook, "a"), costs(notebook, "b")
        assert large.memory is not None
        assert large.peak is not None
        assert 70 * MB < large.memory < 100 * MB
        assert large.peak > large.memory
        assert small.memory is not None
        assert small.memory < 20 * MB

    with_kernel(tmp_path / "nb.py", story, a="len(bytearray(80_000_000))", b="1")


def test_where_the_system_cannot_forget_a_peak_only_a_higher_one_is_known(tmp_path: Path):
    """As in some containers; here, nothing can be opened any more."""
    closed = "import resource as _r\nlen(bytearray(80_000_000)); _r.setrlimit(_r.RLIMIT_NOFILE, (0, 4096))"
    cells = {"closed": closed, "less": "len(bytearray(40_000_000))", "more": "len(bytearray(120_000_000))"}

    async def story() -> None:
        kernels = ForkingKernels()
        kernels.prepare()
        notebook = Notebook(kernels.make_kernel(), **cells)
        await notebook.open(tmp_path / "nb.py")
        for cell in cells:
            await notebook.run(cell)
        assert costs(notebook, "less") == Costs(cpu=costs(notebook, "less").cpu)
        assert (costs(notebook, "more").peak or 0) > 120 * MB
        await notebook.kernel.close()
        await kernels.discard()

    asyncio.run(asyncio.wait_for(story(), PATIENCE))


def test_processor_time_counts_the_kernel_and_the_processes_that_it_ran(tmp_path: Path):
    async def story(notebook: Notebook):
        await notebook.run()
        assert costs(notebook, "own").cpu >= 0.05
        assert costs(notebook, "child").cpu >= 0.05

    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}]).check_returncode()"
    with_kernel(tmp_path / "nb.py", story, own=BURN, child=child)


def test_a_kernel_at_rest_tells_its_memory(tmp_path: Path):
    async def story(notebook: Notebook):
        await notebook.run()
        (idle,) = [n for n in notebook.notices[-1:] if isinstance(n, KernelIdle)]
        assert idle.memory is not None
        assert idle.memory > 50 * MB

    with_kernel(tmp_path / "nb.py", story, a="kept = bytearray(50_000_000)")


def test_measuring_opens_nothing_for_good():
    """Else a file of the user's could come to be under the number of ours."""
    here = Path("/proc/self/fd")
    before = len(list(here.iterdir()))
    meter = Meter()
    meter.begin()
    meter.end()

    assert len(list(here.iterdir())) == before


def test_a_kernel_at_rest_does_not_wake(tmp_path: Path):
    def wakings(pid: int) -> int:
        statuses = [path.read_text(encoding="ascii") for path in Path(f"/proc/{pid}/task").glob("*/status")]
        return sum(int(line.split()[1]) for text in statuses for line in text.splitlines() if "ctxt_switches" in line)

    async def story(notebook: Notebook) -> None:
        await notebook.run()
        pid = notebook.kernel.pid
        assert pid is not None
        before, now = -1, wakings(pid)
        while before != now:  # until all that a start brings with it is over
            await asyncio.sleep(0.3)
            before, now = now, wakings(pid)

    with_kernel(tmp_path / "nb.py", story, a="print(1)")
