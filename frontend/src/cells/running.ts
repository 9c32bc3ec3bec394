/** Running: cells, everything, what is stale; stopping, debugging; the kernel; saving by hand. What was typed is sent first. */
import type { CellDocuments } from "../editor/documents.ts";
import type { Formatting } from "../editor/formatting.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId, RestartKernel } from "../protocol/generated.ts";
import type { Focus } from "./focus.ts";
import type { Settings } from "./settings.ts";

interface Page {
  readonly store: NotebookStore;
  readonly documents: CellDocuments;
  readonly focus: Focus;
}

export class Running {
  readonly #store: NotebookStore;
  readonly #documents: CellDocuments;
  readonly #focus: Focus;
  readonly #formatting: Formatting;
  readonly #settings: Settings;

  constructor({ store, documents, focus }: Page, formatting: Formatting, settings: Settings) {
    this.#store = store;
    this.#documents = documents;
    this.#focus = focus;
    this.#formatting = formatting;
    this.#settings = settings;
  }

  run = (cells: readonly CellId[]): void => {
    for (const id of cells) this.#documents.settle(id);
    const { editing } = this.#focus;
    if (editing.peek() !== null && cells.includes(editing.peek() ?? "")) editing.value = null;
    this.#documents.afterPushOf(cells, () => this.#store.ask({ kind: "runCells", cells }));
  };

  all = (): void => this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "runAll" }));

  stale = (): void => this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "runStale" }));

  setLazy = (lazy: boolean): void => {
    this.#store.ask({ kind: "setLazy", lazy });
  };

  interrupt = (): void => {
    this.#store.ask({ kind: "interrupt" });
  };

  debug = (cell: CellId): void => {
    this.#store.ask({ kind: "debugCell", cell });
    this.#focus.on(cell, "input", "keep");
  };

  restart = (run: Required<RestartKernel>["run"]): void =>
    this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "restartKernel", run }));

  save = (): void => {
    const write = (): void => this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "save" }));
    if (this.#settings.values.peek().formatOnSave) this.#formatting.format(this.#store.state.peek().order, write);
    else write();
  };
}
