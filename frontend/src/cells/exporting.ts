/** A copy of the notebook in another format: the session converts what stands on the screen, the browser keeps the file. */
import type { CellDocuments } from "../editor/documents.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { ExportFormat, NotebookExported } from "../protocol/generated.ts";

export const EXPORTS: readonly (readonly [ExportFormat, string])[] = [
  ["ipynb", "a Jupyter notebook"],
  ["markdown", "Markdown"],
  ["percent", "a script with cells (# %%)"],
  ["script", "a plain script"],
  ["marimo", "a marimo notebook"],
];

const MOST_NOTES = 3;

export class Exporting {
  readonly #store: NotebookStore;
  readonly #documents: CellDocuments;

  constructor(store: NotebookStore, documents: CellDocuments) {
    this.#store = store;
    this.#documents = documents;
    store.follow((notice) => {
      // Not now: the notices are still being taken up.
      if (notice.kind === "notebookExported") queueMicrotask(() => this.#take(notice));
    });
  }

  export = (format: ExportFormat): void =>
    this.#documents.afterPushOfAll(() => this.#store.ask({ kind: "exportNotebook", format }));

  #take({ name, text, notes }: NotebookExported): void {
    keepFile(name, text);
    this.#store.say(notes.length === 0 ? "info" : "warning", exportWords(name, notes));
  }
}

/** The first notes are said, the others counted. */
export function exportWords(name: string, notes: readonly string[]): string {
  if (notes.length === 0) return `\`${name}\` was downloaded`;
  const more = notes.length - MOST_NOTES;
  const said = notes.slice(0, MOST_NOTES).join("; ");
  return `\`${name}\` was downloaded; ${said}${more > 0 ? `; and ${more} more` : ""}`;
}

function keepFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
