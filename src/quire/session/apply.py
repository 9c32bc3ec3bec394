"""The session as one pure function: what happens × state → state × what is to be done. Never reads, writes or waits."""

from typing import assert_never

from msgspec.structs import replace

from quire.dataflow import fix_problem
from quire.errors import EditRefused, QuireError, SaveConflict, StaleVersion
from quire.ids import CellId, ElementId
from quire.notebook import MakeCell, RenameCell, SetTitle
from quire.protocol.commands import (
    AddCells,
    AnswerInput,
    AnyCommand,
    AskCode,
    ChangePackages,
    ConfigureCells,
    DebugCell,
    DeleteCells,
    ExportNotebook,
    FixFinding,
    FixProblem,
    FollowFindings,
    FollowLinks,
    FormatCells,
    Interrupt,
    ListPackages,
    ListRuns,
    MergeCells,
    MoveCaret,
    MoveCells,
    PushUpdates,
    RestartKernel,
    RestoreCells,
    RunAll,
    RunCells,
    RunStale,
    Save,
    SetElements,
    SetLazy,
    SetSandbox,
    SettleConflict,
    SplitCell,
    StopInstaller,
    WatchVariables,
)
from quire.protocol.commands import MakeCell as MakeCellCommand
from quire.protocol.commands import RenameCell as RenameCellCommand
from quire.protocol.commands import SetTitle as SetTitleCommand
from quire.protocol.kernel import RunKernelCells, RunStaleCells, SetKernelElements
from quire.protocol.notices import CommandAnswered, ElementsChanged, KernelChanged, Notified
from quire.session.editing import (
    QUIRE,
    edit_notebook,
    push_updates,
    replace_page_text,
)
from quire.session.events import (
    Answer,
    Asked,
    CheckDue,
    Checked,
    CheckSoon,
    Effect,
    Event,
    Exported,
    ExportFailed,
    FileFound,
    FileSeen,
    FileWritten,
    FormatFailed,
    Formatted,
    InstallerSaid,
    InstallFailed,
    KernelExited,
    KernelNoticed,
    KernelPrinted,
    LookDue,
    Looked,
    LookSoon,
    Opened,
    PackagesChanged,
    PackagesFound,
    PageClosed,
    PageId,
    PageOpened,
    ReactionDue,
    SaveDue,
    SendKernel,
    Tell,
    WriteFailed,
)
from quire.session.exporting import answer_export, ask_export
from quire.session.findings import fix_finding, follow_findings, start_look, take_findings
from quire.session.formatting import answer_format, ask_format
from quire.session.history import list_runs
from quire.session.input import answer_input
from quire.session.life import bury_kernel, interrupt_kernel, start_kernel, take_reaction
from quire.session.links import follow_links
from quire.session.outside import describe_conflict, settle_conflict, take_conflict, take_seen
from quire.session.packages import (
    change_packages,
    list_packages,
    set_sandbox,
    stop_installer,
    take_change,
    take_install_failure,
    take_packages,
    take_words,
)
from quire.session.presence import dismiss_page, move_caret, welcome_page
from quire.session.problems import describe_damage, find_stray, graph_after, start_check, take_graph
from quire.session.questions import ask_code, forget_page, watch_variables
from quire.session.runs import debug_cell, set_lazy, take_notices, take_text
from quire.session.saving import save, take_failure, take_written
from quire.session.settling import settle
from quire.session.state import SessionState, Step, view_notebook
from quire.session.structure import (
    add_cells,
    configure_cells,
    delete_cells,
    merge_cells,
    move_cells,
    restore_cells,
    rewrite_cells,
    split_cell,
)
from quire.session.syncing import prose_cells, require_kernel, run_cells, runnable_cells


