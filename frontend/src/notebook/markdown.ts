/** Which cells are prose: nothing but one `qr.md("…")`. Pure. */

export const MARKDOWN_TEMPLATE = 'qr.md(r"""\n\n""")';
/** Where the caret belongs in the template. */
export const MARKDOWN_CARET = 'qr.md(r"""\n'.length;

const OPENING = /^\s*(?:qr|quire)\s*\.\s*md\(\s*([rRfFuU]{0,2})("""|'''|"|')/;

/** True when the code is one call of `qr.md` with one string literal. */
export function isMarkdown(code: string): boolean {
  const opening = OPENING.exec(code);
  if (opening === null) return false;
  const quotes = opening[2] ?? "";
  const end = closingAt(code, opening[0].length, quotes);
  return end !== -1 && /^\s*,?\s*\)\s*$/.test(code.slice(end + quotes.length));
}

/** Where the literal ends. A backslash guards the next character, in raw strings too. */
function closingAt(code: string, start: number, quotes: string): number {
  for (let at = start; at < code.length; at += 1) {
    if (code[at] === "\\") at += 1;
    else if (code.startsWith(quotes, at)) return at;
    else if (quotes.length === 1 && code[at] === "\n") return -1;
  }
  return -1;
}

/** The text inside of the call; null when the code is no such call. What its escapes mean is not looked at. */
export function markdownOf(code: string): string | null {
  const opening = OPENING.exec(code);
  if (opening === null || !isMarkdown(code)) return null;
  const start = opening[0].length;
  return code.slice(start, closingAt(code, start, opening[2] ?? ""));
}

/** Code that shows the text. */
export function markdownCode(text: string): string {
  const quotes = text.includes('"""') || text.endsWith('"') ? "'''" : '"""';
  if (text.includes(quotes) || text.endsWith("\\")) return `qr.md(${JSON.stringify(text)})`;
  return `qr.md(r${quotes}\n${text}\n${quotes})`;
}

export interface ProseRange {
  readonly from: number;
  readonly to: number;
  /** Spaces at the start of every line that are no part of the prose: `qr.md` takes them away when it runs. */
  readonly indent: number;
  /** What `{}` means in it: an f-string's values are filled in by the kernel. */
  readonly isFilled: boolean;
}

/** Where the prose stands in the code of a cell that is nothing but prose between three quotes; null otherwise. */
export function proseRange(code: string): ProseRange | null {
  const opening = OPENING.exec(code);
  const quotes = opening?.[2] ?? "";
  if (opening === null || quotes.length !== 3 || !isMarkdown(code)) return null;
  const end = closingAt(code, opening[0].length, quotes);
  const startsOnItsLine = code[opening[0].length] === "\n";
  const start = opening[0].length + (startsOnItsLine ? 1 : 0);
  const lastBreak = /\n *$/.exec(code.slice(start, end));
  const to = lastBreak === null ? Math.max(start, end) : start + lastBreak.index;
  const from = Math.min(start, to);
  const indent = startsOnItsLine ? indentOf(code.slice(from, to)) : 0;
  return { from, to, indent, isFilled: /f/i.test(opening[1] ?? "") };
}

function indentOf(text: string): number {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length === 0 ? 0 : Math.min(...lines.map((line) => line.length - line.trimStart().length));
}

/** True when some cell makes `qr` a name for Quire, so that cells of prose can use it. */
export function importsQuire(codes: Iterable<string>): boolean {
  for (const code of codes) if (/^\s*import\s+quire\s+as\s+qr\b/m.test(code)) return true;
  return false;
}
