/** Cells and what they give each other, as nodes and edges; ancestors and descendants. Pure. */
import { markdownOf } from "../../notebook/markdown.ts";
import type { CellState } from "../../notebook/state.ts";
import type { CellId, CellLinks } from "../../protocol/generated.ts";

export interface Edge {
  readonly from: CellId;
  readonly to: CellId;
}

export function edgesOf(order: readonly CellId[], links: ReadonlyMap<CellId, CellLinks>): readonly Edge[] {
  const known = new Set(order);
  return order.flatMap((to) =>
    (links.get(to)?.parents ?? []).filter((from) => known.has(from)).map((from) => ({ from, to })),
  );
}

/** The cell, all that it depends on, and all that depends on it. */
export function familyOf(cell: CellId, edges: readonly Edge[]): ReadonlySet<CellId> {
  const up = reach(cell, edges, ({ from, to }) => [to, from]);
  const down = reach(cell, edges, ({ from, to }) => [from, to]);
  return new Set([...up, ...down]);
}

function reach(start: CellId, edges: readonly Edge[], way: (edge: Edge) => readonly [CellId, CellId]): Set<CellId> {
  const next = new Map<CellId, CellId[]>();
  for (const edge of edges) {
    const [from, to] = way(edge);
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const seen = new Set([start]);
  for (const cell of seen) for (const other of next.get(cell) ?? []) seen.add(other);
  return seen;
}

/** Its name, else its first line. */
export function captionOf(cell: CellState, text: string): string {
  if (cell.type === "setup") return "setup";
  if (cell.name !== "_") return cell.name;
  const prose = markdownOf(text)?.trim();
  if (prose !== undefined && prose !== "") return prose.split("\n", 1)[0]?.replace(/^#+ +/, "") ?? "";
  const line = text.split("\n").find((one) => one.trim() !== "" && !one.trim().startsWith("#"));
  return line?.trim() ?? "empty cell";
}
