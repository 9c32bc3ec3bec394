/** What the palette offers for a few letters: actions, cells, names. Pure. */
import { fuzzyMatch } from "../../ui/fuzzy.ts";

export interface Offer {
  readonly key: string;
  readonly label: string;
  /** Said at the right, in small letters. */
  readonly hint: string;
  readonly keys: string;
  readonly run: () => void;
}

export interface Found {
  readonly offer: Offer;
  /** Places of the letters that were typed. */
  readonly at: readonly number[];
}

const MOST = 60;
/** A recent one is worth a good letter more. */
const RECENT = 5;

/** The best first; without letters, the recent ones and then all in their order. */
export function findOffers(offers: readonly Offer[], query: string, recent: readonly string[]): readonly Found[] {
  const rank = (offer: Offer): number => {
    const at = recent.indexOf(offer.key);
    return at === -1 ? 0 : RECENT * (1 - at / recent.length);
  };
  if (query.trim() === "") {
    const first = [...offers].sort((one, other) => rank(other) - rank(one));
    return first.slice(0, MOST).map((offer) => ({ offer, at: [] }));
  }
  return offers
    .map((offer) => ({ offer, match: fuzzyMatch(offer.label, query) }))
    .flatMap(({ offer, match }) => (match === null ? [] : [{ offer, at: match.at, score: match.score + rank(offer) }]))
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST);
}

/** The text in stretches: those that were found and those between them. */
export function stretches(
  text: string,
  at: readonly number[],
): readonly { readonly text: string; readonly found: boolean }[] {
  const places = new Set(at);
  const parts: { text: string; found: boolean }[] = [];
  for (let place = 0; place < text.length; place += 1) {
    const found = places.has(place);
    const last = parts.at(-1);
    if (last !== undefined && last.found === found) last.text += text[place];
    else parts.push({ text: text[place] ?? "", found });
  }
  return parts;
}

/** The names that stand at the left of a cell's top-level assignments, functions, classes and imports, by their looks. */
export function definedNames(code: string): readonly string[] {
  const names = new Set<string>();
  for (const line of code.split("\n")) {
    const definition = /^(?:async\s+)?(?:def|class)\s+(\w+)/.exec(line);
    const assigned = /^(\w+(?:\s*,\s*\w+)*)\s*(?::[^=]+)?=(?!=)/.exec(line);
    const found = definition?.[1] ?? assigned?.[1];
    for (const name of found?.split(",") ?? []) if (!name.trim().startsWith("_")) names.add(name.trim());
  }
  return [...names];
}
