/** What a person can do with cells, said once for keys, buttons and menus. */
import { signal } from "@preact/signals";
import type { CellDocuments } from "../editor/documents.ts";
import { isMarkdown, MARKDOWN_CARET, MARKDOWN_TEMPLATE } from "../notebook/markdown.ts";
import { type CellState, neighbour } from "../notebook/state.ts";
import type { Asked, NotebookStore } from "../notebook/store.ts";
import type { CellId, ProblemView } from "../protocol/generated.ts";
import type { Shortcut } from "./shortcuts.ts";

/** Where the focus should go as soon as the cell can take it. */
export interface FocusRequest {
  readonly cell: CellId;
  readonly where: "editor" | "cell" | "name";
  readonly caret: "start" | "end" | "keep" | number;
}

const OFFER_MS = 10_000;

export class CellActions {
  readonly #store: NotebookStore;
  readonly #documents: CellDocuments;
  #offer: ReturnType<typeof setTimeout> | undefined;

  readonly focus = signal<FocusRequest | null>(null);
  /** The cell whose code is shown although it reads as text. */
  readonly editing = signal<CellId | null>(null);
  /** The cell just deleted, as long as the page offers to bring it back. */
  readonly offered = signal<CellId | null>(null);

  constructor(store: NotebookStore, documents: CellDocuments) {
    this.#store = store;
    this.#documents = documents;
  }

  run = (id: CellId): void => {
    this.#documents.settle(id);
    if (this.editing.peek() === id) this.editing.value = null;
    this.#documents.afterPush(id, () => this.#store.ask({ kind: "runCells", cells: [id] }));
  };

