/** What the page knows of a notebook: one plain value, changed by `reduce` only. */
import type {
  Activity,
  Caret,
  Carrier,
  CellId,
  CellKind,
  CellLinks,
  CellView,
  ElementId,
  InputQuestion,
  InstallerChanged,
  KernelStatus,
  Notified,
  Outcome,
  Output,
  ProblemView,
  SaveStatus,
} from "../protocol/generated.ts";
import { type ConsoleBook, emptyConsole, printed } from "./console.ts";
import type { Findings } from "./findings.ts";

export interface CellState {
  readonly id: CellId;
  readonly type: CellKind;
  readonly name: string;
  /** The text that the server has confirmed; an editor may be ahead of it. */
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
  /** Bytes by which the kernel grew in the last run. */
  readonly memory: number | null;
  readonly output: Output | null;
  readonly console: ConsoleBook;
  /** Set while the cell waits for something that somebody types. */
  readonly input: InputQuestion | null;
  readonly problems: readonly ProblemView[];
  /** Grows when the text was replaced as a whole, so that an editor knows it has to follow. */
  readonly replaced: number;
}

export interface Message extends Omit<Notified, "kind"> {
  readonly id: number;
  /** Empty where the message says all. */
  readonly title: string;
}

export interface Installer {
  readonly status: InstallerChanged["status"];
  /** What is being done; in the end, what to know of it. */
  readonly message: string;
  /** The installer's own last words. */
  readonly lines: readonly string[];
}

export interface NotebookState {
  /** False until the first `notebookOpened`. */
  readonly opened: boolean;
  readonly epoch: string;
  readonly clientId: string;
  readonly path: string;
  readonly title: string;
  readonly quireVersion: string;
  readonly carrier: Carrier;
  readonly order: readonly CellId[];
  readonly cells: ReadonlyMap<CellId, CellState>;
  /** Cells run only when somebody asks for them. */
  readonly lazy: boolean;
  readonly kernel: { readonly status: KernelStatus; readonly message: string; readonly memory: number | null };
  readonly save: { readonly status: SaveStatus; readonly message: string };
  /** Cells that ended since the kernel was last idle: the 2 of "running cell 3 of 12". */
  readonly finished: number;
  /** Which cell gives which name to which others; empty as long as nobody has asked. */
  readonly links: ReadonlyMap<CellId, CellLinks>;
  /** What `quire check` found; empty as long as nobody has asked. */
  readonly findings: Findings;
  readonly elements: ReadonlyMap<ElementId, unknown>;
  /** The cell whose failure the debugger can look into. */
  readonly debuggable: CellId | null;
  /** The other pages that show this notebook, and where they type. */
  readonly pages: ReadonlyMap<string, Caret | null>;
  /** What the installer of packages does, or has done last. */
  readonly installer: Installer | null;
  readonly conflict: { readonly disk: string; readonly page: string } | null;
  /** Deleted cells that can come back, the last one last. */
  readonly restorable: readonly CellId[];
  readonly messages: readonly Message[];
}

export const blankNotebook: NotebookState = {
  opened: false,
  epoch: "",
  clientId: "",
  path: "",
  title: "",
  quireVersion: "",
  carrier: "python",
  order: [],
  cells: new Map(),
  lazy: false,
  kernel: { status: "starting", message: "", memory: null },
  save: { status: "saved", message: "" },
  finished: 0,
  links: new Map(),
  findings: new Map(),
  elements: new Map(),
  debuggable: null,
  installer: null,
  pages: new Map(),
  conflict: null,
  restorable: [],
  messages: [],
};

export function cellFromView(view: CellView, replaced = 0): CellState {
  return { ...view, console: view.console.reduce(printed, emptyConsole), replaced };
}

/** A cell as the server will answer it, so that a new one can be shown and typed into at once. */
export function blankCell(id: CellId, code: string, type: CellKind): CellView {
  return {
    id,
    type,
    name: "_",
    code,
    version: 0,
    hideCode: false,
    disabled: false,
    activity: "idle",
    outcome: "never",
    stale: true,
    edited: true,
    started: null,
    duration: null,
    memory: null,
    output: null,
    console: [],
    input: null,
    problems: [],
  };
}

export interface Progress {
  /** The number of the cell that runs now, counted from 1. */
  readonly current: number;
  readonly total: number;
  readonly running: CellState | null;
}

export function progressOf(state: NotebookState): Progress {
  let waiting = 0;
  let running: CellState | null = null;
  for (const cell of state.cells.values()) {
    if (cell.activity === "queued") waiting += 1;
    if (cell.activity === "running") running = cell;
  }
  const current = state.finished + 1;
  return { current, total: state.finished + waiting + (running === null ? 0 : 1), running };
}

/** The cell that reads from its standard input. */
export function waitingCell(state: NotebookState): CellId | null {
  for (const cell of state.cells.values()) if (cell.input !== null) return cell.id;
  return null;
}

export function problemCount(state: NotebookState): number {
  const seen = new Set<string>();
  for (const cell of state.cells.values()) {
    for (const problem of cell.problems) seen.add(`${problem.type} ${problem.name} ${problem.cells.join(" ")}`);
    if (hasFailed(cell)) seen.add(`failed ${cell.id}`);
  }
  return seen.size;
}

/** Cells that "run what is stale" would run. */
export function staleCount(state: NotebookState): number {
  let count = 0;
  for (const cell of state.cells.values()) {
    const mayRun = cell.type !== "stray" && !cell.disabled && !cell.problems.some((problem) => problem.blocks);
    if (mayRun && isStale(cell) && cell.activity === "idle") count += 1;
  }
  return count;
}

/** With an error, or by ending the kernel. */
export function hasFailed(cell: CellState): boolean {
  return cell.outcome === "failed" || cell.outcome === "crashed";
}

/** What waits behind a `stop` is out of date too, but nobody need do anything about it. */
export function isStale(cell: CellState): boolean {
  return cell.edited || (cell.stale && cell.outcome !== "waiting");
}

/** The cell above or below; null at the ends. */
export function neighbour(state: NotebookState, id: CellId, step: 1 | -1): CellId | null {
  const at = state.order.indexOf(id);
  return at === -1 ? null : (state.order[at + step] ?? null);
}
