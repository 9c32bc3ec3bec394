/** Key combinations: written once as `Mod-Shift-o`, matched against events, shown as people know them. Pure. */

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export function isApple(platform: string): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

/** Letters and digits are compared by the character or the place on the keyboard, so that Shift does not hide them. */
export function matches(combination: string, press: KeyPress, apple: boolean): boolean {
  const parts = combination.split("-");
  const key = (parts.at(-1) ?? "").toLowerCase();
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  const mod = apple ? press.metaKey : press.ctrlKey;
  const other = apple ? press.ctrlKey : press.metaKey;
  if (mod !== wants("Mod") || other || press.shiftKey !== wants("Shift") || press.altKey !== wants("Alt")) return false;
  if (/^[0-9]$/.test(key)) return press.code === `Digit${key}`;
  return press.key.toLowerCase() === key || (key.length === 1 && press.code === `Key${key.toUpperCase()}`);
}

const APPLE_NAMES: Record<string, string> = {
  Mod: "⌘",
  Shift: "⇧",
  Alt: "⌥",
  Enter: "↩",
  Backspace: "⌫",
  ArrowUp: "↑",
  ArrowDown: "↓",
};
const OTHER_NAMES: Record<string, string> = { Mod: "Ctrl", ArrowUp: "↑", ArrowDown: "↓" };

export function keyLabel(combination: string, apple: boolean): string {
  const names = apple ? APPLE_NAMES : OTHER_NAMES;
  const parts = combination.split("-").map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return parts.join(apple ? "" : "+");
}
