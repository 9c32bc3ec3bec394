"""What the tests of the session share: a notebook to begin with, and a page that believes what it is told."""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from quire.ids import CellId
from quire.notebook import carrier_of, read_notebook
from quire.protocol import notices as n
from quire.protocol.commands import AnyCommand
from quire.protocol.kernel import KernelCommand, KernelReady
from quire.protocol.messages import CellView, ConsoleText, Costs, Message, Update
from quire.session.apply import apply
from quire.session.changes import ChangeSet, replace_text
from quire.session.events import (
    Answer,
    Asked,
    Check,
    Checked,
    Effect,
    Event,
    KernelNoticed,
    Opened,
    PageId,
    PageOpened,
    SendKernel,
    Tell,
)
from quire.session.problems import graph_after
from quire.session.state import File, Place, SessionState, open_state

PAGE = PageId("page")
Kind = TypeVar("Kind")


def notebook_text(*codes: str) -> str:
    """A file with these cells."""
    cells = "".join(
        "@app.cell\ndef _():\n"
        + "".join(f"    {line}\n" if line else "\n" for line in code.split("\n"))
        + "    return\n\n\n"
        for code in codes
    )
    return f'import quire\n\napp = quire.App()\n\n\n{cells}if __name__ == "__main__":\n    app.run()\n'


def markdown_text(*codes: str) -> str:
    """The same as a markdown file."""
    return "---\nquire-version: 0.1.0\n---\n" + "".join(f"\n```python {{.quire}}\n{code}\n```\n" for code in codes)


def opened(*codes: str, text: str | None = None, name: str = "nb.py") -> SessionState:
    """A session of a file that exists, with one page, before anything was run."""
    write = markdown_text if name.endswith(".md") else notebook_text
    text = write(*codes) if text is None else text
    place = Place(f"/notebooks/{name}", name, "/notebooks")
    state = open_state(place, read_notebook(text, carrier_of(name)), File(text.encode()), epoch="e")
    return apply(state, PageOpened(PAGE))[0]


def ids(state: SessionState) -> list[CellId]:
    return state.order()


def codes(state: SessionState) -> list[str]:
    return [state.document.text_of(cell).text for cell in state.order()]


def ask(state: SessionState, command: AnyCommand, page: PageId = PAGE) -> tuple[SessionState, list[Effect]]:
    return apply(state, Asked(page, command))


def typed(state: SessionState, cell: CellId, text: str, client: str = "me") -> "AnyCommand":
    """The command that makes `text` of what the cell holds now."""
    from quire.protocol.commands import PushUpdates

    now = state.document.text_of(cell)
    return PushUpdates(
        cell=cell,
        version=now.version,
        updates=[Update(client_id=client, changes=replace_text(now.text, text).to_json())],
    )


def told(effects: Iterable[Effect], kind: type[Message] = Message) -> list[Message]:
    """Notices to all pages or to this one."""
    return [e.notice for e in effects if isinstance(e, Tell | Answer) and isinstance(e.notice, kind)]


def of_kind(effects: Iterable[Effect], kind: type[Kind]) -> list[Kind]:
    return [effect for effect in effects if isinstance(effect, kind)]


def started(*cells: str) -> SessionState:
    """Its kernel is there."""
    state, _ = apply(opened(*cells), Opened())
    state, _ = apply(state, KernelNoticed([KernelReady(pid=1)]))
    return state


def running(*cells: str) -> SessionState:
    """The first cell runs, the others wait."""
    state = started(*cells)
    queued, first = n.CellsQueued(cells=ids(state)), n.CellStarted(cell=ids(state)[0], started=12.5)
    return apply(state, KernelNoticed([queued, first]))[0]


def sent(effects: Iterable[Effect]) -> list[KernelCommand]:
    return [effect.command for effect in of_kind(effects, SendKernel)]


def view(state: SessionState) -> n.NotebookOpened:
    """What a newcomer is shown."""
    (notice,) = told(apply(state, PageOpened(PageId("other")))[1], n.NotebookOpened)
    assert isinstance(notice, n.NotebookOpened)
    return notice


def check(effect: Check) -> Event:
    """What the loop does with this effect."""
    return Checked(effect.notebook, graph_after(effect.before, effect.graph, effect.notebook))


