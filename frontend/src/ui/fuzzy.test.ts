/** Finding by a few letters. */
import { expect, test } from "vitest";
import { fuzzyMatch } from "./fuzzy.ts";

function best(query: string, ...texts: readonly string[]): string | undefined {
  const found = texts.flatMap((text) => {
    const match = fuzzyMatch(text, query);
    return match === null ? [] : [{ text, score: match.score }];
  });
  return found.sort((one, other) => other.score - one.score)[0]?.text;
}

test("letters occur in their order, words in any", () => {
  expect(fuzzyMatch("Move down", "mdn")).not.toBeNull();
  expect(fuzzyMatch("Move down", "nd")).toBeNull();
  expect(fuzzyMatch("Move down", "down mo")?.at).toEqual([0, 1, 5, 6, 7, 8]);
  expect(fuzzyMatch("Move down", "")).toEqual({ score: expect.any(Number), at: [] });
});

test("a page of text pasted by accident is nothing to look for", () => {
  expect(fuzzyMatch("a".repeat(300), "a".repeat(200))).not.toBeNull();
  expect(fuzzyMatch("a".repeat(300), "a".repeat(201))).toBeNull();
});

test("beginnings of words and letters in a row count more", () => {
  expect(best("ra", "Interrupt all", "Run all", "Trace")).toBe("Run all");
  expect(best("run", "Return", "Rename the union", "Run")).toBe("Run");
  expect(best("lw", "loadWeather", "lower")).toBe("loadWeather");
});
