/**
 * A long notebook in stretches of neighbouring cells: what is out of sight is left alone a stretch at a time. Pure.
 *
 * A cell stays in its stretch when others come, go or move, since changing it would mean building the cell anew.
 */
import type { CellId } from "../protocol/generated.ts";

export interface Stretch {
  readonly key: number;
  readonly cells: readonly CellId[];
}

/** So many cells a stretch begins with, and may grow to before it is divided. */
export const USUAL_CELLS = 10;
export const MOST_CELLS = 20;

/** Stretches for `order`, made from those before; one that holds the same cells is the same object. */
export function divideIntoStretches(before: readonly Stretch[], order: readonly CellId[]): readonly Stretch[] {
  const homes = new Map<CellId, Stretch>();
  for (const stretch of before) for (const cell of stretch.cells) homes.set(cell, stretch);
  const most = before.length === 0 ? USUAL_CELLS : MOST_CELLS;
  const found: { key: number; cells: CellId[] }[] = [];
  const used = new Set<number>();
  let next = before.reduce((highest, stretch) => Math.max(highest, stretch.key), -1) + 1;
  for (const [index, cell] of order.entries()) {
    const current = found.at(-1);
    const home = homes.get(cell);
    // A cell that was moved here stands between cells of the present stretch.
    const isVisitor = current !== undefined && homes.get(order[index + 1] ?? "")?.key === current.key;
    const isAwayFromHome = home === undefined || used.has(home.key) || isVisitor;
    if (current !== undefined && isAwayFromHome && current.cells.length < most) {
      current.cells.push(cell);
      continue;
    }
    const key = home === undefined || used.has(home.key) ? next++ : home.key;
    used.add(key);
    found.push({ key, cells: [cell] });
  }
  const known = new Map(before.map((stretch) => [stretch.key, stretch]));
  return found.map((stretch) => {
    const same = known.get(stretch.key);
    return same !== undefined && isSame(same.cells, stretch.cells) ? same : stretch;
  });
}

function isSame(one: readonly CellId[], other: readonly CellId[]): boolean {
  return one.length === other.length && one.every((cell, index) => cell === other[index]);
}
