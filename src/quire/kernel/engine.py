"""Carries out what the state machine decides: the one loop around it, shared by the real kernel and the fake one.

Nothing here knows how commands arrive or where notices go.
"""

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from time import perf_counter, time
from traceback import print_exception
from types import CodeType

from quire.dataflow import Source
from quire.errors import StopError
from quire.ids import CellId, ElementId
from quire.kernel.compile import compile_cell
from quire.kernel.costs import Meter
from quire.kernel.elements import Elements
from quire.kernel.events import (
    CellEnded,
    CellsSynced,
    Discarded,
    DropCells,
    Effect,
    Event,
    ForgetNames,
    LazySet,
    LoseNames,
    ModulesChanged,
    Ready,
    Report,
    RunAsked,
    SettleCell,
    StaleAsked,
    StartCell,
    ValuesChanged,
)
from quire.kernel.failures import LastFailure, was_quit
from quire.kernel.hints import hint_for, missing_name
from quire.kernel.hosts import Act, CellHost, KernelHost, speaking
from quire.kernel.interrupts import Interrupts
from quire.kernel.live import Live
from quire.kernel.memory import Reserve
from quire.kernel.modules import LocalModules
from quire.kernel.namespace import Namespace
from quire.kernel.runner import Ended, Runner, lent
from quire.kernel.sizes import fit_beside
from quire.kernel.state import KernelState, apply
from quire.kernel.streams import NoStreams, Streams
from quire.kernel.texts import RunTexts
from quire.kernel.trials import Trials
from quire.kernel.variables import list_variables
from quire.names.model import is_mangled
from quire.outputs.figures import close_figures, figures_asked_for, open_figures
from quire.outputs.html import Html
from quire.outputs.limit import message
from quire.outputs.registry import render
from quire.outputs.tracebacks import render_error
from quire.protocol.kernel import (
    BindNotebook,
    CellSource,
    DebugKernelCell,
    Discard,
    KernelCommand,
    ListVariables,
    Question,
    QuestionAnswered,
    RunKernelCells,
    RunNotice,
    RunStaleCells,
    SetKernelElements,
    SetKernelLazy,
    SyncCells,
    VariablesListed,
)
from quire.protocol.messages import Output, Reload
from quire.protocol.notices import CellFinished, CellStarted, ElementsChanged

_NO_FIGURES: frozenset[int] = frozenset()


