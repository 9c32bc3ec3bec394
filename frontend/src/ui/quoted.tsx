/** Sentences that quote code in backquotes, as in a terminal; here it stands in the font of code. */

export function withCode(text: string) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