  /** Run, then go on below, where there is always a cell. */
  runAndNext = (id: CellId): void => {
    this.run(id);
    const below = neighbour(this.#store.state.peek(), id, 1);
    if (below === null) this.add(id);
    else this.focusOn(below, this.#readsAsText(below) ? "cell" : "editor", "start");
  };

  runAll = (): void => this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "runAll" }));

  runStale = (): void => this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "runStale" }));

  interrupt = (): void => {
    this.#store.ask({ kind: "interrupt" });
  };

  restart = (run: boolean): void =>
    this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "restartKernel", run }));

  save = (): void => this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "save" }));

  add = (after: CellId | null, code = "", caret = 0): void => {
    const cell = this.#store.addCell(after, code);
    if (cell !== null) this.focusOn(cell, "editor", caret);
  };

  addMarkdown = (after: CellId | null): void => this.add(after, MARKDOWN_TEMPLATE, MARKDOWN_CARET);

  addAbove = (id: CellId): void => this.add(this.#above(id));

  addSetup = (): void => {
    const cell = this.#store.addCell(null, "", "setup");
    if (cell !== null) this.focusOn(cell, "editor", "start");
  };

  remove = (id: CellId): void => {
    const state = this.#store.state.peek();
    const next = neighbour(state, id, 1) ?? neighbour(state, id, -1);
    this.#documents.afterPush(id, () => {
      if (!this.#store.ask({ kind: "deleteCell", cell: id })) return;
      this.#offerUndo(id);
      if (next !== null) this.focusOn(next, "cell", "keep");
    });
  };

  /** Bring back the cell deleted last. False when there is none. */
  restore = (): boolean => {
    const cell = this.#store.restorable.peek().at(-1);
    if (cell === undefined) return false;
    this.offered.value = null;
    if (this.#store.ask({ kind: "restoreCell", cell })) this.focusOn(cell, "cell", "keep");
    return true;
  };

  move = (id: CellId, step: 1 | -1): void => {
    const { order } = this.#store.state.peek();
    const target = order.indexOf(id) + step;
    if (target < 0 || target >= order.length) return;
    const after = step === 1 ? order[target] : order[target - 1];
    if (this.#store.ask({ kind: "moveCell", cell: id, after: after ?? null })) this.focusOn(id, "cell", "keep");
  };

  rename = (id: CellId, name: string): void => {
    const wanted = name.trim() === "" ? "_" : name.trim();
    if (wanted !== this.#store.cell(id)?.peek().name) this.#store.ask({ kind: "renameCell", cell: id, name: wanted });
  };

  configure = (id: CellId, options: Omit<Extract<Asked, { kind: "configureCell" }>, "kind" | "cell">): void => {
    this.#store.ask({ kind: "configureCell", cell: id, ...options });
  };

  makeCell = (id: CellId): void => {
    this.#store.ask({ kind: "makeCell", cell: id });
  };

  fix = (id: CellId, problem: ProblemView, fix: string): void => {
    if (fix === "go_to") {
      const others = problem.cells.filter((cell) => cell !== id);
      if (others[0] !== undefined) this.goTo(others[0]);
      return;
    }
    this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "fixProblem", cell: id, name: problem.name, fix }));
  };

  setTitle = (title: string): void => {
    if (title !== this.#store.title.peek()) this.#store.ask({ kind: "setTitle", title });
  };

  edit = (id: CellId): void => {
    this.editing.value = id;
    this.focusOn(id, "editor", "keep");
  };

  goTo = (id: CellId): void => this.focusOn(id, "cell", "keep");

  /** From the editor of one cell to the next one above or below. */
  step = (id: CellId, step: 1 | -1, where: "editor" | "cell"): boolean => {
    const cell = neighbour(this.#store.state.peek(), id, step);
    if (cell === null) return false;
    const target = where === "editor" && this.#readsAsText(cell) ? "cell" : where;
    this.focusOn(cell, target, step === 1 ? "start" : "end");
    return true;
  };

  focusOn = (cell: CellId, where: FocusRequest["where"], caret: FocusRequest["caret"]): void => {
    this.focus.value = { cell, where, caret };
  };

  /** Carry out a key; `id` is the cell in which it was pressed. False when it means nothing here. */
  press(shortcut: Shortcut, id: CellId | null): boolean {
    if (shortcut === "interrupt") this.interrupt();
    else if (shortcut === "runStale") this.runStale();
    else if (shortcut === "save") this.save();
    else if (shortcut === "restore") return this.restore();
    else if (id === null) return false;
    else if (shortcut === "run") this.run(id);
    else if (shortcut === "runAndNext") this.runAndNext(id);
    else if (shortcut === "addAbove") this.addAbove(id);
    else if (shortcut === "addBelow") this.add(id);
    else if (shortcut === "moveUp") this.move(id, -1);
    else if (shortcut === "moveDown") this.move(id, 1);
    else if (shortcut === "remove") this.remove(id);
    else if (shortcut === "rename") this.focusOn(id, "name", "keep");
    else if (shortcut === "edit") this.edit(id);
    else return this.step(id, shortcut === "next" ? 1 : -1, "cell");
    return true;
  }

  #above(id: CellId): CellId | null {
    return neighbour(this.#store.state.peek(), id, -1);
  }

  #readsAsText(id: CellId): boolean {
    const cell = this.#store.cell(id)?.peek();
    return cell !== undefined && viewOf(cell, this.#documents.text(cell).peek(), false) !== "code";
  }

  #offerUndo(id: CellId): void {
    clearTimeout(this.#offer);
    this.offered.value = id;
    this.#offer = setTimeout(() => {
      if (this.offered.peek() === id) this.offered.value = null;
    }, OFFER_MS);
  }
}

/** The request, if it is meant for this part of this cell. */
export function requestFor(
  request: FocusRequest | null,
  id: CellId,
  where: FocusRequest["where"],
): FocusRequest | null {
  return request !== null && request.cell === id && request.where === where ? request : null;
}

/** What is shown of a cell's code: the code, a line where it is hidden, or nothing because what it made is enough. */
export function viewOf(cell: CellState, text: string, editing: boolean): "code" | "hidden" | "rendered" {
  if (editing || cell.type === "stray") return "code";
  if (cell.hideCode) return cell.output === null ? "hidden" : "rendered";
  const rendered = cell.output?.mime === "text/html" && cell.outcome === "succeeded" && !cell.edited;
  return rendered && text === cell.code && isMarkdown(text) ? "rendered" : "code";
}
