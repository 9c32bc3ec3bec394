/** Where cells go when they are moved, and how they come back. Pure. */
import type { CellId, Placement } from "../protocol/generated.ts";

export interface Moves {
  readonly moves: readonly Placement[];
  readonly back: readonly Placement[];
}

/** The cells one below the other, the first below `after`; null when they stand so already. */
export function placementsOf(order: readonly CellId[], cells: readonly CellId[], after: CellId | null): Moves | null {
  const moved = order.filter((id) => cells.includes(id));
  // Below one that moves itself means below what stays above it.
  let target = after;
  while (target !== null && moved.includes(target)) target = order[order.indexOf(target) - 1] ?? null;
  const staying = order.filter((id) => !moved.includes(id));
  const at = target === null ? 0 : staying.indexOf(target) + 1;
  const result = [...staying.slice(0, at), ...moved, ...staying.slice(at)];
  if (result.every((id, index) => id === order[index])) return null;
  return {
    moves: moved.map((cell, index) => ({ cell, after: index === 0 ? target : (moved[index - 1] ?? null) })),
    back: moved.map((cell) => ({ cell, after: order[order.indexOf(cell) - 1] ?? null })),
  };
}

/** Below which cell the cells stand after one step up or down; null for the top, undefined when there is no room. */
export function restepped(order: readonly CellId[], cells: readonly CellId[], step: 1 | -1): CellId | null | undefined {
  const places = cells.map((id) => order.indexOf(id)).filter((at) => at !== -1);
  if (places.length === 0) return undefined;
  const target = step === 1 ? Math.max(...places) + 1 : Math.min(...places) - 1;
  if (target < 0 || target >= order.length) return undefined;
  return step === 1 ? order[target] : (order[target - 1] ?? null);
}
