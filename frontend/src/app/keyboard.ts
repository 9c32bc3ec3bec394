/** One listener for every key of the notebook, ahead of the editors, so that they do not take what is not theirs. */
import type { Workbench } from "../cells/context.ts";
import { type Place, perform } from "../cells/registry.ts";
import { isApple } from "../ui/keys.ts";

export function listenToKeys(bench: Workbench): void {
  const apple = isApple(navigator.platform);
  addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : null;
      const cell = target?.closest<HTMLElement>("[data-cell]") ?? null;
      const place = placeOf(target, cell);
      if (place === "editor" && isOfList(event, target)) return;
      for (const action of bench.registry.find(event, place, apple)) {
        if (!perform(bench, action, cell?.dataset.cell ?? null)) continue;
        event.preventDefault();
        event.stopPropagation();
        return;
      }
    },
    { capture: true },
  );
  // Whatever has the focus, its cell is the one at hand.
  addEventListener("focusin", (event) => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-cell]") : null;
    if (cell?.dataset.cell !== undefined) bench.selection.reached(cell.dataset.cell);
  });
}

/** Ctrl-j and Ctrl-k move in the list of completions while it is open, and mean nothing else then. */
function isOfList(event: KeyboardEvent, target: Element | null): boolean {
  const isMove = event.ctrlKey && !event.shiftKey && !event.altKey && (event.key === "j" || event.key === "k");
  return isMove && target?.getAttribute("aria-haspopup") === "listbox";
}

function placeOf(target: Element | null, cell: Element | null): Place {
  if (target === null) return "elsewhere";
  if (target.closest(".cm-editor") !== null) return "editor";
  if (target.closest("input, textarea, select, [role=menu], [role=tree], dialog") !== null) return "field";
  if (cell === null) return target.closest("button, a, [tabindex]") === null ? "elsewhere" : "field";
  // A button in a cell keeps Enter and the arrows for itself.
  return target === cell ? "cell" : "field";
}
