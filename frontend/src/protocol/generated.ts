// Generated from src/quire/protocol by `python -m quire.protocol.schema`; edit the Python classes instead.

export type CellId = string;

export type ElementId = string;

export type CellKind = "cell" | "function" | "class" | "setup" | "unparsable" | "stray";

export type Carrier = "python" | "markdown";

export type Activity = "idle" | "queued" | "running";

export type Outcome = "never" | "succeeded" | "failed" | "interrupted" | "crashed" | "stopped" | "waiting" | "cancelled" | "blocked" | "disabled";

export type Change = number | readonly (number | string)[];

export type KernelStatus = "starting" | "idle" | "busy" | "dead";

export type SaveStatus = "saved" | "unsaved" | "saving" | "failed" | "conflict";

export type About = "completions" | "signature" | "documentation";

export type CompletionType = "module" | "class" | "function" | "variable" | "property" | "parameter" | "keyword" | "path" | "key";

export type ExportFormat = "ipynb" | "percent" | "script" | "markdown" | "marimo";

/** One step of one client on one cell's text, as `@codemirror/collab` makes it. */
export interface Update {
  readonly clientId: string;
  readonly changes: readonly Change[];
}

/** Text edits of one cell, based on `version`. Accepted ones come back to everybody as `UpdatesAccepted`. */
export interface PushUpdates {
  readonly kind: "pushUpdates";
  readonly cell: string;
  readonly version: number;
  readonly updates: readonly Update[];
  readonly request?: number;
}

/** The page chooses the id, so that it can show the cell at once. A name that is taken is left out. */
export interface NewCell {
  readonly cell: string;
  readonly code: string;
  readonly type: "cell" | "setup";
  readonly name: string;
  readonly hideCode: boolean;
  readonly disabled: boolean;
}

/** New cells below `after` (None: at the top), in this order. */
export interface AddCells {
  readonly kind: "addCells";
  readonly cells: readonly NewCell[];
  readonly after: string | null;
  readonly request?: number;
}

export interface DeleteCells {
  readonly kind: "deleteCells";
  readonly cells: readonly string[];
  readonly request?: number;
}

/** Undo of `DeleteCells` and `MergeCells`: the cells come back with id, text, name, options and output, where they stood. */
export interface RestoreCells {
  readonly kind: "restoreCells";
  readonly cells: readonly string[];
  readonly request?: number;
}

/** The cell goes below `after`; to the top when that is None. */
export interface Placement {
  readonly cell: string;
  readonly after: string | null;
}

/** Carried out one after the other. */
export interface MoveCells {
  readonly kind: "moveCells";
  readonly moves: readonly Placement[];
  readonly request?: number;
}

/** `at` counts UTF-16 units. What follows goes to a new cell called `cell`. */
export interface Cut {
  readonly at: number;
  readonly cell: string;
}

/** Divide a cell between lines: at the cuts, which are places in the text at `version`. */
export interface SplitCell {
  readonly kind: "splitCell";
  readonly cell: string;
  readonly version: number;
  readonly cuts: readonly Cut[];
  readonly request?: number;
}

/** The first of the cells takes up the texts of the others, in the order of the notebook. */
export interface MergeCells {
  readonly kind: "mergeCells";
  readonly cells: readonly string[];
  readonly request?: number;
}

/** `name` is an identifier, or `_` for none. */
export interface RenameCell {
  readonly kind: "renameCell";
  readonly cell: string;
  readonly name: string;
  readonly request?: number;
}

/** None leaves an option as it is. */
export interface CellOptions {
  readonly cell: string;
  readonly hideCode: boolean | null;
  readonly disabled: boolean | null;
}

/** Options of several cells. */
export interface ConfigureCells {
  readonly kind: "configureCells";
  readonly options: readonly CellOptions[];
  readonly request?: number;
}

/** Turn a statement between cells into a cell. */
export interface MakeCell {
  readonly kind: "makeCell";
  readonly cell: string;
  readonly request?: number;
}

/** Carry out the fix `fix` of the problem about `name` in `cell`. */
export interface FixProblem {
  readonly kind: "fixProblem";
  readonly cell: string;
  readonly name: string;
  readonly fix: string;
  readonly request?: number;
}

