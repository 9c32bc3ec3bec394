/** What a notebook is made of, for jumping: headings of its texts, its setup, its named cells. Pure. */
import type { CellState } from "../../notebook/state.ts";
import type { CellId } from "../../protocol/generated.ts";

export interface Entry {
  readonly cell: CellId;
  readonly kind: "heading" | "cell";
  readonly title: string;
  readonly level: number;
  /** Which of the cell's headings. */
  readonly index: number;
}

/** In the order of the page; named cells stand under the heading above them. */
export function outlineOf(cells: readonly CellState[], plain: (html: string) => string): readonly Entry[] {
  const entries: Entry[] = [];
  let level = 0;
  for (const cell of cells) {
    const headings = headingsOf(cell);
    for (const [index, heading] of headings.entries()) {
      level = heading.level;
      entries.push({ cell: cell.id, kind: "heading", title: plain(heading.html), level, index });
    }
    const name = cell.type === "setup" ? "setup" : cell.name;
    if (name !== "_" && headings.length === 0) {
      entries.push({ cell: cell.id, kind: "cell", title: name, level: level + 1, index: 0 });
    }
  }
  return entries;
}

interface Found {
  readonly level: number;
  readonly html: string;
}

const headings = new WeakMap<object, readonly Found[]>();

function headingsOf(cell: CellState): readonly Found[] {
  const { output } = cell;
  if (output === null || output.mime !== "text/html") return [];
  let found = headings.get(output);
  if (found === undefined) {
    found = [...output.text.matchAll(/<h([1-6])\b[^>]*>([\s\S]*?)<\/h\1>/gi)].map((match) => ({
      level: Number(match[1]),
      html: match[2] ?? "",
    }));
    headings.set(output, found);
  }
  return found;
}
