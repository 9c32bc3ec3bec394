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
  /** What `{}` means in it: an f-string's values are filled in by the kernel. */
  readonly isFilled: boolean;
}

/** Where the prose stands in the code of a cell that is nothing but prose between three quotes; null otherwise. */
export function proseRange(code: string): ProseRange | null {
  const opening = OPENING.exec(code);
  const quotes = opening?.[2] ?? "";
  if (opening === null || quotes.length !== 3 || !isMarkdown(code)) return null;
  const end = closingAt(code, opening[0].length, quotes);
  const from = opening[0].length + (code[opening[0].length] === "\n" ? 1 : 0);
  const to = end > from && code[end - 1] === "\n" ? end - 1 : end;
  return { from: Math.min(from, to), to, isFilled: /f/i.test(opening[1] ?? "") };
}

/** True when some cell makes `qr` a name for Quire, so that cells of prose can use it. */
export function importsQuire(codes: Iterable<string>): boolean {
  for (const code of codes) if (/^\s*import\s+quire\s+as\s+qr\b/m.test(code)) return true;
  return false;
}
