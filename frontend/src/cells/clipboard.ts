/** Copy, cut and paste of cells. */

import type { CellId } from "../protocol/generated.ts";
import { remember, remembered } from "../ui/memory.ts";
import { type Clip, clipOf, clipsFrom, htmlOf, textOf } from "./clips.ts";
import type { Placing, Surroundings } from "./placing.ts";

interface Kept {
  readonly text: string;
  readonly html: string;
}

export class Clipboard {
  readonly #page: Surroundings;
  readonly #placing: Placing;

  constructor(page: Surroundings, placing: Placing) {
    this.#page = page;
    this.#placing = placing;
  }

  /** The browser's own events, which need no permission: with a cell in focus they are about cells. */
  listen(): void {
    const on = (kind: "copy" | "cut" | "paste", act: (data: DataTransfer, cell: CellId) => void): void =>
      addEventListener(kind, (event) => {
        const cell = cellInFocus();
        if (cell === null || event.clipboardData === null || hasSelectedText()) return;
        event.preventDefault();
        act(event.clipboardData, cell);
      });
    on("copy", (data, cell) => this.#write(data, cell));
    on("cut", (data, cell) => {
      this.#write(data, cell);
      this.#placing.remove(this.#page.selection.around(cell));
    });
    on("paste", (data, cell) => this.#insert(data.getData("text/plain"), data.getData("text/html"), cell));
  }

  /** By key or menu: the browser makes the event that we listen to. */
  copy = (cell: CellId): void => {
    this.#keep(cell);
    this.#fire("copy", cell);
  };

  cut = (cell: CellId): void => {
    this.copy(cell);
    this.#placing.remove(this.#page.selection.around(cell));
  };

  /** The system's clipboard where we may read it without asking, else what was copied in this browser last. */
  paste = async (cell: CellId): Promise<void> => {
    const kept = (await fromSystem()) ?? remembered("clipboard", isKept);
    if (kept === null) this.#page.store.say("info", "nothing was copied here; paste with the browser's own key");
    else this.#insert(kept.text, kept.html, cell);
  };

  #clips(cell: CellId): readonly Clip[] {
    const { store, documents, folds, selection } = this.#page;
    const cells = folds.withHidden(selection.around(cell)).map((id) => store.cell(id)?.peek());
    return cells.filter((one) => one !== undefined).map((one) => clipOf(one, documents.text(one).peek()));
  }

  #write(data: DataTransfer, cell: CellId): void {
    const clips = this.#clips(cell);
    data.setData("text/plain", textOf(clips));
    data.setData("text/html", htmlOf(clips));
    this.#keep(cell);
  }

  #keep(cell: CellId): void {
    const clips = this.#clips(cell);
    remember("clipboard", { text: textOf(clips), html: htmlOf(clips) });
  }

  #fire(kind: "copy", cell: CellId): void {
    const write = (event: ClipboardEvent): void => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.clipboardData !== null) this.#write(event.clipboardData, cell);
    };
    addEventListener(kind, write, { capture: true, once: true });
    // Needs neither permission nor an encrypted connection, unlike what is to replace it.
    document.execCommand(kind);
    removeEventListener(kind, write, { capture: true });
  }

  #insert(text: string, html: string, cell: CellId): void {
    const clips = clipsFrom(text, html);
    const below = this.#page.folds.withHidden(this.#page.selection.around(cell)).at(-1) ?? cell;
    const added = this.#placing.addCells(clips, below);
    if (added[0] === undefined) return;
    this.#page.focus.goTo(added[0]);
    this.#page.selection.select(added);
  }
}

async function fromSystem(): Promise<Kept | null> {
  try {
    // Firefox knows no such permission and would ask with each paste.
    const { state } = await navigator.permissions.query({ name: "clipboard-read" as PermissionName });
    if (state !== "granted") return null;
    const [item] = await navigator.clipboard.read();
    const read = async (type: string): Promise<string> =>
      item?.types.includes(type) ? (await item.getType(type)).text() : "";
    return { text: await read("text/plain"), html: await read("text/html") };
  } catch {
    return null;
  }
}

/** The cell as a whole has the focus, not something in it. */
function cellInFocus(): CellId | null {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement ? (activeElement.dataset.cell ?? null) : null;
}

function hasSelectedText(): boolean {
  return document.getSelection()?.isCollapsed === false;
}

function isKept(value: unknown): value is Kept {
  return typeof value === "object" && value !== null && "text" in value && "html" in value;
}