/** Carry out the fix that says `fix`, of what the rule `code` found in `cell` (empty: in the file) at about `line`. */
export interface FixFinding {
  readonly kind: "fixFinding";
  readonly cell: string;
  readonly code: string;
  readonly fix: string;
  readonly line: number;
  readonly request?: number;
}

export interface SetTitle {
  readonly kind: "setTitle";
  readonly title: string;
  readonly request?: number;
}

/** Where somebody types or selects, in UTF-16 units of the cell's text; `head` is the end that moves. */
export interface Caret {
  readonly cell: string;
  readonly anchor: number;
  readonly head: number;
}

/** Tell the other pages where this one types; None: nowhere. */
export interface MoveCaret {
  readonly kind: "moveCaret";
  readonly caret: Caret | null;
  readonly request?: number;
}

/** Answered by `CellsFormatted`. Nothing is changed here: the page takes the new text over as if it were typed, so that it can be undone there. */
export interface FormatCells {
  readonly kind: "formatCells";
  readonly cells: readonly string[];
  readonly request?: number;
}

/** Answered by `NotebookExported`: the notebook as it is now, in another format. The file is left alone. */
export interface ExportNotebook {
  readonly kind: "exportNotebook";
  readonly format: ExportFormat;
  readonly request?: number;
}

export interface RunCells {
  readonly kind: "runCells";
  readonly cells: readonly string[];
  readonly request?: number;
}

export interface RunAll {
  readonly kind: "runAll";
  readonly request?: number;
}

export interface RunStale {
  readonly kind: "runStale";
  readonly request?: number;
}

/** From now on, what depends on a cell that runs becomes stale (lazy), or runs too. */
export interface SetLazy {
  readonly kind: "setLazy";
  readonly lazy: boolean;
  readonly request?: number;
}

export interface Interrupt {
  readonly kind: "interrupt";
  readonly request?: number;
}

/** Look into the failure that is kept of this cell, in its console. */
export interface DebugCell {
  readonly kind: "debugCell";
  readonly cell: string;
  readonly request?: number;
}

/** What was typed for a cell that waits, without the newline at its end; None ends the input (Ctrl+D). */
export interface AnswerInput {
  readonly kind: "answerInput";
  readonly cell: string;
  readonly number: number;
  readonly text: string | null;
  readonly request?: number;
}

/** `run`: what the new kernel runs. `again` are the cells that had run; those that were interrupted, or were running when a kernel ended, stay as they are, with all that depends on them. */
export interface RestartKernel {
  readonly kind: "restartKernel";
  readonly run?: "all" | "again" | "none";
  readonly request?: number;
}

/** New values of UI elements, by element id. A newer value of the same element replaces one not yet handled. */
export interface SetElements {
  readonly kind: "setElements";
  readonly values: Readonly<Record<string, unknown>>;
  readonly request?: number;
}

/** From now on, tell this page which cell gives which name to which others; or no longer. */
export interface FollowLinks {
  readonly kind: "followLinks";
  readonly follow: boolean;
  readonly request?: number;
}

/** From now on, tell this page what `quire check` finds; or no longer. */
export interface FollowFindings {
  readonly kind: "followFindings";
  readonly follow: boolean;
  readonly request?: number;
}

/** Save now instead of about a second after the last edit. */
export interface Save {
  readonly kind: "save";
  readonly request?: number;
}

/** The file changed on disk and here: keep the text of the page or the one of the disk. */
export interface SettleConflict {
  readonly kind: "settleConflict";
  readonly keep: "page" | "disk";
  readonly request?: number;
}

/** What is at a place in the code of `cell`? Answered by `CodeAnswered`, which carries the `request`.  `code` is the text as the editor has it. `line` counts from 1, `column` from 0 in code points. A newer question of the same page about the same thing takes the place of an older one. */
export interface AskCode {
  readonly kind: "askCode";
  readonly cell: string;
  readonly about: About;
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly request?: number;
}

/** Tell this page all variables, and from now on those that change (or, with `watch` false, no more). */
export interface WatchVariables {
  readonly kind: "watchVariables";
  readonly watch: boolean;
  readonly request?: number;
}

