/** Running: cells, everything, what is stale; stopping; the kernel. What was typed is sent first. */
import type { CellDocuments } from "../editor/documents.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId } from "../protocol/generated.ts";
import type { Focus } from "./focus.ts";

export class Running {
  readonly #store: NotebookStore;
  readonly #documents: CellDocuments;
  readonly #focus: Focus;

  constructor(store: NotebookStore, documents: CellDocuments, focus: Focus) {
    this.#store = store;
    this.#documents = documents;
    this.#focus = focus;
  }

  run = (cells: readonly CellId[]): void => {
    for (const id of cells) this.#documents.settle(id);
    const { editing } = this.#focus;
    if (editing.peek() !== null && cells.includes(editing.peek() ?? "")) editing.value = null;
    this.#documents.afterPushOf(cells, () => this.#store.ask({ kind: "runCells", cells }));
  };

  all = (): void => this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "runAll" }));

  stale = (): void => this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "runStale" }));

  interrupt = (): void => {
    this.#store.ask({ kind: "interrupt" });
  };

  restart = (run: boolean): void =>
    this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "restartKernel", run }));

  save = (): void => this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "save" }));
}
