"""A page that was there all the time shows what a newcomer is shown, whatever happened in between."""

from hypothesis import given
from hypothesis import strategies as st

from quire.ids import CellId
from quire.notebook import parse_notebook, write_notebook
from quire.notebook.prose import read_prose
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.kernel import KernelIdle, KernelReady
from quire.protocol.messages import ConsoleText, Output
from quire.session.apply import apply
from quire.session.events import (
    Check,
    CheckDue,
    FileFound,
    FileSeen,
    FileWritten,
    KernelExited,
    KernelNoticed,
    KernelPrinted,
    Opened,
    PageId,
    ReactionDue,
    SaveDue,
    WriteFailed,
    WriteFile,
)
from quire.session.saving import encode_notebook
from quire.session.settling import settle
from quire.session.state import view_notebook

from .model import PAGE, Model, ask, check, markdown_text, notebook_text, opened, typed

CODES = [
    "x = 1",
    "y = x",
    "x = 2",
    "def f():\n    return 1",
    "class A:\n    pass",
    "import os\n",
    "(",
    "",
    "print('😀')",
    "\n\n",
    'qr.md(r"""\nwords\n""")',
    'qr.md(r"""\n- more\n\nwords\n""")',
]
codes = st.sampled_from(CODES)


class World:
    """The session and one page, driven by numbers that Hypothesis draws."""

    def __init__(self, cells: list[str], name: str = "nb.py") -> None:
        self.state = opened(*cells, name=name)
        self.model = Model(view_notebook(self.state, PAGE))
        self.count = 0
        self.take(Opened())

    def take(self, event) -> None:
        self.state, effects = apply(self.state, event)
        self.model.take(effects)
        for effect in effects:
            if isinstance(effect, Check):
                self.take(check(effect))

    def ask(self, command) -> None:
        self.state, effects = ask(self.state, command)
        self.model.take(effects)
        for effect in effects:
            if isinstance(effect, WriteFile):
                self.pending = effect

    def cell(self, number: int) -> CellId:
        order = self.state.order()
        return order[number % len(order)] if order else CellId("none")

    def act(self, act: str, one: int, two: int, code: str) -> None:  # noqa: PLR0915 - one case for each act
        cell, other = self.cell(one), self.cell(two)
        self.count += 1
        match act:
            case "type":
                if self.state.has(cell):
                    self.ask(typed(self.state, cell, code))
            case "add":
                after = other if two % 3 and self.state.has(other) else None
                self.ask(
                    c.AddCells(
                        cells=[
                            c.NewCell(cell=CellId(f"n{self.count}"), code=code, type="setup" if one == 9 else "cell")
                        ],
                        after=after,
                    )
                )
            case "split":
                if self.state.has(cell):
                    version = self.state.document.text_of(cell).version
                    cuts = [c.Cut(at=at, cell=CellId(f"n{self.count}_{at}")) for at in (one, two) if one != two]
                    self.ask(c.SplitCell(cell=cell, version=version, cuts=cuts))
            case "merge":
                self.ask(c.MergeCells(cells=[cell, other]))
            case "late":
                gone = [CellId("none"), *self.state.removed][-1]
                if gone in self.state.document.texts:
                    self.ask(typed(self.state, gone, code))
            case "delete":
                self.ask(c.DeleteCells(cells=[cell]))
            case "restore":
                gone = list(self.state.removed)
                self.ask(c.RestoreCells(cells=[gone[one % len(gone)] if gone else CellId("none")]))
            case "move":
                self.ask(c.MoveCells(moves=[c.Placement(cell=cell, after=other if two % 4 else None)]))
            case "rename":
                self.ask(c.RenameCell(cell=cell, name=["_", "a", "b", "for"][two % 4]))
            case "configure":
                self.ask(
                    c.ConfigureCells(
                        options=[c.CellOptions(cell=cell, hide_code=bool(one % 2), disabled=bool(two % 2))]
                    )
                )
            case "title":
                self.ask(c.SetTitle(title=code))
            case "make":
                self.ask(c.MakeCell(cell=cell))
            case "fix":
                for found in self.state.problems.get(cell, [])[:1]:
                    for fix in found.fixes:
                        self.ask(c.FixProblem(cell=cell, name=found.name, fix=fix.kind))
            case "run":
                self.ask(c.RunCells(cells=[cell]))
                self.run(cell, code, one)
            case "restart":
                self.ask(c.RestartKernel(run=["all", "again", "none"][one % 3]))
                self.take(KernelNoticed([KernelReady(pid=1), KernelIdle()]))
            case "interrupt":
                self.ask(c.Interrupt())
                found = self.state.runs.get(cell)
                self.take(ReactionDue(cell, found and found.started))
            case "die":
                self.take(KernelExited("it was killed"))
            case "element":
                self.ask(c.SetElements(values={f"{cell}-0": two}))
            case "check":
                self.take(CheckDue())
            case "save":
                self.take(SaveDue())
                writing = self.state.file.writing
                if writing is not None:
                    self.take([FileWritten(writing), WriteFailed("disk full"), FileFound(b"other")][one % 3])
            case "outside":
                write = notebook_text if self.state.notebook.carrier == "python" else markdown_text
                self.take(FileSeen([None, self.state.file.known, write(code, "z = 1").encode(), b"hm"][one % 4]))
            case "settle":
                self.ask(c.SettleConflict(keep="disk" if one % 2 else "page"))
            case _:
                raise AssertionError(act)

    def run(self, cell: CellId, text: str, number: int) -> None:
        self.take(KernelNoticed([n.CellsQueued(cells=[cell, CellId("gone")])]))
        self.take(KernelNoticed([n.CellStarted(cell=cell, started=1.0)]))
        self.take(KernelPrinted(ConsoleText(stream="stdout", text=text)))
        if number % 3:
            output = Output(mime="text/plain", text=text)
            self.take(KernelNoticed([n.OutputChanged(cell=cell, output=output)]))
            self.take(KernelNoticed([n.CellFinished(cell=cell, outcome="succeeded", duration=0.1), KernelIdle()]))


