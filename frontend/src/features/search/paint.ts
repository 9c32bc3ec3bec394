/** Marks what was found wherever code is on the screen, in editors and in code without one, leaving both as they are. */
import type { CellDocuments } from "../../editor/documents.ts";
import type { CellId } from "../../protocol/generated.ts";
import type { Stretch } from "./matching.ts";

const ALL = "found";
const CURRENT = "found-current";
const AROUND = 400;

export interface Place extends Stretch {
  readonly cell: CellId;
}

export function paint(
  documents: CellDocuments,
  found: ReadonlyMap<CellId, readonly Stretch[]>,
  current: Place | null,
): void {
  if (!("highlights" in CSS)) return;
  const ranges: Range[] = [];
  const one: Range[] = [];
  for (const [cell, element] of codeAround()) {
    for (const stretch of found.get(cell) ?? []) {
      const range = rangeOf(documents, element, cell, stretch);
      if (range === null) continue;
      const isCurrent = current !== null && current.cell === cell && current.from === stretch.from;
      (isCurrent ? one : ranges).push(range);
    }
  }
  CSS.highlights.set(ALL, new Highlight(...ranges));
  CSS.highlights.set(CURRENT, new Highlight(...one));
}

export function wipe(): void {
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete(ALL);
  CSS.highlights.delete(CURRENT);
}

/** Bring a match into the middle of the window. False when it is not on the page yet. */
export function scrollTo(documents: CellDocuments, place: Place): boolean {
  const element = document.querySelector(`[data-cell="${CSS.escape(place.cell)}"] .cell-code`);
  const range = element === null ? null : rangeOf(documents, element, place.cell, place);
  if (element === null || range === null) {
    document.querySelector(`[data-cell="${CSS.escape(place.cell)}"]`)?.scrollIntoView({ block: "center" });
    return false;
  }
  const { top, bottom } = range.getBoundingClientRect();
  if (top < 100 || bottom > innerHeight - 60) scrollBy(0, top - innerHeight / 2);
  return true;
}

/**
 * The code of cells near the window. Stretches of cells are looked at first: to ask for the place of a cell in one that
 * the browser skips would make it lay out that stretch, and so the whole notebook.
 */
function* codeAround(): Iterable<[CellId, Element]> {
  for (const stretch of document.querySelectorAll(".stretch")) {
    if (!isAround(stretch)) continue;
    for (const cell of stretch.querySelectorAll<HTMLElement>("[data-cell]")) {
      const code = cell.querySelector(".cell-code");
      if (code !== null && cell.dataset["cell"] !== undefined && isAround(code)) yield [cell.dataset["cell"], code];
    }
  }
}

function isAround(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > -AROUND && top < innerHeight + AROUND;
}

function rangeOf(documents: CellDocuments, element: Element, cell: CellId, { from, to }: Stretch): Range | null {
  const view = documents.view(cell);
  const range = document.createRange();
  if (view !== null) {
    if (to > view.state.doc.length || from < view.viewport.from || to > view.viewport.to) return null;
    const start = view.domAtPos(from);
    const end = view.domAtPos(to);
    range.setStart(start.node, start.offset);
    range.setEnd(end.node, end.offset);
    return range;
  }
  const pre = element.querySelector(".code-static");
  if (pre === null) return null;
  const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  let at = 0;
  let isStarted = false;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (!isStarted && from < at + length) {
      range.setStart(node, from - at);
      isStarted = true;
    }
    if (isStarted && to <= at + length) {
      range.setEnd(node, to - at);
      return range;
    }
    at += length;
  }
  return null;
}
