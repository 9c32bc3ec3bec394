/** Where a name is defined in the code of a cell, by its looks. Pure. */

/** The first place that binds the name at the beginning of a statement, else the first one that mentions it. */
export function definitionOf(code: string, name: string): { readonly from: number; readonly to: number } | null {
  const word = name.replace(/\$/g, "\\$");
  const found = [
    new RegExp(`^(?:async[ \\t]+def|def|class)[ \\t]+(?<at>${word})\\b`, "mu"),
    new RegExp(`^(?:[\\w., \\t*]*[ ,*\\t])?(?<at>${word})[ \\t]*(?:,[^=\\n]*)?(?::[^=\\n]*)?=(?!=)`, "mu"),
    new RegExp(`^(?:from[^\\n]*|import[^\\n]*)\\b(?<at>${word})\\b`, "mu"),
    new RegExp(`(?<![\\w.])(?<at>${word})\\b`, "u"),
  ];
  for (const pattern of found) {
    const match = pattern.exec(code);
    if (match === null) continue;
    const from = code.indexOf(name, match.index + match[0].lastIndexOf(name));
    const at = pattern === found[1] ? match.index + firstWord(match[0], name) : from;
    return { from: at, to: at + name.length };
  }
  return null;
}

function firstWord(text: string, name: string): number {
  return Math.max(0, text.search(new RegExp(`(?<![\\w.])${name}(?!\\w)`, "u")));
}