acts = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "type",
                "type",
                "type",
                "add",
                "split",
                "merge",
                "late",
                "delete",
                "restore",
                "move",
                "rename",
                "configure",
                "title",
                "make",
                "fix",
                "run",
                "restart",
                "interrupt",
                "die",
                "element",
                "check",
                "save",
                "outside",
                "settle",
            ]
        ),
        st.integers(0, 9),
        st.integers(0, 9),
        codes,
    ),
    max_size=25,
)


names = st.sampled_from(["nb.py", "nb.md"])


@given(st.lists(codes, max_size=4), acts, names)
def test_a_page_follows_by_notices_alone(cells, sequence, name):
    world = World(cells, name)
    for act in sequence:
        world.act(*act)

    newcomer = Model(view_notebook(world.state, PageId("other")))
    assert world.model.view() == newcomer.view()
    assert world.model.title == newcomer.title
    assert (world.model.save, world.model.save_message) == (newcomer.save, newcomer.save_message)
    assert world.model.kernel == newcomer.kernel


@given(st.lists(codes, max_size=4), acts, names)
def test_what_is_saved_is_what_the_page_shows(cells, sequence, name):
    """Line breaks at the end of a cell apart, which the file does not keep, and in markdown how the call of prose is written."""
    world = World(cells, name)
    for act in sequence:
        world.act(*act)

    state, _ = settle(world.state)
    read = parse_notebook(encode_notebook(state.notebook).decode(), state.notebook.carrier)
    assert write_notebook(read) == write_notebook(state.notebook)
    plain = (
        (lambda code: read_prose(code) or code.rstrip("\n")) if name == "nb.md" else (lambda code: code.rstrip("\n"))
    )
    assert [plain(cell.code) for cell in read.cells] == [
        plain(state.document.text_of(cell.id).text) for cell in state.notebook.cells
    ]
