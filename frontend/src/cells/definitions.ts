/** Going from a name to the cell that defines it: by key, and by a click with Ctrl or Cmd, which underlines it first. */

import { definitionOf } from "../notebook/definition.ts";
import type { CellId } from "../protocol/generated.ts";
import { isApple } from "../ui/keys.ts";
import type { Workbench } from "./context.ts";

const UNDERLINED = "defined-elsewhere";

interface Name {
  readonly cell: CellId;
  readonly name: string;
  readonly range: Range | null;
}

/** To the definition of the name at the caret of this cell. */
export function goToDefinition(bench: Workbench, cell: CellId): void {
  const view = bench.documents.view(cell);
  if (view === null) return;
  const { head } = view.state.selection.main;
  const word = view.state.wordAt(head);
  if (word === null) return;
  const name = view.state.sliceDoc(word.from, word.to);
  const stop = bench.links.use();
  // The first time the session has to be asked.
  whenKnown(bench, () => {
    stop();
    jump(bench, { cell, name, range: null });
  });
}

/** Names under the pointer lead to where they come from while Ctrl or Cmd is held. */
export function listenToNames(bench: Workbench): void {
  const apple = isApple(navigator.platform);
  const isHeld = (event: MouseEvent): boolean => (apple ? event.metaKey : event.ctrlKey);
  let isFollowing = false;
  const look = (event: MouseEvent): Name | null => {
    if (!isHeld(event) || !(event.target instanceof Element)) return null;
    if (!isFollowing) bench.links.use();
    isFollowing = true;
    return nameAt(bench, event);
  };
  addEventListener("mousemove", (event) => underline(look(event)?.range ?? null), { passive: true });
  addEventListener("keyup", () => underline(null));
  addEventListener(
    "mousedown",
    (event) => {
      const name = event.button === 0 ? look(event) : null;
      if (name === null) return;
      // The editor would put another caret there.
      event.preventDefault();
      event.stopPropagation();
      underline(null);
      jump(bench, name);
    },
    { capture: true },
  );
}

function nameAt(bench: Workbench, event: MouseEvent): Name | null {
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-cell]")?.dataset.cell : null;
  const view = cell === null || cell === undefined ? null : bench.documents.view(cell);
  if (cell === null || cell === undefined || view === null) return null;
  const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
  const word = at === null ? null : view.state.wordAt(at);
  if (word === null) return null;
  const name = view.state.sliceDoc(word.from, word.to);
  if (bench.links.giverOf(cell, name) === null) return null;
  const range = document.createRange();
  const start = view.domAtPos(word.from);
  const end = view.domAtPos(word.to);
  range.setStart(start.node, start.offset);
  range.setEnd(end.node, end.offset);
  return { cell, name, range };
}

function jump(bench: Workbench, { cell, name }: Name): void {
  const target = bench.links.giverOf(cell, name) ?? cell;
  const state = bench.store.cell(target)?.peek();
  const place = state === undefined ? null : definitionOf(bench.focus.textOf(state), name);
  if (place !== null) bench.focus.goToCode(target, place.from, place.to);
}

function whenKnown(bench: Workbench, go: () => void): void {
  if (bench.store.state.peek().links.size > 0) {
    go();
    return;
  }
  let isDone = false;
  const stop = bench.store.links.subscribe((links) => {
    if (links.size === 0 || isDone) return;
    isDone = true;
    queueMicrotask(() => {
      stop();
      go();
    });
  });
}

function underline(range: Range | null): void {
  if (!("highlights" in CSS)) return;
  if (range === null) CSS.highlights.delete(UNDERLINED);
  else CSS.highlights.set(UNDERLINED, new Highlight(range));
  document.documentElement.classList.toggle("points-at-name", range !== null);
}
