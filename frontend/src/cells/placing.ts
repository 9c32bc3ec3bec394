/** Where cells are and what they are called: add, delete, move, split, merge, rename, configure. All of it can be undone. */
import { signal } from "@preact/signals";
import type { CellDocuments } from "../editor/documents.ts";
import { freshCellId } from "../notebook/ids.ts";
import { importsQuire, MARKDOWN_CARET, MARKDOWN_TEMPLATE, markdownCode, proseRange } from "../notebook/markdown.ts";
import { blankCell } from "../notebook/state.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId, NewCell } from "../protocol/generated.ts";
import type { Focus } from "./focus.ts";
import type { Folds } from "./folds.ts";
import type { EditHistory } from "./history.ts";
import { placementsOf, restepped } from "./order.ts";
import type { Selection } from "./selection.ts";

const OFFER_MS = 10_000;

export type Offer = "hideCode" | "disabled";

export interface Surroundings {
  readonly store: NotebookStore;
  readonly documents: CellDocuments;
  readonly focus: Focus;
  readonly folds: Folds;
  readonly selection: Selection;
  readonly history: EditHistory;
}

export class Placing {
  readonly #page: Surroundings;
  #offer: ReturnType<typeof setTimeout> | undefined;
  /** What was just deleted, in words, as long as the page offers to bring it back. */
  readonly offered = signal<string | null>(null);

  constructor(page: Surroundings) {
    this.#page = page;
  }

  /** A new cell, shown and typed into before the session has heard of it. */
  add = (after: CellId | null, code = "", caret = 0, type: NewCell["type"] = "cell"): void => {
    const added = this.addCells([{ ...blank, code, type }], after);
    if (added[0] !== undefined) this.#page.focus.on(added[0], "editor", caret);
  };

  addMarkdown = (after: CellId | null): void => {
    this.#importQuire();
    this.add(after, MARKDOWN_TEMPLATE, MARKDOWN_CARET);
  };

  /** Turn code into prose; for prose, show the call around it, or hide it again. */
  turnProse = (id: CellId): void => {
    const { store, documents, focus } = this.#page;
    const cell = store.cell(id)?.peek();
    if (cell === undefined) return;
    const text = documents.text(cell).peek();
    if (proseRange(text) === null) {
      this.#importQuire();
      documents.retype(cell, markdownCode(text));
      focus.on(id, "editor", "keep");
    } else {
      focus.on(id, "editor", "keep");
      documents.turnProse(id);
    }
  };

