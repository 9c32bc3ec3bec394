/** Terminal colours as spans: the sixteen colours, bold, dim, italic, underline; every other escape sequence is dropped. Pure. */

export interface Stretch {
  readonly text: string;
  /** Class names; empty for plain text. */
  readonly look: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
const ESCAPE = /\x1b(?:\[([0-9;:?]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_]?)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they would be shown as boxes
const INVISIBLE = /[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]/g;

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

interface Look {
  colour: string;
  background: string;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
}

const PLAIN: Look = { colour: "", background: "", bold: false, dim: false, italic: false, underline: false };

export function hasAnsi(text: string): boolean {
  return text.includes("\x1b");
}

export function stretchesOf(text: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let look: Look = { ...PLAIN };
  let at = 0;
  const take = (end: number): void => {
    const visible = text.slice(at, end).replace(INVISIBLE, "");
    if (visible !== "") stretches.push({ text: visible, look: classes(look) });
  };
  for (const match of text.matchAll(ESCAPE)) {
    take(match.index);
    at = match.index + match[0].length;
    if (match[2] === "m") look = changed(look, match[1] ?? "");
  }
  take(text.length);
  return stretches;
}

function changed(before: Look, parameters: string): Look {
  const look = { ...before };
  const codes = parameters.split(/[;:]/).map((code) => Number.parseInt(code || "0", 10));
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) Object.assign(look, PLAIN);
    else if (code === 1) look.bold = true;
    else if (code === 2) look.dim = true;
    else if (code === 3) look.italic = true;
    else if (code === 4) look.underline = true;
    else if (code === 22) Object.assign(look, { bold: false, dim: false });
    else if (code === 23) look.italic = false;
    else if (code === 24) look.underline = false;
    else if (code === 39) look.colour = "";
    else if (code === 49) look.background = "";
    else if (code === 38 || code === 48) at += extended(look, code, codes.slice(at + 1));
    else Object.assign(look, basic(code));
  }
  return look;
}

function basic(code: number): Partial<Look> {
  if (code >= 30 && code <= 37) return { colour: COLOURS[code - 30] ?? "" };
  if (code >= 90 && code <= 97) return { colour: COLOURS[code - 90] ?? "" };
  if (code >= 40 && code <= 47) return { background: COLOURS[code - 40] ?? "" };
  if (code >= 100 && code <= 107) return { background: COLOURS[code - 100] ?? "" };
  return {};
}

/** `38;5;n` and `38;2;r;g;b`: the first sixteen have names here, the others keep the colour of the text. */
function extended(look: Look, code: number, rest: readonly number[]): number {
  const [kind, index] = rest;
  if (kind === 2) return 4;
  if (kind !== 5) return 0;
  const name = index !== undefined && index < 16 ? (COLOURS[index % 8] ?? "") : "";
  if (code === 38) look.colour = name;
  else look.background = name;
  return 2;
}

function classes(look: Look): string {
  const names: string[] = [];
  if (look.colour !== "") names.push(`ansi-${look.colour}`);
  if (look.background !== "") names.push(`ansi-on-${look.background}`);
  if (look.bold) names.push("ansi-bold");
  if (look.dim) names.push("ansi-dim");
  if (look.italic) names.push("ansi-italic");
  if (look.underline) names.push("ansi-underline");
  return names.join(" ");
}
