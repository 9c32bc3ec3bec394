/** Change sets in their JSON form applied to plain text, and the difference of two texts as such a change set. Pure. */
import type { Change } from "../protocol/generated.ts";

/** The text after the changes. Raises `RangeError` when they are not about a text of this length. */
export function applyChanges(text: string, changes: readonly Change[]): string {
  let at = 0;
  let result = "";
  for (const change of changes) {
    if (typeof change === "number") {
      result += text.slice(at, at + change);
      at += change;
      continue;
    }
    const [removed, ...lines] = change;
    if (typeof removed !== "number") throw new RangeError("a change must begin with a length");
    at += removed;
    result += lines.join("\n");
  }
  if (at !== text.length) throw new RangeError(`changes for ${at} characters do not fit a text of ${text.length}`);
  return result;
}

export interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Above this many line pairs the middle of two texts is replaced as one piece. */
const COMPARED_PAIRS = 1_000_000;

/** What turns one text into the other: whole lines are compared first, then each hunk is trimmed to what differs. */
export function differenceOf(before: string, after: string): readonly Hunk[] {
  if (before === after) return [];
  const old = linesOf(before);
  const fresh = linesOf(after);
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const oldMiddle = old.slice(head, old.length - tail);
  const freshMiddle = fresh.slice(head, fresh.length - tail);
  const start = old.slice(0, head).join("").length;
  return hunksOf(oldMiddle, freshMiddle, start).map((hunk) => trimmed(hunk, before));
}

/** Every line with its newline, so that joining them gives the text. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function hunksOf(old: readonly string[], fresh: readonly string[], start: number): Hunk[] {
  const hunks: Hunk[] = [];
  let at = start;
  let open: { from: number; to: number; insert: string } | null = null;
  for (const step of stepsOf(old, fresh)) {
    if (step.kind === "keep") {
      if (open !== null) hunks.push(open);
      open = null;
      at += step.line.length;
      continue;
    }
    open ??= { from: at, to: at, insert: "" };
    if (step.kind === "remove") {
      at += step.line.length;
      open.to = at;
    } else {
      open.insert += step.line;
    }
  }
  if (open !== null) hunks.push(open);
  return hunks;
}

interface Step {
  readonly kind: "keep" | "remove" | "insert";
  readonly line: string;
}

/** The longest common subsequence of lines, as steps. */
function stepsOf(old: readonly string[], fresh: readonly string[]): Step[] {
  const removed = old.map((line): Step => ({ kind: "remove", line }));
  const inserted = fresh.map((line): Step => ({ kind: "insert", line }));
  if (old.length === 0 || fresh.length === 0 || old.length * fresh.length > COMPARED_PAIRS) {
    return [...removed, ...inserted];
  }
  const width = fresh.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    const line = old[i];
    const other = fresh[j];
    if (line !== undefined && line === other) {
      steps.push({ kind: "keep", line });
      i += 1;
      j += 1;
    } else if (line !== undefined && (other === undefined || at(i + 1, j) >= at(i, j + 1))) {
      steps.push({ kind: "remove", line });
      i += 1;
    } else if (other !== undefined) {
      steps.push({ kind: "insert", line: other });
      j += 1;
    }
  }
  return steps;
}

function trimmed(hunk: Hunk, before: string): Hunk {
  let { from, to, insert } = hunk;
  while (from < to && insert !== "" && before[from] === insert[0] && !isLowSurrogate(before[from + 1])) {
    from += 1;
    insert = insert.slice(1);
  }
  while (from < to && insert !== "" && before[to - 1] === insert.at(-1) && !isLowSurrogate(before[to - 1])) {
    to -= 1;
    insert = insert.slice(0, -1);
  }
  return { from, to, insert };
}

/** Cutting before one would leave half a character on either side. */
function isLowSurrogate(unit: string | undefined): boolean {
  return unit !== undefined && unit >= "\udc00" && unit <= "\udfff";
}
