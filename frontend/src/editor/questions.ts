/** Where in a cell's code something is asked about, as the session counts: lines from 1, columns in code points. Pure. */
import type { EditorState } from "@codemirror/state";
import type { About, CellId, CodeAnswer } from "../protocol/generated.ts";

export interface CodeQuestion {
  readonly cell: CellId;
  readonly about: About;
  readonly code: string;
  readonly line: number;
  readonly column: number;
}

/** Null when nobody can say. */
export type AskCode = (question: CodeQuestion) => Promise<CodeAnswer | null>;

export function questionAt(state: EditorState, position: number, cell: CellId, about: About): CodeQuestion {
  const line = state.doc.lineAt(position);
  const before = state.doc.sliceString(line.from, position);
  return { cell, about, code: state.doc.toString(), line: line.number, column: codePoints(before) };
}

/** The same place, as if the entry `label` stood in the code already, in place of the last `typed` code points. */
export function withWritten(question: CodeQuestion, typed: number, label: string): CodeQuestion {
  const lines = question.code.split("\n");
  const line = Array.from(lines[question.line - 1] ?? "");
  const start = Math.max(0, question.column - typed);
  lines[question.line - 1] = [...line.slice(0, start), label, ...line.slice(question.column)].join("");
  return { ...question, code: lines.join("\n"), column: start + codePoints(label) };
}

export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Where the last `count` code points before the end of `text` begin. */
export function startOfLast(text: string, count: number): number {
  return Array.from(text)
    .slice(0, Math.max(0, codePoints(text) - count))
    .join("").length;
}

const KEY = /[\w\]]\[\s*["'][^"'\n]*$/u;
const NAME = /(?:^|[^\p{L}\p{N}_])[\p{L}_][\p{L}\p{N}_]*$/u;
const ATTRIBUTE = /[\p{L}_)\]}"'][\p{N}]*\.$/u;
const IMPORT = /^\s*(?:from\s+[\w.]*|from\s+[\w.]+\s+import\s+(?:[\w\s,]*,\s*)?|import\s+(?:[\w\s.,]*,\s*)?)$/u;

/** The caret is where a key of a mapping, or a column, may be written. */
export function isInKey(before: string): boolean {
  return KEY.test(before);
}

/** Somebody who has just typed `before` could want a list of ways to go on. */
export function invitesCompletion(before: string): boolean {
  return NAME.test(before) || ATTRIBUTE.test(before) || isInKey(before) || IMPORT.test(before);
}
