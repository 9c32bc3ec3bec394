/** Dragging cells by their handle: a line shows where they would land, and the page scrolls at its edges. */
import { signal } from "@preact/signals";
import type { CellId } from "../protocol/generated.ts";
import type { Workbench } from "./context.ts";

export interface Landing {
  /** The cells go below this one; null: to the top. */
  readonly after: CellId | null;
  /** Where the line is, in the window. */
  readonly top: number;
  readonly left: number;
  readonly width: number;
}

/** Null when nothing is being dragged. */
export const landing = signal<Landing | null>(null);

const EDGE = 70;
const SPEED = 0.25;
/** Less than this is a click. */
const SLACK = 4;

export function startDrag(bench: Workbench, cell: CellId, event: PointerEvent): void {
  if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
  const handle = event.currentTarget;
  const start = event.clientY;
  let y = start;
  let frame = 0;
  let isDragging = false;
  handle.setPointerCapture(event.pointerId);

  const follow = (): void => {
    const over = Math.min(0, y - EDGE) + Math.max(0, y - (innerHeight - EDGE));
    if (over !== 0) scrollBy(0, over * SPEED);
    landing.value = landingAt(y);
    frame = requestAnimationFrame(follow);
  };
  const move = (moved: PointerEvent): void => {
    y = moved.clientY;
    if (isDragging || Math.abs(y - start) < SLACK) return;
    isDragging = true;
    follow();
  };
  const end = (drop: boolean): void => {
    cancelAnimationFrame(frame);
    handle.removeEventListener("pointermove", move);
    handle.removeEventListener("pointerup", dropped);
    handle.removeEventListener("pointercancel", cancelled);
    removeEventListener("keydown", escaped, { capture: true });
    const target = landing.peek();
    landing.value = null;
    if (drop && isDragging && target !== null) {
      const { after } = target;
      const below = after === null ? null : (bench.folds.withHidden([after]).at(-1) ?? after);
      bench.placing.moveTo(bench.selection.around(cell), below);
    } else if (!isDragging) bench.focus.goTo(cell);
  };
  const dropped = (): void => end(true);
  const cancelled = (): void => end(false);
  const escaped = (pressed: KeyboardEvent): void => {
    if (pressed.key !== "Escape") return;
    pressed.preventDefault();
    pressed.stopPropagation();
    isDragging = true;
    end(false);
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", dropped);
  handle.addEventListener("pointercancel", cancelled);
  addEventListener("keydown", escaped, { capture: true });
}

function landingAt(y: number): Landing | null {
  const places = [...document.querySelectorAll<HTMLElement>("[data-cell]")];
  let above: HTMLElement | null = null;
  for (const place of places) {
    const { top, height } = place.getBoundingClientRect();
    if (top + height / 2 > y) break;
    above = place;
  }
  const beside = above ?? places[0];
  if (beside === undefined) return null;
  const sheet = (beside.querySelector(".cell-sheet") ?? beside).getBoundingClientRect();
  const box = sheet.width > 0 ? sheet : beside.getBoundingClientRect();
  const own = beside.getBoundingClientRect();
  const top = above === null ? own.top - 10 : own.bottom + 10;
  return { after: above?.dataset.cell ?? null, top, left: box.left, width: box.width };
}
