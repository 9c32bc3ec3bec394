/** The page's state after a notice. Pure: knows no Preact, no DOM, no editor. */
import type { CellId, CellsRan, InstallerChanged, NotebookOpened, Notice } from "../protocol/generated.ts";
import { emptyConsole, printed } from "./console.ts";
import { withFindings } from "./findings.ts";
import { blankNotebook, type CellState, cellFromView, type Installer, type NotebookState } from "./state.ts";
import { applyChanges } from "./text.ts";

const KEPT_MESSAGES = 5;
const KEPT_LINES = 100;

export function reduce(state: NotebookState, notice: Notice): NotebookState {
  switch (notice.kind) {
    case "notebookOpened":
      return opened(state, notice);
    case "updatesAccepted":
    case "updatesRefused":
      return patch(state, notice.cell, (cell) => updated(cell, notice.version, notice.updates));
    case "cellReplaced":
      return patch(state, notice.cell.id, (cell) => cellFromView(notice.cell, cell.replaced + 1));
    case "cellAdded": {
      const known = state.cells.get(notice.cell.id);
      const cell = cellFromView(notice.cell, (known?.replaced ?? 0) + 1);
      const restorable = without(state.restorable, cell.id);
      return { ...placed(withCell(state, cell), cell.id, notice.after), restorable };
    }
    case "cellRemoved":
      return removed(state, notice.cell, notice.restorable);
    case "cellMoved":
      return state.cells.has(notice.cell) ? placed(state, notice.cell, notice.after) : state;
    case "cellRenamed":
      return patch(state, notice.cell, (cell) => ({ ...cell, name: notice.name }));
    case "cellConfigured":
      return patch(state, notice.cell, (cell) => ({ ...cell, hideCode: notice.hideCode, disabled: notice.disabled }));
    case "titleChanged":
      return { ...state, title: notice.title };
    case "cellsQueued":
      return patchEach(state, notice.cells, (cell) =>
        cell.activity === "running" ? cell : { ...cell, activity: "queued" },
      );
    case "cellStarted":
      return patch(state, notice.cell, (cell) => ({
        ...cell,
        activity: "running",
        started: notice.started,
        console: notice.debugs ? cell.console : emptyConsole,
      }));
    case "consoleWritten":
      return patch(state, notice.cell, (cell) => ({ ...cell, console: printed(cell.console, notice.console) }));
    case "inputChanged":
      return patch(state, notice.cell, (cell) => ({ ...cell, input: notice.input }));
    case "outputChanged":
      return patch(state, notice.cell, (cell) => ({ ...cell, output: notice.output }));
    case "cellFinished": {
      const counted = state.cells.get(notice.cell)?.activity === "idle" ? state.finished : state.finished + 1;
      const next = patch(state, notice.cell, (cell) => ({
        ...cell,
        activity: "idle",
        outcome: notice.outcome,
        duration: notice.duration ?? cell.duration,
        memory: notice.duration === null ? cell.memory : (notice.costs?.memory ?? null),
        started: null,
        stale: notice.stale,
      }));
      return { ...next, finished: isBusy(next) ? counted : 0 };
    }
    case "tracebackKept":
      return { ...state, debuggable: notice.cell };
    case "cellsRan":
      return ran(state, notice);
    case "cellsStale":
      return patchEach(state, notice.cells, (cell) => ({ ...cell, stale: notice.stale }));
    case "cellsEdited":
      return patchEach(state, notice.cells, (cell) => ({ ...cell, edited: notice.edited }));
    case "problemsChanged":
      return patchEach(state, Object.keys(notice.problems), (cell) => ({
        ...cell,
        problems: notice.problems[cell.id] ?? [],
      }));
    case "findingsChanged":
      return { ...state, findings: withFindings(state.findings, notice.findings) };
    case "linksChanged":
      return { ...state, links: new Map([...state.links, ...Object.entries(notice.links)]) };
    case "elementsChanged":
      return { ...state, elements: new Map([...state.elements, ...Object.entries(notice.values)]) };
    case "kernelChanged": {
      const kernel = { status: notice.status, message: notice.message, memory: notice.memory };
      // What was set in the kernel before is told again where it still holds.
      if (notice.status === "starting") return { ...stilled(state), kernel, elements: new Map() };
      return notice.status === "busy" ? { ...state, kernel } : { ...stilled(state), kernel };
    }
    case "lazyChanged":
      return { ...state, lazy: notice.lazy };
    case "saveChanged":
      return {
        ...state,
        save: { status: notice.status, message: notice.message },
        conflict: notice.status === "conflict" ? state.conflict : null,
      };
    case "conflictFound":
      return { ...state, conflict: { disk: notice.disk, page: notice.page } };
    case "pageMoved":
      return { ...state, pages: new Map(state.pages).set(notice.page.clientId, notice.page.caret ?? null) };
    case "pageLeft": {
      const pages = new Map(state.pages);
      pages.delete(notice.clientId);
      return { ...state, pages };
    }
    case "cellsFormatted":
      return state; // for the editors
    case "notebookExported":
      return state; // it is kept as a file, not here
    case "commandAnswered":
      return notice.refused === "" ? state : withMessage(state, "warning", notice.refused);
    case "queryChanged": // for the address of the app's page
    case "appChanged": // which loads itself again
    case "pageConfirmed":
      return state;
    case "notified":
      return withMessage(state, notice.level, notice.message);
    case "toastShown":
      return withMessage(state, notice.isDanger ? "error" : "info", notice.description, notice.title);
    case "installerChanged":
      return { ...state, installer: installerAfter(state.installer, notice) };
    case "codeAnswered":
    case "packagesListed":
    case "runsListed":
    case "variablesChanged":
      return state; // for those who asked: see `store.askCode`, `store.askRuns` and the panel of variables
    default:
      return unknown(state, notice);
  }
}