class Model:
    """A page as a reducer: the state it was shown first, changed by notices only."""

    def __init__(self, opened: n.NotebookOpened) -> None:
        self.cells: dict[CellId, CellView] = {cell.id: cell for cell in opened.cells}
        self.order = [cell.id for cell in opened.cells]
        self.title, self.save, self.save_message = opened.title, opened.save, opened.save_message
        self.kernel, self.lazy = opened.kernel, opened.lazy
        self.elements = dict(opened.elements)
        self.pages = {page.client_id: page.caret for page in opened.pages}

    def take(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            if (isinstance(effect, Tell) and effect.beside != PAGE) or (
                isinstance(effect, Answer) and effect.page == PAGE
            ):
                self.take_notice(effect.notice)

    def _patch(self, cell: CellId, **fields: object) -> None:
        self.cells[cell] = msgspec.structs.replace(self.cells[cell], **fields)

    def _place(self, cell: CellId, after: CellId | None) -> None:
        self.order.insert(0 if after is None else self.order.index(after) + 1, cell)

    def take_notice(self, notice: Message) -> None:  # noqa: PLR0915 - one statement for each kind of notice
        match notice:
            case n.UpdatesAccepted(cell=cell) if cell not in self.cells:
                pass  # typed into a cell that was deleted meanwhile
            case n.UpdatesAccepted(cell=cell, version=version, updates=updates):
                assert version == self.cells[cell].version
                for update in updates:
                    code = ChangeSet.from_json(update.changes).apply(self.cells[cell].code)
                    self._patch(cell, code=code, version=self.cells[cell].version + 1)
            case n.CellReplaced(cell=view):
                assert view.id in self.cells
                self.cells[view.id] = view
            case n.CellAdded(cell=view, after=after):
                assert view.id not in self.cells
                self.cells[view.id] = view
                self._place(view.id, after)
            case n.CellRemoved(cell=cell):
                del self.cells[cell]
                self.order.remove(cell)
            case n.CellMoved(cell=cell, after=after):
                self.order.remove(cell)
                self._place(cell, after)
            case n.CellRenamed(cell=cell, name=name):
                self._patch(cell, name=name)
            case n.CellConfigured(cell=cell, hide_code=hide_code, disabled=disabled):
                self._patch(cell, hide_code=hide_code, disabled=disabled)
            case n.TitleChanged(title=title):
                self.title = title
            case n.CellsQueued(cells=cells):
                for cell in cells:
                    self._patch(cell, activity="queued")
            case n.CellStarted(cell=cell, started=started, debugs=debugs):
                self._patch(cell, activity="running", started=started)
                if not debugs:
                    self._patch(cell, console=[])
            case n.ConsoleWritten(cell=cell, console=console):
                self._patch(cell, console=[*self.cells[cell].console, console])
            case n.InputChanged(cell=cell, input=question):
                self._patch(cell, input=question)
            case n.OutputChanged(cell=cell, output=output):
                self._patch(cell, output=output)
            case n.CellFinished(cell=cell):
                self._patch(cell, activity="idle", outcome=notice.outcome, stale=notice.stale, started=None)
                if notice.duration is not None:
                    memory = notice.costs and notice.costs.memory
                    self._patch(cell, duration=notice.duration, memory=memory)
            case n.CellsRan(cells=cells, durations=durations, outputs=outputs):
                for cell, duration, memory in zip(cells, durations, notice.memory, strict=True):
                    self.take_notice(n.CellStarted(cell=cell, started=0.0))
                    if cell in outputs:
                        self.take_notice(n.OutputChanged(cell=cell, output=outputs[cell]))
                    costs = None if memory is None else Costs(cpu=0.0, memory=memory)
                    self.take_notice(n.CellFinished(cell=cell, outcome="succeeded", duration=duration, costs=costs))
            case n.CellsStale(cells=cells, stale=stale):
                for cell in cells:
                    self._patch(cell, stale=stale)
            case n.CellsEdited(cells=cells, edited=edited):
                for cell in cells:
                    self._patch(cell, edited=edited)
            case n.ProblemsChanged(problems=problems):
                for cell, found in problems.items():
                    self._patch(cell, problems=found)
            case n.ElementsChanged(values=values):
                self.elements |= values
            case n.KernelChanged(status=status):
                self.kernel = status
                if status == "starting":
                    self.elements = {}
            case n.LazyChanged(lazy=lazy):
                self.lazy = lazy
            case n.SaveChanged(status=status, message=message):
                self.save, self.save_message = status, message
            case n.PageMoved(page=page):
                self.pages[page.client_id] = page.caret
            case n.PageLeft(client_id=client):
                self.pages.pop(client, None)
            case n.CodeAnswered() | n.RunsListed() | n.TracebackKept() | n.VariablesChanged() | n.FindingsChanged():
                pass  # not of the notebook
            case (
                n.ConflictFound()
                | n.CellsFormatted()
                | n.NotebookExported()
                | n.CommandAnswered()
                | n.Notified()
                | n.QueryChanged()
                | n.ToastShown()
                | n.UpdatesRefused()
                | n.PackagesListed()
                | n.InstallerChanged()
                | n.NotebookOpened()
            ):
                pass
            case _:
                raise AssertionError(notice)

    def view(self) -> list[CellView]:
        """All cells, with the console in one piece for each stream in turn."""
        return [joined(self.cells[cell]) for cell in self.order]


def joined(view: CellView) -> CellView:
    console: list[ConsoleText] = []
    for piece in view.console:
        text = piece.text
        if console and (console[-1].stream, console[-1].late) == (piece.stream, piece.late):
            text = console.pop().text + text
        console.append(ConsoleText(stream=piece.stream, text=text, late=piece.late))
    return msgspec.structs.replace(view, console=console)