/** When did the cell run, how did that end, and what did it take? Answered by `RunsListed`. */
export interface ListRuns {
  readonly kind: "listRuns";
  readonly cell: string;
  readonly request?: number;
}

/** What is installed where the cells run? Answered by `PackagesListed`. */
export interface ListPackages {
  readonly kind: "listPackages";
  readonly request?: number;
}

/** Somebody wants these requirements installed and these names removed, and has seen the command that does it. Then `cells` run, with what depends on them. Followed by `InstallerChanged`. */
export interface ChangePackages {
  readonly kind: "changePackages";
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
  readonly cells?: readonly string[];
  readonly request?: number;
}

/** From now on cells run in an environment of the packages that the header asks for, and somebody has seen which; or, again, in the Python of the server. A new kernel runs all of them. */
export interface SetSandbox {
  readonly kind: "setSandbox";
  readonly sandbox: boolean;
  readonly request?: number;
}

/** End what `ChangePackages` has begun; nothing is changed by it. */
export interface StopInstaller {
  readonly kind: "stopInstaller";
  readonly request?: number;
}

/** A rendered value: `text` (for a `…json` type the JSON text), or for a raster image its `blob`.  Beside a blob, `text` is empty or holds the size to show it at: `{"width": 640, "height": 480}`. */
export interface Output {
  readonly mime: string;
  readonly text: string;
  readonly blob: Uint8Array;
}

/** A piece of what a cell printed, or what was typed for it (`stdin`).  `late` text arrived after the cell that was running had finished. */
export interface ConsoleText {
  readonly stream: "stdout" | "stderr" | "stdin";
  readonly text: string;
  readonly late: boolean;
}

/** A cell reads from its standard input and waits; what it has printed last is the prompt. */
export interface InputQuestion {
  readonly number: number;
  readonly password: boolean;
}

/** A way out of a problem, offered as a button. `kind` goes back in `FixProblem`. */
export interface Fix {
  readonly kind: "rename" | "make_private" | "merge" | "make_cell" | "to_python" | "go_to";
  readonly label: string;
}

/** A fact about the user's notebook that keeps a cell from running, unless `blocks` is False. */
export interface ProblemView {
  readonly type: "DefinedTwice" | "Cycle" | "SetupReads" | "StarImport" | "OutsideCell" | "DuplicateName" | "SyntaxProblem";
  readonly name: string;
  readonly cells: readonly string[];
  readonly message: string;
  readonly fixes: readonly Fix[];
  readonly line: number | null;
  readonly column: number | null;
  readonly blocks: boolean;
}

/** Everything a page shows of one cell. */
export interface CellView {
  readonly id: string;
  readonly type: CellKind;
  readonly name: string;
  readonly code: string;
  readonly version: number;
  readonly hideCode: boolean;
  readonly disabled: boolean;
  readonly activity: Activity;
  readonly outcome: Outcome;
  readonly stale: boolean;
  readonly edited: boolean;
  readonly started: number | null;
  readonly duration: number | null;
  readonly memory: number | null;
  readonly output: Output | null;
  readonly console: readonly ConsoleText[];
  readonly input: InputQuestion | null;
  readonly problems: readonly ProblemView[];
}

/** One of the pages that show the notebook. `caret` is None while it types nowhere. */
export interface PageView {
  readonly clientId: string;
  readonly caret: Caret | null;
}

/** The whole state, first message on every connection. A page that was open before replaces what it had. */
export interface NotebookOpened {
  readonly kind: "notebookOpened";
  readonly epoch: string;
  readonly clientId: string;
  readonly path: string;
  readonly title: string;
  readonly cells: readonly CellView[];
  readonly kernel: KernelStatus;
  readonly save: SaveStatus;
  readonly saveMessage: string;
  readonly elements: Readonly<Record<string, unknown>>;
  readonly quireVersion: string;
  readonly carrier: Carrier;
  readonly lazy: boolean;
  readonly pages: readonly PageView[];
  readonly memory: number | null;
  readonly debuggable: string | null;
}

