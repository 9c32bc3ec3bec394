/** Carrying out what a problem offers. */
import type { CellDocuments } from "../editor/documents.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId, ProblemView } from "../protocol/generated.ts";
import type { Focus } from "./focus.ts";

export class Help {
  readonly #store: NotebookStore;
  readonly #documents: CellDocuments;
  readonly #focus: Focus;

  constructor(store: NotebookStore, documents: CellDocuments, focus: Focus) {
    this.#store = store;
    this.#documents = documents;
    this.#focus = focus;
  }

  makeCell = (id: CellId): void => {
    this.#store.ask({ kind: "makeCell", cell: id });
  };

  fix = (id: CellId, problem: ProblemView, fix: string): void => {
    if (fix === "go_to") {
      const other = problem.cells.find((cell) => cell !== id);
      if (other !== undefined) this.#focus.goTo(other);
      return;
    }
    this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "fixProblem", cell: id, name: problem.name, fix }));
  };
}