def apply(state: SessionState, event: Event) -> Step:
    """Everything that a session does, decided."""
    match event:
        case Opened():
            state, effects = start_kernel(state, "none" if state.lazy else "all")
            if state.lazy and (prose := prose_cells(state)):
                effects.append(SendKernel(RunKernelCells(cells=prose)))
            return state, [*effects, CheckSoon()]
        case PageOpened(page=page):
            return _open_page(state, page)
        case PageClosed(page=page):
            return dismiss_page(forget_page(state, page), page)
        case Asked(page=page, command=command):
            return _answer(state, page, command)
        case KernelNoticed(notices=notices):
            return take_notices(state, notices)
        case KernelPrinted(text=text):
            return take_text(state, text)
        case KernelExited(reason=reason):
            return bury_kernel(state, reason)
        case ReactionDue():
            return take_reaction(state, event)
        case CheckDue():
            state, effects = settle(state)
            state, more = start_check(state)
            return state, [*effects, *more]
        case Checked(notebook=notebook, graph=graph):
            state, effects = take_graph(state, notebook, graph)
            return state, [*effects, LookSoon()] if state.finding_pages else effects
        case LookDue():
            return start_look(state)
        case Looked(notebook=notebook, findings=findings):
            return take_findings(state, notebook, findings)
        case SaveDue(asked=asked):
            return save(state, asked=asked)
        case FileWritten(data=data):
            return take_written(state, data)
        case FileFound(data=data):
            return take_conflict(state, data)
        case WriteFailed(message=message):
            return take_failure(state, message)
        case FileSeen(data=data):
            return take_seen(state, data)
        case Formatted() | FormatFailed():
            return answer_format(state, event)
        case Exported() | ExportFailed():
            return answer_export(state, event)
        case PackagesFound():
            return take_packages(state, event)
        case PackagesChanged():
            return take_change(state, event)
        case InstallFailed():
            return take_install_failure(state, event)
        case InstallerSaid(line=line):
            return take_words(state, line)
        case _:
            assert_never(event)


def _open_page(state: SessionState, page: PageId) -> Step:
    state, told = welcome_page(state, page)
    effects: list[Effect] = [Answer(page, view_notebook(state, page))]
    if state.kernel_message:
        effects.append(Answer(page, KernelChanged(status=state.kernel, message=state.kernel_message)))
    if state.file.status == "conflict":
        effects.append(Answer(page, describe_conflict(state)))
    if damage := describe_damage(state.notebook):
        effects.append(Answer(page, Notified(level="warning", message=damage)))
    return state, [*effects, *told]


def _answer(state: SessionState, page: PageId, command: AnyCommand) -> Step:
    """Carry the command out, or change nothing and say why not."""
    try:
        after, effects = _carry_out(state, page, command)
    except QuireError as error:
        answers: list[Effect] = [Answer(page, CommandAnswered(request=command.request, refused=str(error)))]
        if isinstance(command, PushUpdates) and isinstance(error, EditRefused | StaleVersion):
            answers += replace_page_text(state, page, command.cell)
        return state, answers
    if command.request and not isinstance(
        command, FormatCells | AskCode | ExportNotebook | ListPackages
    ):  # which are answered when they are done
        effects = [*effects, Answer(page, CommandAnswered(request=command.request))]
    return after, effects


def _carry_out(state: SessionState, page: PageId, command: AnyCommand) -> Step:
    match command:
        case AskCode():
            return ask_code(state, page, command)
        case PushUpdates():
            return push_updates(state, page, command)
        case MoveCaret():
            return move_caret(state, page, command)
        case FormatCells():
            return ask_format(state, page, command)
        case ExportNotebook():
            return ask_export(state, page, command)
        case RunCells() | RunAll() | RunStale() | Interrupt() | RestartKernel() | SetElements():
            return _use_kernel(state, page, command)
        case SetLazy(lazy=lazy):
            return set_lazy(state, lazy=lazy)
        case FollowLinks(follow=follow):
            return follow_links(state, page, follow=follow)
        case FollowFindings(follow=follow):
            return follow_findings(state, page, follow=follow)
        case Save():
            if state.file.status == "conflict":
                raise SaveConflict("the file was changed by another program; choose first which version to keep")
            return save(state, asked=True)
        case SettleConflict():
            return settle_conflict(state, command)
        case WatchVariables():
            return watch_variables(state, page, command)
        case DebugCell(cell=cell):
            return debug_cell(state, cell)
        case AnswerInput():
            return answer_input(state, command)
        case ListRuns():
            return list_runs(state, page, command)
        case ListPackages():
            return list_packages(state, page, command)
        case ChangePackages():
            return change_packages(state, command)
        case SetSandbox(sandbox=sandbox):
            return set_sandbox(state, sandbox=sandbox)
        case StopInstaller():
            return stop_installer(state)
        case _:
            return _edit(state, command)


