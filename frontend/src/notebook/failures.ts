/** Which lines of which cells went wrong, for their editors to mark. Pure. */
import type { CellState } from "./state.ts";
import { tracebacksIn } from "./tests.ts";

export interface LineMark {
  /** Counted from 1 within the cell; 0 when only the text of the line is known. */
  readonly line: number;
  /** The text that the line had; empty when it does not matter. */
  readonly source: string;
}

/** The lines to mark in one cell: its syntax problems, and the frames of the cell's own last failures. */
export function failuresOf(cell: CellState): readonly LineMark[] {
  const marks: LineMark[] = [];
  for (const problem of cell.problems) {
    if (problem.type === "SyntaxProblem" && problem.line !== null) marks.push({ line: problem.line, source: "" });
  }
  if (cell.outcome !== "failed" || cell.activity === "running") return marks;
  for (const frame of tracebacksIn(cell.output).flatMap((traceback) => traceback.frames)) {
    if (frame.cell === cell.id) marks.push({ line: frame.line, source: frame.source.trim() });
  }
  return marks;
}

/** Where the mark belongs in the text as it is now: the line that still reads the same, else nowhere. */
export function lineOf(lines: readonly string[], mark: LineMark): number | null {
  const reads = (number: number): boolean => lines[number - 1]?.trim() === mark.source;
  if (mark.source === "") return mark.line >= 1 && mark.line <= lines.length ? mark.line : null;
  if (reads(mark.line)) return mark.line;
  const found = lines.findIndex((text) => text.trim() === mark.source);
  return found === -1 ? null : found + 1;
}