/** First message to a page that was served with the whole state in it: that holds, and what happened since follows. */
export interface PageConfirmed {
  readonly kind: "pageConfirmed";
}

/** `version` is the version before the updates; the sender recognises its own by `client_id`. */
export interface UpdatesAccepted {
  readonly kind: "updatesAccepted";
  readonly cell: string;
  readonly version: number;
  readonly updates: readonly Update[];
}

/** To the sender only: pull `updates` (everything since its version), rebase, push again. */
export interface UpdatesRefused {
  readonly kind: "updatesRefused";
  readonly cell: string;
  readonly version: number;
  readonly updates: readonly Update[];
}

/** The text changed elsewhere (file reloaded, problem fixed, kind changed); everything the page had of it is replaced. */
export interface CellReplaced {
  readonly kind: "cellReplaced";
  readonly cell: CellView;
}

export interface CellAdded {
  readonly kind: "cellAdded";
  readonly cell: CellView;
  readonly after: string | null;
}

/** `restorable`: `RestoreCells` can bring it back. */
export interface CellRemoved {
  readonly kind: "cellRemoved";
  readonly cell: string;
  readonly restorable: boolean;
}

export interface CellMoved {
  readonly kind: "cellMoved";
  readonly cell: string;
  readonly after: string | null;
}

export interface CellRenamed {
  readonly kind: "cellRenamed";
  readonly cell: string;
  readonly name: string;
}

export interface CellConfigured {
  readonly kind: "cellConfigured";
  readonly cell: string;
  readonly hideCode: boolean;
  readonly disabled: boolean;
}

export interface TitleChanged {
  readonly kind: "titleChanged";
  readonly title: string;
}

/** In the order in which they will run. */
export interface CellsQueued {
  readonly kind: "cellsQueued";
  readonly cells: readonly string[];
}

/** The cell's console is cleared, but not when nothing runs and the debugger looks into a failure (`debugs`). */
export interface CellStarted {
  readonly kind: "cellStarted";
  readonly cell: string;
  readonly started: number;
  readonly debugs: boolean;
}

export interface ConsoleWritten {
  readonly kind: "consoleWritten";
  readonly cell: string;
  readonly console: ConsoleText;
}

/** The cell waits for something that somebody types; None: it does not, or not any more. */
export interface InputChanged {
  readonly kind: "inputChanged";
  readonly cell: string;
  readonly input: InputQuestion | null;
}

/** While running, or when a run finished with another output than before. None: no output. */
export interface OutputChanged {
  readonly kind: "outputChanged";
  readonly cell: string;
  readonly output: Output | null;
}

/** What one run took of the machine. */
export interface Costs {
  readonly cpu: number;
  readonly memory: number | null;
  readonly peak: number | null;
}

/** A run ended, or (`cancelled`, `blocked`, `disabled`) will not happen. `duration` is None when nothing ran. */
export interface CellFinished {
  readonly kind: "cellFinished";
  readonly cell: string;
  readonly outcome: Outcome;
  readonly duration: number | null;
  readonly stale: boolean;
  readonly costs: Costs | null;
}

/** The cell whose failure `DebugCell` can look into; None: there is none. */
export interface TracebackKept {
  readonly kind: "tracebackKept";
  readonly cell: string | null;
}

/** Cells that ran and succeeded, each once or more, one after the other: `CellStarted`, `OutputChanged` and `CellFinished` in one. */
export interface CellsRan {
  readonly kind: "cellsRan";
  readonly cells: readonly string[];
  readonly durations: readonly (number | null)[];
  readonly memory: readonly (number | null)[];
  readonly outputs: Readonly<Record<string, Output | null>>;
}

/** Cells whose `stale` changed without a run. */
export interface CellsStale {
  readonly kind: "cellsStale";
  readonly cells: readonly string[];
  readonly stale: boolean;
}

/** Cells whose `edited` changed: the text differs from what last ran, or no longer does. */
export interface CellsEdited {
  readonly kind: "cellsEdited";
  readonly cells: readonly string[];
  readonly edited: boolean;
}

/** The present problems of the cells named; an empty list: none any more. */
export interface ProblemsChanged {
  readonly kind: "problemsChanged";
  readonly problems: Readonly<Record<string, readonly ProblemView[]>>;
}

