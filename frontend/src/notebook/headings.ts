/** Headings of cells with text, and which cells belong under them. Pure. */
import { markdownOf } from "./markdown.ts";

export interface Heading {
  readonly level: number;
  readonly title: string;
}

/** The heading that a cell of text begins with; null for other cells. */
export function headingOf(code: string): Heading | null {
  const text = markdownOf(code)?.trimStart();
  const found = text === undefined ? null : /^(#{1,6})[ \t]+(.*)/.exec(text);
  if (found === null || found === undefined) return null;
  const title = (found[2] ?? "")
    .replace(/\s+#+\s*$/, "")
    .replace(/[*_`]/g, "")
    .trim();
  return { level: found[1]?.length ?? 1, title };
}

/** Each folded heading with the cells below it, up to the next heading of its level or a higher one. */
export function sectionsOf<Id>(
  order: readonly Id[],
  levelOf: (id: Id) => number | null,
  folded: ReadonlySet<Id>,
): ReadonlyMap<Id, readonly Id[]> {
  const sections = new Map<Id, readonly Id[]>();
  for (let at = 0; at < order.length; at += 1) {
    const id = order[at];
    const level = id !== undefined && folded.has(id) ? levelOf(id) : null;
    if (id === undefined || level === null) continue;
    let end = at + 1;
    while (end < order.length && !endsAt(order[end], level, levelOf)) end += 1;
    sections.set(id, order.slice(at + 1, end));
    at = end - 1;
  }
  return sections;
}

function endsAt<Id>(id: Id | undefined, level: number, levelOf: (id: Id) => number | null): boolean {
  const other = id === undefined ? null : levelOf(id);
  return other !== null && other <= level;
}
