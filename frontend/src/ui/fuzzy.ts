/** Finding by a few letters: which texts contain them in order, how well, and where. Pure. */

export interface Match {
  readonly score: number;
  /** The places of the letters that were found. */
  readonly at: readonly number[];
}

const START = 8;
const FOLLOWING = 6;
const GAP = 0.3;
/** Nobody means more letters than these; what was pasted by accident matches nothing. */
const LONGEST = 200;

/** Null when the letters do not occur in this order. Spaces divide words that may stand in any order. */
export function fuzzyMatch(text: string, query: string): Match | null {
  if (query.length > LONGEST) return null;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const at = new Set<number>();
  let score = 0;
  for (const word of words) {
    const found = bestMatch(text, word);
    if (found === null) return null;
    score += found.score;
    for (const place of found.at) at.add(place);
  }
  return { score: score - text.length * 0.01, at: [...at].sort((one, other) => one - other) };
}

/** The letters may begin at several places; the best beginning counts. */
function bestMatch(text: string, word: string): Match | null {
  const lower = text.toLowerCase();
  let best: Match | null = null;
  for (let from = lower.indexOf(word[0] ?? ""); from !== -1; from = lower.indexOf(word[0] ?? "", from + 1)) {
    const match = matchFrom(text, lower, word, from);
    if (match === null) break;
    if (best === null || match.score > best.score) best = match;
  }
  return best;
}

function matchFrom(text: string, lower: string, word: string, from: number): Match | null {
  const at: number[] = [];
  let score = 0;
  let place = from;
  for (const letter of word) {
    const next = lower.indexOf(letter, place);
    if (next === -1) return null;
    const isFollowing = at.length > 0 && next === place;
    score += 1 + (isFollowing ? FOLLOWING : 0) + (isStart(text, next) ? START : 0);
    score -= at.length > 0 ? Math.min(6, (next - place) * GAP) : 0;
    at.push(next);
    place = next + 1;
  }
  return { score, at };
}

/** The first letter of a word, also within `camelCase` and `snake_case`. */
function isStart(text: string, at: number): boolean {
  const before = text[at - 1];
  return (
    before === undefined || /[^\p{L}\p{N}]/u.test(before) || (/\p{Ll}/u.test(before) && /\p{Lu}/u.test(text[at] ?? ""))
  );
}
