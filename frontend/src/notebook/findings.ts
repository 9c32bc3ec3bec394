/** What `quire check` found, divided into what the page shows where. Pure. */
import type { CellId, FindingView } from "../protocol/generated.ts";
import type { NotebookState } from "./state.ts";

/** Stands for the file, in findings that are about no cell. */
export const FILE: CellId = "";

export type Findings = ReadonlyMap<CellId, readonly FindingView[]>;

export interface Found {
  readonly cell: CellId;
  readonly finding: FindingView;
}

/** The findings of the cells named are these now. */
export function withFindings(known: Findings, told: Readonly<Record<CellId, readonly FindingView[]>>): Findings {
  const next = new Map(known);
  for (const [cell, found] of Object.entries(told)) {
    if (found.length === 0) next.delete(cell);
    else next.set(cell, found);
  }
  return next;
}

/** What somebody may want to do something about. */
export function warningsOf(findings: Findings, cell: CellId): readonly FindingView[] {
  return findings.get(cell)?.filter((finding) => !finding.isHint) ?? [];
}

/**
 * Warnings about the code itself, shown where it stands. The others are about the form of the file (`QF…`), or are true
 * of every cell that was just written: that nothing reads its names (`QR004`).
 */
export function codeWarningsOf(findings: Findings, cell: CellId): readonly FindingView[] {
  return warningsOf(findings, cell).filter(({ code }) => !code.startsWith("QF") && code !== "QR004");
}

/** What is worth knowing where one looks. */
export function hintsOf(findings: Findings, cell: CellId): readonly FindingView[] {
  return findings.get(cell)?.filter((finding) => finding.isHint) ?? [];
}

/** All warnings in the order of the notebook, those about the file first. */
export function allWarnings({ findings, order }: Pick<NotebookState, "findings" | "order">): readonly Found[] {
  if (findings.size === 0) return [];
  return [FILE, ...order].flatMap((cell) => warningsOf(findings, cell).map((finding) => ({ cell, finding })));
}

/** The stretch of the text that the finding is about. Its columns count code points; the text may be another one by now. */
export function rangeOf(text: string, finding: FindingView): { readonly from: number; readonly to: number } {
  const lines = text.split("\n");
  const from = offsetOf(lines, finding.line, finding.column);
  return { from, to: Math.max(from, offsetOf(lines, finding.endLine, finding.endColumn)) };
}

function offsetOf(lines: readonly string[], line: number, column: number): number {
  const above = lines.slice(0, line - 1);
  const before = above.reduce((sum, text) => sum + text.length + 1, 0);
  const row = lines[line - 1];
  if (row === undefined) return Math.max(0, before - 1);
  return before + [...row].slice(0, column - 1).join("").length;
}

/** The rule in words: `unused-cell` as “unused cell”. */
export function ruleWords(finding: FindingView): string {
  return finding.name.replaceAll("-", " ");
}
