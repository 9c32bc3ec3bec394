/** Light, dark, or as the system has it; remembered in this browser. */
import { signal } from "@preact/signals";

export type Theme = "light" | "dark" | "system";

const KEY = "quire-theme";

export const theme = signal<Theme>(remembered());

export function setTheme(choice: Theme): void {
  theme.value = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // A browser that stores nothing forgets the choice with the page.
  }
  applyTheme();
}

/** What the configuration says holds until somebody chooses in this browser. */
export function preferTheme(choice: string): void {
  const isChosen = remembered() !== "system";
  if (!isChosen && (choice === "light" || choice === "dark")) theme.value = choice;
}

export function applyTheme(): void {
  const { dataset } = document.documentElement;
  if (theme.peek() === "system") delete dataset.theme;
  else dataset.theme = theme.peek();
}

function remembered(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system";
  }
}
