/** What a folded section says instead of its cells, and the button that folds it. */
import { useComputed } from "@preact/signals";
import { ChevronDown, ChevronRight } from "lucide";
import type { CellState } from "../notebook/state.ts";
import type { CellId } from "../protocol/generated.ts";
import { Icon } from "../ui/icon.tsx";
import { useWorkbench } from "./context.ts";
import { headingOfCell } from "./folds.ts";

export function FoldedAway({ cell }: { cell: CellId }) {
  const { folds } = useWorkbench();
  const count = useComputed(() => folds.sections.value.get(cell)?.length ?? 0).value;
  if (count === 0) return null;
  return (
    <button type="button" class="folded-away" onClick={() => folds.toggle(cell)}>
      {count === 1 ? "1 cell hidden" : `${count} cells hidden`}
    </button>
  );
}

export function FoldButton({ cell }: { cell: CellState }) {
  const { folds, registry } = useWorkbench();
  const { id } = cell;
  const isFolded = useComputed(() => folds.sections.value.has(id)).value;
  const heading = headingOfCell(cell);
  if (heading === null) return null;
  const label = isFolded ? "unfold the section" : "fold the section";
  return (
    <button
      type="button"
      class="icon-button cell-fold"
      aria-expanded={!isFolded}
      aria-label={`section ${heading.title}`}
      title={registry.tip("cell.fold", label)}
      onClick={() => folds.toggle(id)}
    >
      <Icon icon={isFolded ? ChevronRight : ChevronDown} size={16} />
    </button>
  );
}
