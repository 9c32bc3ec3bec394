/** Light, dark, or as the system has it; remembered in this browser, for the pages that know no configuration. */
import { signal } from "@preact/signals";

export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "quire-theme";

export const theme = signal<Theme>(remembered());

/** `isOwn`: the person at this browser wants it so, not the notebook or its project. */
export function setTheme(choice: Theme, isOwn = true): void {
  theme.value = choice;
  try {
    if (isOwn) localStorage.setItem(KEY, choice);
  } catch {
    // A browser that stores nothing forgets the choice with the page.
  }
  applyTheme();
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