class Engine:
    """One kernel: its globals, its elements, its state."""

    def __init__(
        self,
        names: dict[str, object],
        report: Callable[[RunNotice], None],
        *,
        interrupts: Interrupts,
        streams: Streams | None = None,
        flush: Callable[[], None] = lambda: None,
        live: Live | None = None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        """`report` collects notices; `flush` sends them, before code runs that may end the process or take for ever.
        `live` sends those that do not wait for the end of a run. `wake` is called, from any thread, when there is
        something to do for `step`.
        """
        self._report = report
        self._flush = flush
        self._live = live or Live(self._report_all, at_once=True)
        self._wake = wake
        self._interrupts = interrupts
        self._streams: Streams = streams or NoStreams()
        self.namespace = Namespace(names)
        self.runner = Runner(names, self._interrupts)
        self._elements = Elements()
        self.host = KernelHost(self._take_announcement, self._live, self._take_act)
        self._hosts: dict[CellId, CellHost] = {}
        self._announced: deque[tuple[object, CellId | None]] = deque()
        """Values that have another content, each with the cell that need not hear of it; filled by any thread."""
        self._acts: deque[tuple[CellHost, Act]] = deque()
        """What is to go on in the name of cells; filled by any thread."""
        self._reload: Reload = "off"
        self.modules = LocalModules(self._take_module_change)
        self._modules_changed = False
        self._meter = Meter()
        self._failure = LastFailure(report)
        self._begun = 0
        """How often a cell began to run, or to be looked into: what the marks in its streams count."""
        self._texts = RunTexts()
        self._trials = Trials(names, self.runner, interrupts, self._texts)
        self._state = KernelState()
        self._reserve = Reserve()
        self._sources: dict[CellId, CellSource] = {}
        self._figures: dict[CellId, frozenset[int]] = {}

    def bind(self, notebook: BindNotebook) -> None:
        """The notebook's file, which code objects and tracebacks name, and what its host answers."""
        self._texts.path = self._trials.path = notebook.path
        self._trials.is_on = notebook.reactive_tests
        self.host.path = notebook.path
        self._elements.keep(notebook.elements)
        self.host.page_query = tuple(notebook.query)
        self.host.page_request = notebook.request
        self.host.hides_errors = notebook.hides_errors
        self.host.mode = notebook.mode
        self.host.theme = notebook.theme
        self._reload = notebook.auto_reload
        self._apply(LazySet(notebook.lazy))
        if notebook.carrier == "markdown":
            self.namespace.provide("qr", import_module("quire"))  # as a cell would import it

    @property
    def is_busy(self) -> bool:
        """True while there is something to do for `step`."""
        return bool(self._state.queue or self._announced or self._acts or self._modules_changed)

    def obey(self, command: KernelCommand) -> None:
        """Take a command. Cells only run in `step`."""
        match command:
            case SyncCells():
                self._sync(command)
            case RunKernelCells(cells=cells, below=below):
                self._apply(RunAsked(cells, below=below))
            case RunStaleCells():
                self._apply(StaleAsked())
            case SetKernelLazy(lazy=lazy):
                self._apply(LazySet(lazy))
            case SetKernelElements(values=values):
                self._set_elements(values)
            case Discard():
                self._apply(Discarded())
            case DebugKernelCell(cell=cell):
                self._debug(cell)
            case _:
                raise ValueError(f"`{type(command).__name__}` is not for the engine")

    def answer(self, question: Question) -> RunNotice:
        """Answer beside the cells: called from another thread, while the main one goes on. Changes nothing; may raise."""
        if isinstance(question, ListVariables):
            return VariablesListed(variables=list_variables(*self.namespace.shown(), self._state.graph))
        from quire.kernel.intelligence import answer_code  # noqa: PLC0415 - brings jedi, for those who ask

        names, directory = self._names_seen_by(question.cell), os.path.dirname(self._texts.path)  # noqa: PTH120 - as bound
        return QuestionAnswered(question=question.question, answer=answer_code(question, names, directory))

    def _names_seen_by(self, cell: CellId) -> dict[str, object]:
        """The live values under the names that the cell's own code uses."""
        names = {name: value for name, value in dict(self.namespace.names).items() if not is_mangled(name)}
        graph = self._state.graph
        if cell in graph.sources:
            for name, mangled in graph.mangled(cell).items():
                if mangled in self.namespace.names:
                    names[name] = self.namespace.names[mangled]
        names.update(self.namespace.private(cell))
        return names

    def goes_on(self, code: CodeType) -> bool:
        """True when this is not the last code of its cell."""
        return self._texts.goes_on(code)

    @contextmanager
    def as_written(self, code: CodeType) -> Generator[None]:
        """While this is open, Python finds the lines and the names of the cell that `code` is of as its text has them."""
        text = self._texts.text_of(code)
        if text is None:
            yield
            return
        names, cell = self.namespace.names, text.cell
        graph = self._state.graph
        mangled: Mapping[str, str] = graph.mangled(cell) if cell in graph.sources else {}
        more = {name: value for name, value in self._names_seen_by(cell).items() if name not in names}
        with self._texts.laid_out(text), lent(names, more):
            yield
            for name in mangled.keys() & more.keys() & names.keys():
                names[mangled[name]] = names[name]

    def step(self) -> bool:
        """Run the next cell to its end; False when there is none."""
        self._hear()
        started = False
        for effect in self._decide(Ready()):
            if isinstance(effect, StartCell):
                started = True
                self._run(effect)
            else:
                self._perform(effect)
        if not self.is_busy:
            self._elements.release()
        return started

    def close(self) -> None:
        """Nothing runs any more."""
        for host in self._hosts.values():
            host.close()
        self.modules.close()
        self.runner.close()

    def _report_all(self, notices: list[RunNotice]) -> None:
        for notice in notices:
            self._report(notice)

    # -- effects

    def _decide(self, event: Event) -> list[Effect]:
        self._state, effects = apply(self._state, event)
        return effects

    def _apply(self, event: Event) -> None:
        for effect in self._decide(event):
            self._perform(effect)

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Report(notice=notice):
                self._report(notice)
            case DropCells(cells=cells):
                for cell in cells:
                    self._drop(cell)
            case ForgetNames(names=names):
                for name in names:
                    self.namespace.forget(name)
            case LoseNames(cell=cell, names=names):
                self.namespace.lose(cell, names)
            case SettleCell():
                self.namespace.settle(effect.cell, effect.public, effect.private)
            case StartCell():
                raise AssertionError("cells are started by `step` only")

    def _drop(self, cell: CellId) -> None:
        self.namespace.drop(cell)
        self._elements.drop(cell)
        self._texts.drop(cell)
        self._leave_host(cell)
        self._failure.let_go(cell)
        self._live.drop(cell)
        self._sources.pop(cell, None)
        close_figures(self._figures.pop(cell, _NO_FIGURES))

    # -- commands

    def _sync(self, command: SyncCells) -> None:
        for source in command.changed:
            self._sources[source.id] = source
        self._texts.synced(command.changed)
        changed = {
            source.id: Source(source.code, source.type, source.name, disabled=source.disabled)
            for source in command.changed
        }
        self._apply(CellsSynced(tuple(command.order), changed))

    def _set_elements(self, values: Mapping[ElementId, object]) -> None:
        with speaking(self.host):
            received = self._elements.receive(values, self._interrupts.call)
        _end_stepping()
        if received.refused:
            self._report(ElementsChanged(values=dict(received.refused)))
        for cell, element in received.changed:
            names = frozenset(name for name in self.namespace.stored(cell) if self.namespace.names.get(name) is element)
            if names:
                self._apply(ValuesChanged(names, cell, asked=element.asks_for_runs))
        self._hear()

    # -- values that say themselves that they have changed

    def _take_announcement(self, value: object, beside: CellId | None) -> None:
        """Called from any thread."""
        self._announced.append((value, beside))
        self._wake()

    def _take_act(self, host: CellHost, act: Act) -> None:
        """Called from any thread."""
        self._acts.append((host, act))
        self._wake()

    def _take_module_change(self) -> None:
        """Called from another thread."""
        self._modules_changed = True
        self._wake()

    def _hear(self) -> None:
        if self._modules_changed:
            self._modules_changed = False
            if modules := self.modules.renew():
                self._apply(ModulesChanged(modules, run=self._reload == "autorun"))
        while self._acts:
            self._go_on(*self._acts.popleft())
        while self._announced:
            value, beside = self._announced.popleft()
            names = frozenset(name for name, bound in self.namespace.names.items() if bound is value)
            if names:
                self._apply(ValuesChanged(names, beside))

    def _go_on(self, host: CellHost, act: Act) -> None:
        """Let what a cell has made go on; the cell itself does not run. Of a run that is over and done with, nothing does."""
        cell = host.cell
        if cell is None or self._hosts.get(cell) is not host:
            return
        self._elements.begin(cell, whole=False)
        with speaking(host), host.printing():
            if (error := self.runner.call(act)) is not None and not isinstance(error, KeyboardInterrupt):
                print_exception(error)
        if taken_back := self._elements.end(succeeded=True):
            self._report(ElementsChanged(values=dict(taken_back)))

    # -- runs

    def _run(self, start: StartCell) -> None:
        cell = start.cell
        self._failure.let_go(cell)
        self._begin(cell)
        self._meter.begin()
        before = perf_counter()
        host = self._enter_host(cell)
        ended = self._run_code(start, host)
        if ended.error is None and self._trials.are_due:
            ended = self._try_tests(cell, host, ended)
        # What is shown may ask its host too; elements that are made only now belong to nobody.
        with speaking(host):
            output = self._render(ended) or host.shown
            if ended.error is None and (self._trials.has_failed or output is None):
                output = self._trials.render() or output
        host.drawn = _drawn_anew(ended.value)
        self._interrupts.forget()
        if self._reload != "off":
            self.modules.look()
        missing = missing_name(ended.error)
        outcome = "failed" if self._trials.has_failed and ended.error is None else ended.outcome
        self._trials.forget()
        del ended  # what the cell made must not live longer than its names
        duration, costs = perf_counter() - before, self._meter.end()
        self._streams.end(self._begun)
        if (changed := self._live.settle(cell, output)) is not None:
            self._report(changed)
        self._apply(CellEnded(cell, outcome, duration, missing, costs))
        self._reserve.renew()

    def _run_code(self, start: StartCell, host: CellHost) -> Ended:
        """Run the cell among its names, with its elements and figures, and keep what it made if it succeeded."""
        cell, source = start.cell, self._sources[start.cell]
        close_figures(self._figures.pop(cell, _NO_FIGURES))
        figures = open_figures()
        # Visitors see no old values, and what fills the memory must not have to be there twice.
        keep = self.host.mode == "edit" and fit_beside(self.namespace.values(cell))
        self.namespace.enter(cell, start.public, start.private, keep=keep)
        self._elements.begin(cell)
        with speaking(host):
            ended = self._compile_and_run(source, start.mangled)
        succeeded = ended.error is None
        if ended.error is not None:
            self._reserve.relieve(ended.error)
        self._keep_failure(start, ended)
        self.namespace.leave(cell, succeeded=succeeded)
        if taken_back := self._elements.end(succeeded=succeeded):
            self._report(ElementsChanged(values=dict(taken_back)))
        if opened := open_figures() - figures:
            self._figures[cell] = opened
            if succeeded and ended.value is None:
                return Ended(figures_asked_for(opened, source.code))
        return ended

    def _try_tests(self, cell: CellId, host: CellHost, ended: Ended) -> Ended:
        """Run the tests that the cell has defined. What the cell made counts, whatever becomes of them."""
        with speaking(host):
            error = self._trials.try_defined(self._names_seen_by(cell))
        _end_stepping()
        return ended if error is None else Ended(None, error)

    def _begin(self, cell: CellId, *, debugs: bool = False) -> None:
        """From now on what is printed is the cell's, and an interrupt is for it."""
        self._interrupts.install()
        self._interrupts.expect()
        self._begun += 1
        self._report(CellStarted(cell=cell, started=time(), debugs=debugs))
        self._flush()
        self._streams.begin(self._begun)

    def _keep_failure(self, start: StartCell, ended: Ended) -> None:
        """For `_debug`. Called before the names of the run go; visitors of an app look into nothing, and where memory ran
        out, nobody holds on to what filled it.
        """
        error = ended.error
        if self.host.mode != "edit" or error is None or ended.outcome != "failed" or isinstance(error, MemoryError):
            return
        names = self.namespace.names
        bound = {name: names[name] for name in (*start.public, *start.private) if name in names}
        if fit_beside([*bound.values()]):
            self._failure.keep(start.cell, error, bound)

    def _debug(self, cell: CellId) -> None:
        """Let somebody look into the cell's failure. Nothing runs, and the cell stays what it was."""
        if cell != self._failure.cell:
            return
        self._begin(cell, debugs=True)
        with speaking(self._hosts.get(cell, self.host)), lent(self.namespace.names, self._failure.names):
            self._interrupts.call(self._failure.look_into)
        self._interrupts.forget()
        self._streams.end(self._begun)
        record = self._state.records[cell]
        self._report(CellFinished(cell=cell, outcome=record.outcome, stale=record.stale))

    def _enter_host(self, cell: CellId) -> CellHost:
        """A host for a run that begins; what the cell's last run left behind ends."""
        self._leave_host(cell)
        names = self._state.graph.names(cell)
        host = self._hosts[cell] = CellHost(self.host, cell, defs=names.defs, refs=names.refs, elements=self._elements)
        return host

    def _leave_host(self, cell: CellId) -> None:
        if (host := self._hosts.pop(cell, None)) is not None:
            host.close()

    def _compile_and_run(self, source: CellSource, mangled: Mapping[str, str]) -> Ended:
        try:
            rewrite = self._trials.begin(source)
            compiled = compile_cell(source.code, self._texts.path or "<cell>", source.line, mangled, rewrite)
        except SyntaxError as error:
            self._texts.started(source, None)
            return Ended(None, error)
        self._texts.started(source, compiled)
        ended = self._trials.run_cell(source, compiled, self._state.graph.names(source.id).refs)
        _end_stepping()
        return ended

    def _render(self, ended: Ended) -> Output | None:
        if isinstance(ended.error, StopError):
            ended = Ended(ended.error.output)
        if was_quit(ended.error):
            return message("Not finished", "The debugger was told to quit, so the cell ended there.")
        if ended.error is not None:
            return render_error(
                ended.error,
                self._texts,
                hint=hint_for(ended.error, self._state.graph, self.namespace, is_app=self.host.mode == "run"),
            )
        output: Output | None = None

        def show() -> None:
            nonlocal output
            output = render(ended.value)

        error = self._interrupts.call(show)
        _end_stepping()
        if error is None:
            return output
        if isinstance(error, KeyboardInterrupt):
            return message("Not shown", "Showing the value was interrupted. The value itself is complete.")
        self._reserve.relieve(error)
        return render_error(error, self._texts, hint="this happened while the value was shown; the value is complete")


def _drawn_anew(value: object) -> Callable[[], Output | None] | None:
    """Draws a value that looks different at another time. Other values are not held on to."""
    return (lambda: render(value)) if isinstance(value, Html) and value.is_live else None


def _end_stepping() -> None:
    """The user's code is over; a debugger must not follow into ours."""
    if sys.gettrace() is not None and (debugger := sys.modules.get("quire.kernel.debugger")) is not None:
        debugger.end_stepping()
