/** Carrying out what a problem offers. */
import type { CellDocuments } from "../editor/documents.ts";
import { rangeOf } from "../notebook/findings.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId, FindingView, ProblemView } from "../protocol/generated.ts";
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

  mend = (cell: CellId, { code, fix, line }: FindingView): void =>
    this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "fixFinding", cell, code, fix, line }));

  /** To the place in the code that the finding is about. */
  goToFinding = (id: CellId, finding: FindingView): void => {
    const cell = this.#store.cell(id)?.peek();
    if (cell === undefined) return;
    const { from, to } = rangeOf(this.#documents.text(cell).peek(), finding);
    // A statement between cells has no editor.
    if (cell.type === "stray") this.#focus.goTo(id);
    else this.#focus.goToCode(id, from, to);
  };
}