/** A message begins anew; without one the installer goes on speaking. */
function installerAfter(before: Installer | null, { status, message, lines }: InstallerChanged): Installer {
  const goesOn = status === "working" && message === "" && before !== null;
  const said = status === "working" && message !== "" ? lines : [...(before?.lines ?? []), ...lines];
  return { status, message: goesOn ? before.message : message, lines: said.slice(-KEPT_LINES) };
}

export function dismissMessage(state: NotebookState, id: number): NotebookState {
  return { ...state, messages: state.messages.filter((message) => message.id !== id) };
}

export function withMessage(
  state: NotebookState,
  level: "info" | "warning" | "error",
  message: string,
  title = "",
): NotebookState {
  const id = (state.messages.at(-1)?.id ?? 0) + 1;
  const others = state.messages.filter((other) => other.message !== message || other.title !== title);
  return { ...state, messages: [...others, { id, level, message, title }].slice(-KEPT_MESSAGES) };
}

function opened(state: NotebookState, notice: NotebookOpened): NotebookState {
  const replaced = (id: CellId): number => (state.cells.get(id)?.replaced ?? -1) + 1;
  return {
    ...blankNotebook,
    opened: true,
    epoch: notice.epoch,
    clientId: notice.clientId,
    path: notice.path,
    title: notice.title,
    quireVersion: notice.quireVersion,
    carrier: notice.carrier,
    lazy: notice.lazy,
    order: notice.cells.map((cell) => cell.id),
    cells: new Map(notice.cells.map((cell) => [cell.id, cellFromView(cell, replaced(cell.id))])),
    kernel: { status: notice.kernel, message: "", memory: notice.memory },
    save: { status: notice.save, message: notice.saveMessage },
    elements: new Map(Object.entries(notice.elements)),
    debuggable: notice.debuggable,
    pages: new Map(notice.pages.map((page) => [page.clientId, page.caret])),
    restorable: state.epoch === notice.epoch ? state.restorable : [],
    messages: state.messages,
  };
}

/** Many runs, one after the other: what cellStarted, outputChanged and cellFinished would say of each. */
function ran(state: NotebookState, notice: CellsRan): NotebookState {
  const last = new Map(notice.cells.map((id, index) => [id, index]));
  const next = patchEach(state, notice.cells, (cell) => {
    const output = notice.outputs[cell.id];
    const at = last.get(cell.id) ?? 0;
    return {
      ...cell,
      activity: "idle",
      outcome: "succeeded",
      duration: notice.durations[at] ?? cell.duration,
      memory: notice.memory[at] ?? null,
      started: null,
      stale: false,
      console: emptyConsole,
      output: output === undefined ? cell.output : output,
    };
  });
  return { ...next, finished: isBusy(next) ? state.finished + notice.cells.length : 0 };
}

/** Updates that we have seen already (the tail of a refusal) are skipped. */
function updated(
  cell: CellState,
  version: number,
  updates: readonly { readonly changes: Parameters<typeof applyChanges>[1] }[],
): CellState {
  if (version > cell.version) throw new RangeError(`updates of cell \`${cell.id}\` are missing before ${version}`);
  const fresh = updates.slice(cell.version - version);
  const code = fresh.reduce((text, update) => applyChanges(text, update.changes), cell.code);
  return { ...cell, code, version: cell.version + fresh.length };
}

function removed(state: NotebookState, id: CellId, restorable: boolean): NotebookState {
  if (!state.cells.has(id)) return state;
  const cells = new Map(state.cells);
  cells.delete(id);
  const others = without(state.restorable, id);
  return { ...state, cells, order: without(state.order, id), restorable: restorable ? [...others, id] : others };
}

/** Nothing waits or runs any more. */
function stilled(state: NotebookState): NotebookState {
  const busy = [...state.cells.values()].filter((cell) => cell.activity !== "idle").map((cell) => cell.id);
  const next = patchEach(state, busy, (cell) => ({ ...cell, activity: "idle", started: null }));
  return next.finished === 0 ? next : { ...next, finished: 0 };
}

function isBusy(state: NotebookState): boolean {
  for (const cell of state.cells.values()) if (cell.activity !== "idle") return true;
  return false;
}

function patch(state: NotebookState, id: CellId, change: (cell: CellState) => CellState): NotebookState {
  return patchEach(state, [id], change);
}

/** Notices about cells that are gone change nothing. */
function patchEach(
  state: NotebookState,
  ids: readonly CellId[],
  change: (cell: CellState) => CellState,
): NotebookState {
  if (ids.length === 0) return state;
  const cells = new Map(state.cells);
  for (const id of ids) {
    const cell = cells.get(id);
    if (cell !== undefined) cells.set(id, change(cell));
  }
  return { ...state, cells };
}

function withCell(state: NotebookState, cell: CellState): NotebookState {
  return { ...state, cells: new Map(state.cells).set(cell.id, cell) };
}

/** A cell below `after`; at the top for null, and at the end below a cell that is gone. */
function placed(state: NotebookState, id: CellId, after: CellId | null): NotebookState {
  const order = without(state.order, id);
  const at = after === null ? 0 : order.indexOf(after) + 1 || order.length;
  return { ...state, order: [...order.slice(0, at), id, ...order.slice(at)] };
}

function without(ids: readonly CellId[], id: CellId): readonly CellId[] {
  return ids.includes(id) ? ids.filter((other) => other !== id) : ids;
}

/** A newer server may say things that this page does not know; they are not worth losing the notebook for. */
function unknown(state: NotebookState, _notice: never): NotebookState {
  return state;
}