/** Something that a rule of `quire check` says about a cell, or about the file. It keeps nothing from running.  The place is in the cell's code, of a finding about the file in the file: lines and columns from 1, columns in code points, the end exclusive. */
export interface FindingView {
  readonly code: string;
  readonly name: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly fix: string;
  readonly isHint: boolean;
}

/** To pages that asked: the present findings of the cells named; an empty list: none any more. The cell `""` is the file. */
export interface FindingsChanged {
  readonly kind: "findingsChanged";
  readonly findings: Readonly<Record<string, readonly FindingView[]>>;
}

/** Names and cells around a cell: what it gives to others, what it reads, from which cells that comes. */
export interface CellLinks {
  readonly defs: readonly string[];
  readonly refs: readonly string[];
  readonly parents: readonly string[];
}

/** To pages that asked: first all cells, then those that changed. */
export interface LinksChanged {
  readonly kind: "linksChanged";
  readonly links: Readonly<Record<string, CellLinks>>;
}

/** Values set by another page, or reset by the kernel. */
export interface ElementsChanged {
  readonly kind: "elementsChanged";
  readonly values: Readonly<Record<string, unknown>>;
}

/** `message` says what happened and what to do; with `dead` it names the cell that was running. With `starting`, values of elements are those of their markup again. */
export interface KernelChanged {
  readonly kind: "kernelChanged";
  readonly status: KernelStatus;
  readonly message: string;
  readonly memory: number | null;
}

/** Cells run when they are asked for only (lazy), or by themselves too. */
export interface LazyChanged {
  readonly kind: "lazyChanged";
  readonly lazy: boolean;
}

/** `message` is what the top bar says when the status alone would not explain it. */
export interface SaveChanged {
  readonly kind: "saveChanged";
  readonly status: SaveStatus;
  readonly message: string;
}

/** Saving has stopped: the file changed on disk and here. Both texts are whole files. */
export interface ConflictFound {
  readonly kind: "conflictFound";
  readonly disk: string;
  readonly page: string;
}

/** Another page has come, or types elsewhere. */
export interface PageMoved {
  readonly kind: "pageMoved";
  readonly page: PageView;
}

export interface PageLeft {
  readonly kind: "pageLeft";
  readonly clientId: string;
}

/** To the sender only: the well-formed text of each cell asked for that has one, also where nothing is to change. */
export interface CellsFormatted {
  readonly kind: "cellsFormatted";
  readonly codes: Readonly<Record<string, string>>;
}

/** To the sender only: a file called `name`, and what could not be carried over, in sentences. */
export interface NotebookExported {
  readonly kind: "notebookExported";
  readonly name: string;
  readonly text: string;
  readonly notes: readonly string[];
}

/** To the sender only. `refused` is empty when the command was carried out, else says why not and what to do. */
export interface CommandAnswered {
  readonly kind: "commandAnswered";
  readonly request: number;
  readonly refused: string;
}

/** The file of the app is another one now: its visitors load the page again. */
export interface AppChanged {
  readonly kind: "appChanged";
}

/** A line for the page to show: not about one cell, not lasting. */
export interface Notified {
  readonly kind: "notified";
  readonly level: "info" | "warning" | "error";
  readonly message: string;
}

/** A message of the notebook's own for those who look: it goes away by itself, unless it `is_danger`. */
export interface ToastShown {
  readonly kind: "toastShown";
  readonly title: string;
  readonly description: string;
  readonly isDanger: boolean;
}

/** The app wants this behind the `?` of its visitor's address: pairs of name and value, in this order. */
export interface QueryChanged {
  readonly kind: "queryChanged";
  readonly query: readonly (readonly string[])[];
}

/** One way to go on writing. `label` replaces the last `typed` characters of what stands before the caret. */
export interface Completion {
  readonly label: string;
  readonly type: CompletionType;
  readonly detail: string;
}

/** The call that the caret stands in. */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly active: number | null;
  readonly returns: string;
  readonly text: string;
}

/** What a name is. All of it is plain text. */
export interface Documentation {
  readonly title: string;
  readonly value: string;
  readonly text: string;
}

