/** What is looked for, and where it is in a text. Pure. */

export interface Wanted {
  readonly text: string;
  readonly isRegex: boolean;
  readonly isCaseSensitive: boolean;
  readonly isWord: boolean;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What is looked for in which texts, and for each of them what was found. */
export interface Scan {
  readonly texts: readonly string[];
  readonly pattern: RegExp;
}
export type Scanned = readonly (readonly Stretch[])[];

/** Longer ones are pasted by accident, and browsers fail on them. */
const LONGEST = 10_000;

/** The pattern, or in words why there is none; null when nothing is looked for. */
export function patternOf(wanted: Wanted): RegExp | string | null {
  if (wanted.text === "") return null;
  if (wanted.text.length > LONGEST) return "too long to be found";
  const source = wanted.isRegex ? wanted.text : wanted.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const letter = "[\\p{L}\\p{N}_]";
  const whole = wanted.isWord ? `(?<!${letter})(?:${source})(?!${letter})` : source;
  try {
    return new RegExp(whole, wanted.isCaseSensitive ? "gmu" : "gmui");
  } catch (error) {
    // "Invalid regular expression: /(/gmu: Unterminated group": the last part says why.
    const message = error instanceof Error ? error.message : String(error);
    return message.split(": ").at(-1) ?? message;
  }
}

/** Matches of nothing, as of `x*`, are left out: nobody could see them. */
export function stretchesOf(text: string, pattern: RegExp): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const match of text.matchAll(pattern)) {
    if (match[0] !== "") found.push({ from: match.index, to: match.index + match[0].length });
  }
  return found;
}

/** The text with the match that begins at `from` replaced, or with all of them. `$1` means a group in a pattern only. */
export function replaced(text: string, pattern: RegExp, wanted: Wanted, by: string, from: number | null): string {
  const literal = wanted.isRegex ? by : by.replaceAll("$", "$$$$");
  if (from === null)
    return text.replace(pattern, (...parts) => (parts[0] === "" ? "" : expanded(text, pattern, literal, parts)));
  const sticky = new RegExp(pattern.source, pattern.flags.replace("g", "y"));
  sticky.lastIndex = from;
  return text.replace(sticky, literal);
}

/** What stands for one match, with its groups put in. */
function expanded(text: string, pattern: RegExp, by: string, parts: readonly unknown[]): string {
  const at = parts.find((part) => typeof part === "number") ?? 0;
  const sticky = new RegExp(pattern.source, pattern.flags.replace("g", "y"));
  sticky.lastIndex = at;
  const length = String(parts[0]).length;
  const after = text.replace(sticky, by);
  return after.slice(at, after.length - (text.length - at - length));
}
