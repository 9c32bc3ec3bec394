/** Tells the other pages where this one types, and gives each editor the carets of the others. Says nothing to nobody. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { NotebookStore } from "../notebook/store.ts";
import type { Caret, CellId } from "../protocol/generated.ts";

/** Carets move with every key; others need to know only now and then. */
const PAUSE_MS = 100;

export class Presence {
  readonly #store: NotebookStore;
  #caret: Caret | null = null;
  #told = "null";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: NotebookStore) {
    this.#store = store;
    store.follow((notice, before) => {
      if (notice.kind === "notebookOpened") this.#told = "null";
      const isNew = notice.kind === "pageMoved" && !before.pages.has(notice.page.clientId);
      if (notice.kind === "notebookOpened" || isNew) this.#tellSoon();
    });
  }

  /** The caret of this page is there now; null: it left `cell`. */
  move(cell: CellId, caret: Caret | null): void {
    if (caret === null && this.#caret?.cell !== cell) return;
    this.#caret = caret;
    this.#tellSoon();
  }

  /** The carets of the other pages in a cell. */
  others(cell: CellId): ReadonlySignal<readonly Caret[]> {
    let last: readonly Caret[] = [];
    return computed(() => {
      const here: Caret[] = [];
      for (const caret of this.#store.pages.value.values()) if (caret?.cell === cell) here.push(caret);
      if (JSON.stringify(here) !== JSON.stringify(last)) last = here;
      return last;
    });
  }

  #tellSoon(): void {
    if (this.#timer !== undefined || this.#store.pages.peek().size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const words = JSON.stringify(this.#caret);
      if (words === this.#told || this.#store.connection.peek() !== "open") return;
      if (this.#store.ask({ kind: "moveCaret", caret: this.#caret })) this.#told = words;
    }, PAUSE_MS);
  }
}
