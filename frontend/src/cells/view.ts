/** Which part of a cell is shown. Pure. */
import { markdownOf } from "../notebook/markdown.ts";
import type { CellState } from "../notebook/state.ts";

/** The code, a line where it is hidden, or nothing because what it made is enough. */
export function viewOf(cell: CellState, text: string, editing: boolean): "code" | "hidden" | "rendered" {
  if (editing || cell.type === "stray") return "code";
  if (cell.hideCode) return cell.output === null ? "hidden" : "rendered";
  const rendered = cell.output?.mime === "text/html" && cell.outcome === "succeeded" && !cell.edited;
  return rendered && text === cell.code && (markdownOf(text) ?? "").trim() !== "" ? "rendered" : "code";
}
