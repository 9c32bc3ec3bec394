/** Every key of the notebook, once: what the page listens to, what menus and tooltips show. */
import { isApple, type KeyPress, keyLabel, matches } from "../ui/keys.ts";

export const SHORTCUTS = {
  run: "Mod-Enter",
  runAndNext: "Shift-Enter",
  addAbove: "Mod-Shift-o",
  addBelow: "Mod-Shift-p",
  moveUp: "Mod-Shift-9",
  moveDown: "Mod-Shift-0",
  remove: "Shift-Backspace",
  rename: "F2",
  edit: "Enter",
  previous: "ArrowUp",
  next: "ArrowDown",
  interrupt: "Mod-i",
  runStale: "Mod-Shift-r",
  save: "Mod-s",
  restore: "Mod-z",
} as const;

export type Shortcut = keyof typeof SHORTCUTS;

/** Where the key was pressed. `field`: something of its own that takes keys, such as a text field in an output. */
export type Place = "editor" | "cell" | "field" | "elsewhere";

/** An editor has its own meaning for these; a field has one for everything without Mod. */
const WITH_THE_CELL = new Set<Shortcut>(["remove", "edit", "previous", "next", "restore"]);
const ABOUT_A_CELL = new Set<Shortcut>([
  "run",
  "runAndNext",
  "addAbove",
  "addBelow",
  "moveUp",
  "moveDown",
  "remove",
  "rename",
  "edit",
  "previous",
  "next",
]);

export function shortcutOf(press: KeyPress, place: Place, apple: boolean): Shortcut | null {
  for (const [name, combination] of Object.entries(SHORTCUTS)) {
    if (!matches(combination, press, apple) || !isShortcut(name)) continue;
    if (place === "editor" && WITH_THE_CELL.has(name)) return null;
    if (place === "field" && (!combination.startsWith("Mod") || name === "restore")) return null;
    if (place === "elsewhere" && ABOUT_A_CELL.has(name)) return null;
    return name;
  }
  return null;
}

function isShortcut(name: string): name is Shortcut {
  return name in SHORTCUTS;
}

/** As shown to people on this machine. */
export function keysOf(shortcut: Shortcut): string {
  return keyLabel(SHORTCUTS[shortcut], isApple(navigator.platform));
}
