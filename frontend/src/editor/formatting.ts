/** Well-formed code: the session has cells formatted, the answer is taken over where nobody typed meanwhile. */
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId, CellsFormatted } from "../protocol/generated.ts";
import type { CellDocuments } from "./documents.ts";

export class Formatting {
  readonly #store: NotebookStore;
  readonly #documents: CellDocuments;
  /** What the cells held when they were last asked about. */
  readonly #asked = new Map<CellId, string>();
  #after: (() => void) | null = null;

  constructor(store: NotebookStore, documents: CellDocuments) {
    this.#store = store;
    this.#documents = documents;
    store.follow((notice) => {
      // Not now: an editor must not change while the notices are still being taken up.
      if (notice.kind === "cellsFormatted") queueMicrotask(() => this.#take(notice));
    });
  }

  /** `after`: what this is only a step of, done in any case; such a step says nothing of cells that it left alone. */
  format(cells: readonly CellId[], after: (() => void) | null = null): void {
    this.#documents.afterPushOfAll(() => {
      for (const id of cells) {
        const cell = this.#store.state.peek().cells.get(id);
        if (cell !== undefined) this.#asked.set(id, this.#documents.text(cell).peek());
      }
      this.#after = after;
      this.#store.ask({ kind: "formatCells", cells: [...cells] }, () => this.#goOn());
    });
  }

  #take(notice: CellsFormatted): void {
    let skipped = 0;
    for (const [id, asked] of this.#asked) {
      const cell = this.#store.state.peek().cells.get(id);
      const code = notice.codes[id];
      if (cell === undefined) continue;
      if (code === undefined) skipped += 1;
      else if (this.#documents.text(cell).peek() === asked) this.#documents.retype(cell, code);
    }
    this.#asked.clear();
    if (skipped > 0 && this.#after === null) this.#store.say("warning", skippedWords(skipped));
    this.#goOn();
  }

  #goOn(): void {
    const after = this.#after;
    this.#after = null;
    after?.();
  }
}

function skippedWords(skipped: number): string {
  return skipped === 1
    ? "a cell that is not Python was left as it is"
    : `${skipped} cells that are not Python were left as they are`;
}
