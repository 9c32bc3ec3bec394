/** Which cells are meant: the one at hand, or several around it. */
import { signal } from "@preact/signals";
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId } from "../protocol/generated.ts";

const NONE: ReadonlySet<CellId> = new Set();

export class Selection {
  readonly #store: NotebookStore;
  /** The cell that had the focus last. */
  readonly current = signal<CellId | null>(null);
  /** Empty as long as only the current cell is meant. */
  readonly selected = signal<ReadonlySet<CellId>>(NONE);
  #anchor: CellId | null = null;

  constructor(store: NotebookStore) {
    this.#store = store;
  }

  /** The cells that an action on this cell is about, in the order of the notebook. */
  around(cell: CellId): readonly CellId[] {
    const selected = this.selected.peek();
    if (!selected.has(cell)) return [cell];
    return this.#store.state.peek().order.filter((id) => selected.has(id));
  }

  /** The focus has come to this cell. */
  reached(cell: CellId): void {
    this.current.value = cell;
    if (!this.selected.peek().has(cell)) this.clear();
  }

  clear(): void {
    this.#anchor = null;
    if (this.selected.peek().size > 0) this.selected.value = NONE;
  }

  /** From where the selection began to this cell. */
  extendTo(cell: CellId): void {
    const { order } = this.#store.state.peek();
    this.#anchor ??= this.current.peek() ?? cell;
    this.selected.value = new Set(rangeOf(order, this.#anchor, cell));
  }

  /** Take it in, or leave it out. */
  toggle(cell: CellId): void {
    const current = this.current.peek();
    const selected = new Set(this.selected.peek());
    if (selected.size === 0 && current !== null) selected.add(current);
    if (!selected.delete(cell)) selected.add(cell);
    this.#anchor = cell;
    this.selected.value = selected;
  }

  select(cells: readonly CellId[]): void {
    this.#anchor = cells[0] ?? null;
    this.selected.value = cells.length > 1 ? new Set(cells) : NONE;
  }

  selectAll(): void {
    this.select(this.#store.state.peek().order);
  }
}

/** The cells from one to the other, whichever comes first. */
export function rangeOf(order: readonly CellId[], one: CellId, other: CellId): readonly CellId[] {
  const places = [order.indexOf(one), order.indexOf(other)].filter((at) => at !== -1);
  return order.slice(Math.min(...places), Math.max(...places) + 1);
}