/** What is known about a place in the code; empty where nothing is. */
export interface CodeAnswer {
  readonly completions: readonly Completion[];
  readonly typed: number;
  readonly signature: Signature | null;
  readonly documentation: Documentation | null;
}

/** To the page that asked only: what became of its `AskCode`. A kernel that is not there knows nothing. */
export interface CodeAnswered {
  readonly kind: "codeAnswered";
  readonly request: number;
  readonly answer: CodeAnswer;
}

/** One run of a cell, as its history has it. */
export interface PastRun {
  readonly started: number;
  readonly duration: number;
  readonly outcome: Outcome;
  readonly output: number;
  readonly costs: Costs | null;
}

/** To the page that asked only: the last runs of the cell, newest first. `total` counts all since it was opened. */
export interface RunsListed {
  readonly kind: "runsListed";
  readonly request: number;
  readonly total: number;
  readonly runs: readonly PastRun[];
}

/** A name that cells share, and its present value in short. */
export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly cells: readonly string[];
  readonly readers: readonly string[];
}

/** To the pages that watch: variables that are new or different, and names that are gone. `all`: there are no others. */
export interface VariablesChanged {
  readonly kind: "variablesChanged";
  readonly changed: readonly Variable[];
  readonly gone: readonly string[];
  readonly all: boolean;
}

/** A package where the cells run. `asked` is what the header says of it; empty: nothing. */
export interface PackageView {
  readonly name: string;
  readonly version: string;
  readonly asked: string;
  readonly imported: boolean;
}

/** To the page that asked only. `adding` and `removing` are how the command begins that changes what is installed; they are empty where the header is changed, with an environment of the notebook's own. `refusal`: why nothing can be changed. */
export interface PackagesListed {
  readonly kind: "packagesListed";
  readonly request: number;
  readonly place: string;
  readonly python: string;
  readonly packages: readonly PackageView[];
  readonly missing: readonly PackageView[];
  readonly adding: string;
  readonly removing: string;
  readonly refusal: string;
  readonly wishes: readonly string[];
  readonly sandbox: boolean;
}

/** Packages are being installed or removed, or that has ended. `lines` are the installer's own new words. */
export interface InstallerChanged {
  readonly kind: "installerChanged";
  readonly status: "working" | "done" | "failed";
  readonly message: string;
  readonly lines: readonly string[];
}

export type Command =
  | PushUpdates
  | AddCells
  | DeleteCells
  | RestoreCells
  | MoveCells
  | SplitCell
  | MergeCells
  | RenameCell
  | ConfigureCells
  | MakeCell
  | FixProblem
  | FixFinding
  | SetTitle
  | MoveCaret
  | FormatCells
  | ExportNotebook
  | RunCells
  | RunAll
  | RunStale
  | SetLazy
  | Interrupt
  | DebugCell
  | AnswerInput
  | RestartKernel
  | SetElements
  | FollowLinks
  | FollowFindings
  | Save
  | SettleConflict
  | AskCode
  | WatchVariables
  | ListRuns
  | ListPackages
  | ChangePackages
  | SetSandbox
  | StopInstaller;

export type Notice =
  | NotebookOpened
  | PageConfirmed
  | UpdatesAccepted
  | UpdatesRefused
  | CellReplaced
  | CellAdded
  | CellRemoved
  | CellMoved
  | CellRenamed
  | CellConfigured
  | TitleChanged
  | CellsQueued
  | CellStarted
  | ConsoleWritten
  | InputChanged
  | OutputChanged
  | CellFinished
  | TracebackKept
  | CellsRan
  | CellsStale
  | CellsEdited
  | ProblemsChanged
  | FindingsChanged
  | LinksChanged
  | ElementsChanged
  | KernelChanged
  | LazyChanged
  | SaveChanged
  | ConflictFound
  | PageMoved
  | PageLeft
  | CellsFormatted
  | NotebookExported
  | CommandAnswered
  | AppChanged
  | Notified
  | ToastShown
  | QueryChanged
  | CodeAnswered
  | RunsListed
  | VariablesChanged
  | PackagesListed
  | InstallerChanged;
