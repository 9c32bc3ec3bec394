/** Sections that are folded away under their headings; remembered for each notebook in this browser. */
import { computed, signal } from "@preact/signals";
import { type Heading, headingOf, sectionsOf } from "../notebook/headings.ts";
import type { CellState } from "../notebook/state.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { CellId } from "../protocol/generated.ts";
import { isTexts, remember, remembered } from "../ui/memory.ts";

const NONE: ReadonlySet<CellId> = new Set();

/** A cell's heading is looked for once for each text. */
const headings = new WeakMap<CellState, Heading | null>();

export function headingOfCell(cell: CellState): Heading | null {
  let heading = headings.get(cell);
  if (heading === undefined) {
    heading = cell.type === "cell" ? headingOf(cell.code) : null;
    headings.set(cell, heading);
  }
  return heading;
}

export class Folds {
  readonly #store: NotebookStore;
  readonly #folded = signal<ReadonlySet<CellId>>(NONE);
  #path = "";

  /** The cells that are hidden under each folded heading. */
  readonly sections = computed(() => {
    const folded = this.#folded.value;
    if (folded.size === 0) return new Map<CellId, readonly CellId[]>();
    const { order, cells } = this.#store.state.value;
    return sectionsOf(order, (id) => levelIn(cells, id), folded);
  });

  readonly #hidden = computed(() => new Set([...this.sections.value.values()].flat()));

  /** The order of the cells that can be seen. */
  readonly visible = computed(() => {
    const order = this.#store.order.value;
    const hidden = this.#hidden.value;
    return hidden.size === 0 ? order : order.filter((id) => !hidden.has(id));
  });

  constructor(store: NotebookStore) {
    this.#store = store;
    store.path.subscribe((path) => {
      if (path === "") return;
      this.#path = path;
      this.#folded.value = new Set(remembered(`folds:${path}`, isTexts) ?? []);
    });
  }

  isFolded(id: CellId): boolean {
    return this.#folded.value.has(id);
  }

  fold = (cells: readonly CellId[], folded: boolean): void => {
    const next = new Set(this.#folded.peek());
    for (const id of cells) {
      if (folded) next.add(id);
      else next.delete(id);
    }
    this.#keep(next);
  };

  toggle = (id: CellId): void => this.fold([id], !this.#folded.peek().has(id));

  foldAll = (): void => {
    const { order, cells } = this.#store.state.peek();
    this.#keep(new Set(order.filter((id) => levelIn(cells, id) !== null)));
  };

  unfoldAll = (): void => this.#keep(NONE);

  /** Unfold whatever hides this cell. */
  reveal(id: CellId): void {
    while (this.#hidden.peek().has(id)) {
      const holder = [...this.sections.peek()].find(([, cells]) => cells.includes(id));
      if (holder === undefined) return;
      this.fold([holder[0]], false);
    }
  }

  /** The cell above or below among those that can be seen; null at the ends. */
  neighbour(id: CellId, step: 1 | -1): CellId | null {
    const order = this.visible.peek();
    const at = order.indexOf(id);
    return at === -1 ? null : (order[at + step] ?? null);
  }

  /** The cell and what is folded away under it: they move, go and come together. */
  withHidden(cells: readonly CellId[]): readonly CellId[] {
    const sections = this.sections.peek();
    return cells.flatMap((id) => [id, ...(sections.get(id) ?? [])]);
  }

  #keep(folded: ReadonlySet<CellId>): void {
    this.#folded.value = folded;
    remember(`folds:${this.#path}`, [...folded]);
  }
}

function levelIn(cells: ReadonlyMap<CellId, CellState>, id: CellId): number | null {
  const cell = cells.get(id);
  return cell === undefined ? null : (headingOfCell(cell)?.level ?? null);
}
