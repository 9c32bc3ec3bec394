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

/** Shift and other layouts hide these behind other characters: the place on the keyboard counts too. */
const PLACES: Record<string, string> = {
  "'": "Quote",
  "[": "BracketLeft",
  "]": "BracketRight",
  "\\": "Backslash",
  "/": "Slash",
  ".": "Period",
  ",": "Comma",
  ";": "Semicolon",
  "`": "Backquote",
};

/** Letters, digits and signs are compared by the character or the place on the keyboard. */
export function matches(combination: string, press: KeyPress, apple: boolean): boolean {
  const { modifiers, key } = partsOf(combination);
  const wants = (name: string): boolean => modifiers.includes(name);
  const mod = apple ? press.metaKey : press.ctrlKey;
  const other = apple ? press.ctrlKey : press.metaKey;
  if (mod !== wants("Mod") || other !== wants("Ctrl")) return false;
  if (press.shiftKey !== wants("Shift") || press.altKey !== wants("Alt")) return false;
  if (/^[0-9]$/.test(key)) return press.code === `Digit${key}`;
  return press.key.toLowerCase() === key || (key.length === 1 && press.code === codeOf(key));
}

/** One way to write a combination, so that equal ones are equal: `shift-mod-O` is `Mod-Shift-o`. */
export function normalized(combination: string): string {
  const { modifiers, key } = partsOf(combination);
  const name = key.length === 1 ? key : `${key[0]?.toUpperCase() ?? ""}${key.slice(1)}`;
  const known = NAMED.find((named) => named.toLowerCase() === key) ?? name;
  return [...ORDER.filter((modifier) => modifiers.includes(modifier)), known].join("-");
}

/** True when a person can press it: known modifiers, then one key. */
export function isCombination(combination: string): boolean {
  const { modifiers, key } = partsOf(combination);
  const isKnown = key.length === 1 || /^f([1-9]|1[0-2])$/.test(key) || NAMED.some((name) => name.toLowerCase() === key);
  return isKnown && modifiers.every((modifier) => ORDER.includes(modifier));
}

const ORDER = ["Ctrl", "Mod", "Alt", "Shift"];
const MODIFIERS: Record<string, string> = { cmd: "Mod", ctrl: "Ctrl", control: "Ctrl", mod: "Mod", option: "Alt" };
const NAMED = ["Enter", "Escape", "Backspace", "Delete", "Tab", "Space", "Home", "End", "PageUp", "PageDown"].concat(
  ["Up", "Down", "Left", "Right"].map((way) => `Arrow${way}`),
);

function partsOf(combination: string): { readonly modifiers: readonly string[]; readonly key: string } {
  // The last sign is the key, also when it is the one that divides.
  const at = combination.lastIndexOf("-", combination.length - 2);
  const modifiers = combination.slice(0, Math.max(0, at)).split(/-/).filter(Boolean);
  const known = modifiers.map((name) => {
    const lower = name.toLowerCase();
    return MODIFIERS[lower] ?? `${lower[0]?.toUpperCase() ?? ""}${lower.slice(1)}`;
  });
  return { modifiers: known, key: combination.slice(at + 1).toLowerCase() };
}

function codeOf(key: string): string {
  return PLACES[key] ?? `Key${key.toUpperCase()}`;
}

const APPLE_NAMES: Record<string, string> = {
  Mod: "⌘",
  Ctrl: "⌃",
  Shift: "⇧",
  Alt: "⌥",
  Enter: "↩",
  Backspace: "⌫",
  ArrowUp: "↑",
  ArrowDown: "↓",
};
const OTHER_NAMES: Record<string, string> = { Mod: "Ctrl", Ctrl: "Meta", ArrowUp: "↑", ArrowDown: "↓" };

export function keyLabel(combination: string, apple: boolean): string {
  const names = apple ? APPLE_NAMES : OTHER_NAMES;
  const { modifiers } = partsOf(combination);
  const key = normalized(combination).slice(combination.lastIndexOf("-", combination.length - 2) + 1);
  const parts = [...modifiers, key].map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return parts.join(apple ? "" : "+");
}
