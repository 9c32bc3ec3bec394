/** How a cell's state reads: one look for the bar, one phrase for the margin and for screen readers. Pure. */
import { type CellState, hasFailed, isStale } from "../notebook/state.ts";
import { duration } from "../ui/clock.ts";
import { size } from "../ui/size.ts";

export type Look = "disabled" | "running" | "queued" | "error" | "stale" | "fresh" | "blank";

/** One look only; what the reader must know first wins. */
export function lookOf(cell: CellState): Look {
  if (cell.activity === "running") return "running";
  if (cell.activity === "queued") return "queued";
  if (cell.disabled || cell.outcome === "disabled") return "disabled";
  if (cell.problems.some((problem) => problem.blocks) || cell.outcome === "blocked") return "error";
  if (hasFailed(cell) && !cell.edited) return "error";
  if (cell.type === "stray") return "blank";
  if (cell.outcome === "never" && cell.code.trim() === "") return "blank";
  if (isStale(cell) || cell.outcome === "cancelled" || cell.outcome === "interrupted") return "stale";
  return cell.outcome === "never" ? "blank" : "fresh";
}

/** The words for the margin; empty when there is nothing to say. The time of a run that is going on is added outside. */
export function phraseOf(cell: CellState): string {
  switch (lookOf(cell)) {
    case "running":
      return "running";
    case "queued":
      return "queued";
    case "disabled":
      return cell.disabled ? "disabled" : "off: needs a disabled cell";
    case "error":
      return hasFailed(cell) ? failure(cell) : "cannot run";
    case "stale":
      return staleness(cell);
    default:
      if (cell.outcome === "waiting") return "waits: a cell above has stopped";
      return cell.outcome === "stopped" ? "stopped" : "";
  }
}

function failure(cell: CellState): string {
  return cell.outcome === "crashed" ? "ended the kernel" : "failed";
}

function staleness(cell: CellState): string {
  if (cell.outcome === "never") return "not run";
  if (cell.outcome === "cancelled") return "not run: a cell above failed";
  if (cell.outcome === "interrupted") return "interrupted";
  return cell.edited ? "edited" : "stale";
}

export function durationOf(cell: CellState): string {
  const isBlank = cell.code.trim() === "" || cell.outcome === "crashed";
  return cell.duration === null || cell.activity === "running" || isBlank ? "" : duration(cell.duration);
}

/** From here on, what a run takes of memory is worth a word beside the cell. */
const NOTABLE = 100 * 1024 ** 2;

export function memoryOf(cell: CellState): string {
  return cell.memory !== null && cell.memory >= NOTABLE ? `+${size(cell.memory)}` : "";
}

/** What a screen reader calls the cell. */
export function nameOf(cell: CellState, index: number): string {
  const kind = cell.type === "setup" ? "setup cell" : `cell ${index + 1}`;
  const name = cell.name === "_" || cell.type === "setup" ? "" : `, ${cell.name}`;
  const phrase = phraseOf(cell);
  return kind + name + (phrase === "" ? "" : `, ${phrase}`);
}
