/** What this page did to the structure of the notebook, as pairs of commands: one that does it, one that undoes it. */
import { computed, type Signal, signal } from "@preact/signals";
import type { Asked, NotebookStore } from "../notebook/store.ts";

export interface Edit {
  /** As in "undo: delete 2 cells". */
  readonly label: string;
  readonly redo: Asked;
  readonly undo: Asked;
}

const REMEMBERED = 200;

/**
 * Undo and redo belong to the page: what others do meanwhile stays. The commands name cells, not places, and the session
 * refuses one that makes no sense any more; such a step is forgotten.
 */
export class EditHistory {
  readonly #store: NotebookStore;
  readonly #done = signal<readonly Edit[]>([]);
  readonly #undone = signal<readonly Edit[]>([]);
  readonly next = computed(() => this.#done.value.at(-1) ?? null);
  readonly nextAgain = computed(() => this.#undone.value.at(-1) ?? null);

  constructor(store: NotebookStore) {
    this.#store = store;
  }

  /** Do it, and remember how to undo it. False without a connection. */
  perform(edit: Edit, refused?: () => void): boolean {
    const forget = (): void => {
      this.#done.value = this.#done.peek().filter((other) => other.undo !== edit.undo);
      refused?.();
    };
    if (!this.#store.ask(edit.redo, forget)) return false;
    this.#done.value = [...this.#done.peek(), edit].slice(-REMEMBERED);
    this.#undone.value = [];
    return true;
  }

  /** What a redo of this edit would be from now on: cells that exist are brought back, not made anew. */
  replaceRedo(edit: Edit, redo: Asked): void {
    this.#done.value = this.#done.peek().map((other) => (other.undo === edit.undo ? { ...edit, redo } : other));
  }

  /** The edit that was undone; null when there is none. */
  undo(): Edit | null {
    return this.#turn(this.#done, this.#undone, "undo");
  }

  redo(): Edit | null {
    return this.#turn(this.#undone, this.#done, "redo");
  }

  #turn(from: Signal<readonly Edit[]>, to: Signal<readonly Edit[]>, way: "undo" | "redo"): Edit | null {
    const edit = from.peek().at(-1);
    if (edit === undefined) return null;
    const forget = (): void => {
      to.value = to.peek().filter((other) => other !== edit);
    };
    if (!this.#store.ask(edit[way], forget)) return null;
    from.value = from.peek().slice(0, -1);
    to.value = [...to.peek(), edit];
    return edit;
  }
}
