/** Which cell gives which name to which others: asked of the session as soon as somebody needs it, kept current after. */
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId } from "../protocol/generated.ts";

export class Links {
  readonly #store: NotebookStore;
  #users = 0;

  constructor(store: NotebookStore) {
    this.#store = store;
    // Another connection is another page to the session, and a whole state has no links. Not now: it is being taken up.
    const again = (): void => queueMicrotask(() => this.#users > 0 && this.#ask(true));
    store.follow((notice) => {
      if (notice.kind === "notebookOpened") again();
    });
    store.connection.subscribe((status) => {
      if (status === "open") again();
    });
  }

  /** From now on links are known, until the function that is returned is called. */
  use(): () => void {
    this.#users += 1;
    if (this.#users === 1) this.#ask(true);
    return () => {
      this.#users -= 1;
      if (this.#users === 0) this.#ask(false);
    };
  }

  /** The cell that this one gets the name from; null when it is its own, nobody's, or not known yet. */
  giverOf(cell: CellId, name: string): CellId | null {
    const { links } = this.#store.state.peek();
    const own = links.get(cell);
    if (own === undefined || own.defs.includes(name) || !own.refs.includes(name)) return null;
    return own.parents.find((parent) => links.get(parent)?.defs.includes(name)) ?? null;
  }

  /** The names that the cell gets from others. */
  givenTo(cell: CellId): readonly string[] {
    const refs = this.#store.state.peek().links.get(cell)?.refs ?? [];
    return refs.filter((name) => this.giverOf(cell, name) !== null);
  }

  #ask(follow: boolean): void {
    if (this.#store.connection.peek() === "open") this.#store.ask({ kind: "followLinks", follow });
  }
}
