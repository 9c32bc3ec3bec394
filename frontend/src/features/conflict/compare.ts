/** Two texts as lines, each marked when the other side reads differently there. Pure. */
import { differenceOf } from "../../notebook/text.ts";

export interface ComparedLine {
  readonly text: string;
  readonly differs: boolean;
}

export function comparedLines(page: string, disk: string) {
  const hunks = differenceOf(page, disk);
  let shift = 0;
  const here: [number, number][] = [];
  const there: [number, number][] = [];
  for (const hunk of hunks) {
    here.push([hunk.from, hunk.to]);
    there.push([hunk.from + shift, hunk.from + shift + hunk.insert.length]);
    shift += hunk.insert.length - (hunk.to - hunk.from);
  }
  return { page: marked(page, here), disk: marked(disk, there) };
}

function marked(text: string, ranges: readonly (readonly [number, number])[]): readonly ComparedLine[] {
  let at = 0;
  return text.split("\n").map((line) => {
    const start = at;
    const end = at + line.length;
    at = end + 1;
    return { text: line, differs: ranges.some((range) => touches(range, start, end)) };
  });
}

/** A range of nothing (the other side has more) is about the line it stands in, but not about one it stands before. */
function touches([from, to]: readonly [number, number], start: number, end: number): boolean {
  return from === to ? from > start && from <= end : from <= end && to > start;
}