def _edit(
    state: SessionState,
    command: AddCells
    | DeleteCells
    | RestoreCells
    | MoveCells
    | SplitCell
    | MergeCells
    | RenameCellCommand
    | ConfigureCells
    | MakeCellCommand
    | FixProblem
    | FixFinding
    | SetTitleCommand,
) -> Step:
    match command:
        case AddCells():
            return add_cells(state, command)
        case DeleteCells(cells=cells):
            return delete_cells(state, cells)
        case RestoreCells(cells=cells):
            return restore_cells(state, cells)
        case MoveCells():
            return move_cells(state, command)
        case SplitCell():
            return split_cell(state, command)
        case MergeCells(cells=cells):
            return merge_cells(state, cells)
        case RenameCellCommand(cell=cell, name=name):
            return edit_notebook(state, RenameCell(cell, name))
        case ConfigureCells(options=options):
            return configure_cells(state, options)
        case MakeCellCommand(cell=cell):
            return edit_notebook(state, MakeCell(cell))
        case FixProblem():
            return _fix(state, command)
        case FixFinding():
            return fix_finding(state, command)
        case SetTitleCommand(title=title):
            return edit_notebook(state, SetTitle(title), sync=False)
        case _:
            assert_never(command)


def _use_kernel(
    state: SessionState,
    page: PageId,
    command: RunCells | RunAll | RunStale | Interrupt | RestartKernel | SetElements,
) -> Step:
    match command:
        case Interrupt():
            require_kernel(state)
            return interrupt_kernel(state)
        case SetElements(values=values):
            require_kernel(state)
            return _set_elements(state, page, values)
        case _:
            state, effects = settle(state)
    if isinstance(command, RestartKernel):
        state, more = start_kernel(state, command.run, keep=command.run == "again")
        return state, [*effects, *more]
    # Where there is no kernel, whoever runs a cell wants that one, and what it needs.
    is_dead = state.kernel == "dead"
    match command:
        case RunCells(cells=cells):
            for cell in cells:
                state.notebook.index(cell)
            run = RunKernelCells(cells=cells, below=not is_dead)
        case RunAll():
            run = RunKernelCells(cells=runnable_cells(state))
        case RunStale():
            run = RunStaleCells()
        case _:
            assert_never(command)
    if is_dead:
        state, more = start_kernel(state, "none", keep=True)
        effects += more
    state, more = run_cells(state, run)
    return state, [*effects, *more]


def _set_elements(state: SessionState, page: PageId, values: dict[ElementId, object]) -> Step:
    for element in values:
        state.notebook.index(CellId(element.rpartition("-")[0]))
    state = replace(state, elements={**state.elements, **values})
    return state, [SendKernel(SetKernelElements(values=values)), Tell(ElementsChanged(values=values), beside=page)]


def _fix(state: SessionState, command: FixProblem) -> Step:
    """Carry out what the page offered, and run what it changed."""
    state, effects = settle(state)
    graph = graph_after(state.checked, state.graph, state.notebook)
    state, told = take_graph(state, state.notebook, graph)
    effects += told
    changed: list[CellId] = []
    if command.fix == "make_cell":
        changed = [find_stray(state, command.cell, command.name)]
        state, told = edit_notebook(state, MakeCell(changed[0]))
    else:
        codes = fix_problem(graph, command.cell, command.name, command.fix)
        changed = [cell for cell, code in codes.items() if code is not None]
        state, told = rewrite_cells(state, codes, QUIRE)
    effects += told
    # What was a command of IPython may do anything: somebody should read first what it has become.
    if state.kernel != "dead" and command.fix != "to_python":
        state, told = settle(state)
        effects += told
        state, told = run_cells(state, RunKernelCells(cells=changed))
        effects += told
    return state, effects
