/** The column of cells. */
import { useComputed } from "@preact/signals";
import { CodeXml, Type } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { Between } from "../cells/between.tsx";
import { CellPlace } from "../cells/cell.tsx";
import { useWorkbench } from "../cells/context.ts";
import { Icon } from "../ui/icon.tsx";

/** Shown in the first paint, and added in each step after it: a long notebook is there at once and complete soon. */
const FIRST = 15;
const STEP = 40;

export function Notebook() {
  const { store, folds } = useWorkbench();
  const order = folds.visible.value;
  const shown = useGrowingCount(order.length);
  if (!store.opened.value) return <p class="waiting">opening the notebook</p>;
  if (order.length === 0) return <EmptyNotebook />;
  const first = order[0];
  const startsWithSetup = first !== undefined && store.cell(first)?.value.type === "setup";
  return (
    <>
      {!startsWithSetup && <Between after={null} setup />}
      {order.slice(0, shown).map((id, index) => {
        const cell = store.cell(id);
        return cell && <CellPlace key={id} cell={cell} index={index} isLast={index === order.length - 1} />;
      })}
    </>
  );
}

/** How many cells to show by now; all of them when the focus is asked for one that is not there yet. */
function useGrowingCount(total: number): number {
  const { focus, folds } = useWorkbench();
  const [count, setCount] = useState(FIRST);
  const isAsked = useComputed(() => {
    const request = focus.request.value;
    return request !== null && folds.visible.value.indexOf(request.cell) >= count;
  }).value;
  const shown = isAsked ? total : Math.min(count, total);
  useEffect(() => {
    if (shown >= total) return;
    const timer = setTimeout(() => setCount(shown + STEP));
    return () => clearTimeout(timer);
  }, [shown, total]);
  return shown;
}

function EmptyNotebook() {
  const { placing } = useWorkbench();
  return (
    <div class="empty">
      <p>This notebook is empty.</p>
      <p class="empty-offers">
        <button type="button" class="button" data-kind="primary" onClick={() => placing.add(null)}>
          <Icon icon={CodeXml} size={16} />
          write code
        </button>
        <button type="button" class="button" onClick={() => placing.addMarkdown(null)}>
          <Icon icon={Type} size={16} />
          write text
        </button>
      </p>
    </div>
  );
}
