/** The page as somebody prefers it: width of the column, size of code. */
import type { Preferences } from "./page.ts";

const COLUMNS: Record<string, string> = {
  medium: "1100px",
  // Up to the margins, which hold names and buttons.
  full: "calc(100vw - 320px)",
};

/** Lines are so much higher than letters. */
const LEADING = 20 / 13.5;

export function applyPreferences({ width, codeSize }: Preferences, root: HTMLElement): void {
  const column = COLUMNS[width];
  if (column !== undefined) root.style.setProperty("--column", column);
  root.style.setProperty("--code-size", `${codeSize}px`);
  root.style.setProperty("--code-line", `${Math.round(codeSize * LEADING)}px`);
}
