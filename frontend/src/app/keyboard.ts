/** One listener for every key of the notebook, ahead of the editors, so that they do not take what is not theirs. */
import type { CellActions } from "../cells/actions.ts";
import { type Place, shortcutOf } from "../cells/shortcuts.ts";
import { isApple } from "../ui/keys.ts";

export function listenToKeys(actions: CellActions): void {
  const apple = isApple(navigator.platform);
  addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : null;
      const cell = target?.closest<HTMLElement>("[data-cell]") ?? null;
      const shortcut = shortcutOf(event, placeOf(target, cell), apple);
      if (shortcut === null || !actions.press(shortcut, cell?.dataset.cell ?? null)) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}

function placeOf(target: Element | null, cell: Element | null): Place {
  if (target === null) return "elsewhere";
  if (target.closest(".cm-editor") !== null) return "editor";
  if (target.closest("input, textarea, select, [role=menu], dialog") !== null) return "field";
  if (cell === null) return "elsewhere";
  // A button in a cell keeps Enter and the arrows for itself.
  return target === cell ? "cell" : "field";
}
