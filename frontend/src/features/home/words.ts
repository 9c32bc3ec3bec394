/** Ages and names in words, and which notebooks a search means. Pure. */
import type { FileEntry } from "../../protocol/files.ts";
import { fuzzyMatch } from "../../ui/fuzzy.ts";

const STEPS: readonly (readonly [number, string])[] = [
  [60, "minute"],
  [3600, "hour"],
  [86_400, "day"],
  [604_800, "week"],
  [2_629_800, "month"],
  [31_557_600, "year"],
];

/** `3 days ago`, for a number of seconds. */
export function ago(seconds: number): string {
  const step = STEPS.findLast(([length]) => seconds >= length);
  return step === undefined ? "just now" : `${counted(Math.floor(seconds / step[0]), step[1])} ago`;
}

/** `3 days`: how long something has gone on. */
export function lasting(seconds: number): string {
  const step = STEPS.findLast(([length]) => seconds >= length);
  return step === undefined ? "less than a minute" : counted(Math.floor(seconds / step[0]), step[1]);
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** The folder of a path, with a slash at its end; empty at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** The newest first; with a query those that match, the best first. */
export function chosen(entries: readonly FileEntry[], query: string): readonly FileEntry[] {
  if (query.trim() === "") return [...entries].sort((one, other) => other.modified - one.modified);
  const found = entries.map((entry) => ({ entry, match: fuzzyMatch(entry.path, query) }));
  return found
    .filter(({ match }) => match !== null)
    .sort((one, other) => (other.match?.score ?? 0) - (one.match?.score ?? 0))
    .map(({ entry }) => entry);
}

/** A name for a new notebook that nothing has yet. */
export function freeName(entries: readonly { readonly path: string }[]): string {
  const taken = new Set(entries.map((entry) => entry.path));
  let name = "untitled.py";
  for (let number = 2; taken.has(name); number += 1) name = `untitled_${number}.py`;
  return name;
}
