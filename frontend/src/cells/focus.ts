/** Where the focus is to go: into a cell's editor, to the cell as a whole, to its name, to what its runs took. */
import { signal } from "@preact/signals";
import type { CellDocuments } from "../editor/documents.ts";
import type { CellState } from "../notebook/state.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId } from "../protocol/generated.ts";
import type { Folds } from "./folds.ts";
import type { Selection } from "./selection.ts";
import { viewOf } from "./view.ts";

/** Taken by the cell as soon as it can. */
export interface FocusRequest {
  readonly cell: CellId;
  readonly where: "editor" | "cell" | "name" | "runs" | "input";
  /** `keep`: where it is; `range`: this stretch of the text is selected. */
  readonly caret: "start" | "end" | "keep" | number | { readonly from: number; readonly to: number };
}

export class Focus {
  readonly #store: NotebookStore;
  readonly #documents: CellDocuments;
  readonly #folds: Folds;
  readonly #selection: Selection;

  readonly request = signal<FocusRequest | null>(null);
  /** The cell whose code is shown although it reads as text. */
  readonly editing = signal<CellId | null>(null);

  constructor(store: NotebookStore, documents: CellDocuments, folds: Folds, selection: Selection) {
    this.#store = store;
    this.#documents = documents;
    this.#folds = folds;
    this.#selection = selection;
  }

  on = (cell: CellId, where: FocusRequest["where"], caret: FocusRequest["caret"]): void => {
    this.#folds.reveal(cell);
    this.request.value = { cell, where, caret };
  };

  goTo = (id: CellId): void => this.on(id, "cell", "keep");

  /** To a place in the code, which is shown for it. */
  goToCode = (id: CellId, from: number, to = from): void => {
    if (this.readsAsText(id)) this.editing.value = id;
    this.on(id, "editor", { from, to });
  };

  edit = (id: CellId): void => {
    this.editing.value = id;
    this.on(id, "editor", "keep");
  };

  /** From one cell to the next one above or below. False at the ends. */
  step = (id: CellId, step: 1 | -1, where: "editor" | "cell"): boolean => {
    const cell = this.#folds.neighbour(id, step);
    if (cell === null) return false;
    const target = where === "editor" && this.readsAsText(cell) ? "cell" : where;
    this.#selection.clear();
    this.on(cell, target, step === 1 ? "start" : "end");
    return true;
  };

  /** To the next cell above or below, which joins the selection. */
  extend = (id: CellId, step: 1 | -1): boolean => {
    const cell = this.#folds.neighbour(id, step);
    if (cell === null) return false;
    this.#selection.extendTo(cell);
    this.goTo(cell);
    return true;
  };

  goToEnd = (which: "first" | "last"): void => {
    const order = this.#folds.visible.peek();
    const cell = which === "first" ? order[0] : order.at(-1);
    if (cell !== undefined) this.goTo(cell);
  };

  readsAsText(id: CellId): boolean {
    const cell = this.#store.cell(id)?.peek();
    return cell !== undefined && viewOf(cell, this.#documents.text(cell).peek(), false) !== "code";
  }

  textOf(cell: CellState): string {
    return this.#documents.text(cell).peek();
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
