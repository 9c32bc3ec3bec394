/** The page as somebody prefers it: width of the column, size of code. */
import type { Values, Width } from "../cells/settings.ts";

/** Null: as the tokens have it. */
const COLUMNS: Record<Width, string | null> = {
  compact: null,
  medium: "1100px",
  // Up to the margins, which hold names and buttons.
  full: "calc(100vw - 320px)",
};

/** Lines are so much higher than letters. */
const LEADING = 20 / 13.5;

export function applyPreferences({ width, codeSize }: Values, root: HTMLElement): void {
  root.style.setProperty("--column", COLUMNS[width]);
  root.style.setProperty("--code-size", `${codeSize}px`);
  root.style.setProperty("--code-line", `${Math.round(codeSize * LEADING)}px`);
}
