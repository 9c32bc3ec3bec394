/** The column of cells. */
import { CodeXml, Type } from "lucide";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Between } from "../cells/between.tsx";
import { useWorkbench } from "../cells/context.ts";
import { StretchPlace } from "../cells/stretch.tsx";
import { divideIntoStretches, type Stretch } from "../cells/stretches.ts";
import type { CellId } from "../protocol/generated.ts";
import { Icon } from "../ui/icon.tsx";

/** Stretches in the first paint, and added in each step after it: a long notebook is there at once and complete soon. */
const FIRST = 2;
const STEP = 5;

/** `served`: the stretches of cells as the page was served with them, which stand in for those that are not drawn yet. */
export function Notebook({ served }: { served: readonly HTMLElement[] }) {
  const { store, folds } = useWorkbench();
  const order = folds.visible.value;
  const stretches = useStretches(order);
  const shown = useGrowingCount(stretches);
  useFirstCaret();
  if (!store.opened.value) return <p class="waiting">opening the notebook</p>;
  if (order.length === 0) return <EmptyNotebook />;
  const first = order[0];
  const startsWithSetup = first !== undefined && store.cell(first)?.value.type === "setup";
  return (
    <>
      {!startsWithSetup && <Between after={null} setup />}
      {stretches.slice(0, shown).map((stretch, index) => (
        <StretchPlace
          key={stretch.key}
          stretch={stretch}
          isFirst={index === 0}
          isLast={index === stretches.length - 1}
        />
      ))}
      {shown < stretches.length && <Standins places={served} from={shown} />}
    </>
  );
}

/** Who begins a notebook wants to write. */
function useFirstCaret(): void {
  const { store, focus } = useWorkbench();
  const isOpened = store.opened.value;
  useEffect(() => {
    const { order, cells } = store.state.peek();
    const only = order.length === 1 ? order[0] : undefined;
    const isBlank = only !== undefined && cells.get(only)?.code === "";
    if (isOpened && isBlank && document.activeElement === document.body) focus.on(only, "editor", "start");
  }, [isOpened]);
}

function useStretches(order: readonly CellId[]): readonly Stretch[] {
  const before = useRef<readonly Stretch[]>([]);
  return useMemo(() => {
    before.current = divideIntoStretches(before.current, order);
    return before.current;
  }, [order]);
}

/** How many stretches to show by now; all of them when the focus is asked for a cell that is not there yet. */
function useGrowingCount(stretches: readonly Stretch[]): number {
  const { focus } = useWorkbench();
  const [count, setCount] = useState(FIRST);
  const request = focus.request.value;
  const isAsked = request !== null && stretches.slice(count).some((stretch) => stretch.cells.includes(request.cell));
  const total = stretches.length;
  const shown = isAsked ? total : Math.min(count, total);
  useEffect(() => {
    if (shown >= total) return;
    const timer = setTimeout(() => setCount(shown + STEP));
    return () => clearTimeout(timer);
  }, [shown, total]);
  return shown;
}

/** Stretches to read where none are drawn yet: the page is as long as it will be, and scrolled to where it was. */
function Standins({ places, from }: { places: readonly HTMLElement[]; from: number }) {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => holder.current?.replaceChildren(...places), []);
  useLayoutEffect(() => {
    for (const place of places.slice(0, from)) place.remove();
  }, [from]);
  return <div ref={holder} />;
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