  #importQuire(): void {
    const { cells, order, carrier } = this.#page.store.state.peek();
    if (carrier === "markdown") return; // prose is what the file is made of, and has `qr` without an import
    const first = order[0];
    if (importsQuire([...cells.values()].map((cell) => cell.code))) return;
    const isSetup = first !== undefined && cells.get(first)?.type === "setup";
    this.addCells([{ ...blank, code: "import quire as qr" }], isSetup ? first : null);
  }

  addAbove = (id: CellId): void => {
    const { order } = this.#page.store.state.peek();
    this.add(order[order.indexOf(id) - 1] ?? null);
  };

  addBelow = (id: CellId): void => this.add(this.#page.folds.withHidden([id]).at(-1) ?? id);

  addSetup = (): void => this.add(null, "", 0, "setup");

  /** Several new cells as one step; their ids, or none without a connection. */
  addCells(news: readonly Omit<NewCell, "cell">[], after: CellId | null): readonly CellId[] {
    const { store, history } = this.#page;
    const cells = news.map((cell) => ({ ...cell, cell: freshCellId() }));
    const ids = cells.map((cell) => cell.cell);
    const refused = (): void => store.apply(ids.map((cell) => ({ kind: "cellRemoved", cell, restorable: false })));
    const edit = {
      label: `add ${counted(ids)}`,
      redo: { kind: "addCells", cells, after },
      undo: { kind: "deleteCells", cells: ids },
    } as const;
    // Once added, undoing it keeps what was typed meanwhile, and redoing brings that back.
    if (!history.perform(edit, refused)) return [];
    history.replaceRedo(edit, { kind: "restoreCells", cells: ids });
    for (const [at, cell] of cells.entries()) {
      const shown = { ...blankCell(cell.cell, cell.code, cell.type), hideCode: cell.hideCode, disabled: cell.disabled };
      store.apply([{ kind: "cellAdded", cell: shown, after: ids[at - 1] ?? after }]);
    }
    return ids;
  }

  remove = (cells: readonly CellId[]): void => {
    const { store, documents, folds, focus, history } = this.#page;
    const all = folds.withHidden(cells).filter((id) => store.cell(id)?.peek().type !== "stray");
    const left = folds.visible.peek();
    const last = left.indexOf(all.filter((id) => left.includes(id)).at(-1) ?? "");
    const next = left.slice(last + 1)[0] ?? left.slice(0, last).findLast((id) => !all.includes(id));
    documents.afterPushOf(all, () => {
      const label = `delete ${counted(all)}`;
      const edit = {
        label,
        redo: { kind: "deleteCells", cells: all },
        undo: { kind: "restoreCells", cells: all },
      } as const;
      if (all.length === 0 || !history.perform(edit)) return;
      this.#offerUndo(all.length === 1 ? "cell deleted" : `${all.length} cells deleted`);
      if (next !== undefined) focus.goTo(next);
    });
  };

  /** Bring back the cell that was deleted last, by anybody. */
  restore = (): void => {
    const { store, focus } = this.#page;
    const cell = store.restorable.peek().at(-1);
    if (cell !== undefined && store.ask({ kind: "restoreCells", cells: [cell] })) focus.goTo(cell);
  };

  move = (cells: readonly CellId[], step: 1 | -1): void => {
    const { store, folds } = this.#page;
    const visible = folds.visible.peek();
    const after = restepped(visible, cells, step);
    if (after === undefined) return;
    const setup = store.cell(after ?? "")?.peek().type === "setup";
    if (step === -1 && cells.some((id) => store.cell(id)?.peek().type === "setup" || (setup && after === id))) return;
    this.moveTo(cells, after === null ? null : (folds.withHidden([after]).at(-1) ?? after));
  };

  moveToEnd = (cells: readonly CellId[], which: "first" | "last"): void => {
    const { order } = this.#page.store.state.peek();
    this.moveTo(cells, which === "first" ? null : (order.findLast((id) => !cells.includes(id)) ?? null));
  };

  /** Put the cells below another one, in their order; to the top for null. */
  moveTo = (cells: readonly CellId[], after: CellId | null): void => {
    const { store, folds, focus, history } = this.#page;
    const { order } = store.state.peek();
    const all = folds.withHidden(cells);
    const found = placementsOf(order, all, after);
    if (found === null) return;
    const edit = {
      label: `move ${counted(all)}`,
      redo: { kind: "moveCells", moves: found.moves },
      undo: { kind: "moveCells", moves: found.back },
    } as const;
    if (history.perform(edit) && cells[0] !== undefined) focus.goTo(cells[0]);
  };

  /** Divide the cell at the carets of its editor. */
  split = (id: CellId): void => {
    const { store, documents, focus, history } = this.#page;
    const view = documents.view(id);
    const ranges = view?.state.selection.ranges ?? [];
    const places = ranges.flatMap((range) => (range.empty ? [range.head] : [range.from, range.to]));
    documents.afterPush(id, () => {
      const version = documents.version(id);
      if (version === null) return;
      const cuts = [...new Set(places)].sort((one, other) => one - other).map((at) => ({ at, cell: freshCellId() }));
      const news = cuts.map((cut) => cut.cell);
      if (cuts.length === 0) {
        store.say("info", "put the caret where the new cell should begin, then split");
        return;
      }
      const redo = { kind: "splitCell", cell: id, version, cuts } as const;
      const edit = { label: "split a cell", redo, undo: { kind: "mergeCells", cells: [id, ...news] } } as const;
      if (!history.perform(edit)) return;
      history.replaceRedo(edit, { kind: "restoreCells", cells: news });
      const [first] = news;
      if (first !== undefined) focus.on(first, "editor", "start");
    });
  };

  /** Several become one; a single one takes up the one below. */
  merge = (cells: readonly CellId[]): void => {
    const { store, documents, focus, history, selection } = this.#page;
    const { order } = store.state.peek();
    const below = cells.length === 1 ? order[order.indexOf(cells[0] ?? "") + 1] : undefined;
    const all = below === undefined ? cells : [...cells, below];
    const [into, ...others] = all;
    if (into === undefined || others.length === 0) return;
    documents.afterPushOf(all, () => {
      const edit = {
        label: `merge ${counted(all)}`,
        redo: { kind: "mergeCells", cells: all },
        undo: { kind: "restoreCells", cells: others },
      } as const;
      if (!history.perform(edit)) return;
      selection.clear();
      focus.goTo(into);
    });
  };

  rename = (id: CellId, name: string): void => {
    const { store, history } = this.#page;
    const before = store.cell(id)?.peek().name;
    const wanted = name.trim() === "" ? "_" : name.trim();
    if (before === undefined || wanted === before) return;
    history.perform({
      label: "rename a cell",
      redo: { kind: "renameCell", cell: id, name: wanted },
      undo: { kind: "renameCell", cell: id, name: before },
    });
  };

  /** Give all of the cells the option; take it away when all have it. */
  toggle = (cells: readonly CellId[], option: Offer): void => {
    const { store, history } = this.#page;
    const states = cells.map((id) => store.cell(id)?.peek()).filter((cell) => cell !== undefined);
    const wanted = !states.every((cell) => cell[option]);
    const changed = states.filter(
      (cell) => cell[option] !== wanted && !(option === "disabled" && cell.type === "setup"),
    );
    const command = (value: boolean) => ({
      kind: "configureCells" as const,
      options: changed.map((cell) => ({ ...unchanged, cell: cell.id, [option]: value })),
    });
    if (changed.length > 0) history.perform({ label: LABELS[option], redo: command(wanted), undo: command(!wanted) });
  };

  undo = (): boolean => {
    const edit = this.#page.history.undo();
    this.offered.value = null;
    if (edit !== null) this.#follow(edit.undo);
    return edit !== null;
  };

  redo = (): boolean => {
    const edit = this.#page.history.redo();
    if (edit !== null) this.#follow(edit.redo);
    return edit !== null;
  };

  /** The focus goes where something came back. */
  #follow(command: { readonly kind: string; readonly cells?: unknown }): void {
    if (command.kind !== "restoreCells" || !Array.isArray(command.cells)) return;
    const first: unknown = command.cells[0];
    if (typeof first === "string") this.#page.focus.goTo(first);
  }

  #offerUndo(words: string): void {
    clearTimeout(this.#offer);
    this.offered.value = words;
    this.#offer = setTimeout(() => {
      this.offered.value = null;
    }, OFFER_MS);
  }
}

const blank = { code: "", type: "cell", name: "_", hideCode: false, disabled: false } as const;
const unchanged = { hideCode: null, disabled: null };
const LABELS: Record<Offer, string> = { hideCode: "show or hide code", disabled: "enable or disable" };

function counted(cells: readonly CellId[]): string {
  return cells.length === 1 ? "a cell" : `${cells.length} cells`;
}
