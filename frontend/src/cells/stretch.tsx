/** Some neighbouring cells: far from the viewport, the browser does nothing for them but to know their height. */
import { useMemo, useRef } from "preact/hooks";
import type { CellState } from "../notebook/state.ts";
import { CellPlace } from "./cell.tsx";
import { useWorkbench } from "./context.ts";
import type { Stretch } from "./stretches.ts";
import { useNearness } from "./viewport.ts";

interface Properties {
  readonly stretch: Stretch;
  /** Whole in the first paint. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export function StretchPlace({ stretch, isFirst, isLast }: Properties) {
  const { store } = useWorkbench();
  const place = useRef<HTMLDivElement>(null);
  const isAround = useNearness(place, "around", isFirst);
  // Until it was seen once: what the text says. Not worth following every key.
  const height = useMemo(() => guessedHeight(stretch.cells.map((id) => store.cell(id)?.peek())), [stretch]);
  return (
    <div ref={place} class="stretch" style={{ containIntrinsicBlockSize: `auto ${height}px` }}>
      {stretch.cells.map((id, index) => {
        const cell = store.cell(id);
        const isEnd = isLast && index === stretch.cells.length - 1;
        return cell && <CellPlace key={id} cell={cell} isAround={isAround || isEnd} isLast={isEnd} />;
      })}
    </div>
  );
}

const LINE = 20;
const AROUND_CODE = 46;

function guessedHeight(cells: readonly (CellState | undefined)[]): number {
  return cells.reduce((sum, cell) => sum + (cell?.code.split("\n").length ?? 1) * LINE + AROUND_CODE, 0);
}
