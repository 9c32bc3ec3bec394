/** What palette, outline and problems make of a notebook. */
import { expect, test } from "vitest";
import { captionOf, edgesOf, familyOf } from "../features/graph/family.ts";
import { outlineOf } from "../features/outline/entries.ts";
import { definedNames, findOffers, stretches } from "../features/palette/entries.ts";
import { troublesOf } from "../features/problems/trouble.ts";
import { patternOf, replaced, stretchesOf } from "../features/search/matching.ts";
import { definitionOf } from "../notebook/definition.ts";
import { blankCell, type CellState, cellFromView } from "../notebook/state.ts";

function cell(id: string, options: Partial<CellState> = {}): CellState {
  return { ...cellFromView(blankCell(id, "x", "cell")), ...options };
}

function html(text: string): Partial<CellState> {
  return { output: { mime: "text/html", text, blob: new Uint8Array() } };
}

const offer = (label: string) => ({ key: label, label, hint: "", keys: "", run: () => undefined });

test("without letters the recent ones come first", () => {
  const offers = ["Run", "Save", "Split"].map(offer);
  expect(findOffers(offers, "", ["Split", "Save"]).map((found) => found.offer.label)).toEqual(["Split", "Save", "Run"]);
  expect(findOffers(offers, "s", ["Split"]).map((found) => found.offer.label)).toEqual(["Split", "Save"]);
  expect(findOffers(offers, "zz", [])).toEqual([]);
});

test("the letters that were found are told apart", () => {
  expect(stretches("Run all", [0, 4, 5])).toEqual([
    { text: "R", found: true },
    { text: "un ", found: false },
    { text: "al", found: true },
    { text: "l", found: false },
  ]);
});

test("names are found by their looks", () => {
  const code = "a, b = 1, 2\nc: int = 3\nif a == 1:\n    d = 4\ndef f(x=1): pass\nclass A: pass\n_p = 1\nprint(a=1)";
  expect(definedNames(code)).toEqual(["a", "b", "c", "f", "A"]);
});

test("an outline has headings and, below them, named cells", () => {
  const cells = [
    cell("s", { type: "setup", name: "setup" }),
    cell("a", html("<h1 id='x'>One <em>1</em></h1><p>t</p><h2>Two</h2>")),
    cell("b", { name: "load" }),
    cell("c", html("<p>none</p>")),
  ];
  expect(outlineOf(cells, (text) => text.replace(/<[^>]*>/g, "")).map((entry) => [entry.title, entry.level])).toEqual([
    ["setup", 1],
    ["One 1", 1],
    ["Two", 2],
    ["load", 3],
  ]);
});

test("a problem of several cells is one, shown where it can be mended", () => {
  const problem = {
    type: "DefinedTwice",
    name: "x",
    cells: ["a", "b"],
    message: "twice",
    fixes: [],
    line: null,
    column: null,
    blocks: true,
  } as const;
  const cells = [
    cell("r", { problems: [problem] }),
    cell("a", { problems: [problem] }),
    cell("b", { problems: [problem] }),
  ];
  const found = troublesOf([...cells, cell("f", { outcome: "failed" })]);
  expect(found.map((trouble) => [trouble.cell, trouble.others])).toEqual([
    ["a", ["b"]],
    ["f", []],
  ]);
});

const plain = { isRegex: false, isCaseSensitive: false, isWord: false };

function find(text: string, wanted: Parameters<typeof patternOf>[0]): readonly string[] {
  const pattern = patternOf(wanted);
  if (!(pattern instanceof RegExp)) throw new TypeError(String(pattern));
  return stretchesOf(text, pattern).map(({ from, to }) => text.slice(from, to));
}

test("text is found as it is, in any case, as whole words, or by a pattern", () => {
  expect(find("a.b a+b A.B", { ...plain, text: "a.b" })).toEqual(["a.b", "A.B"]);
  expect(find("a.b A.B", { ...plain, text: "a.b", isCaseSensitive: true })).toEqual(["a.b"]);
  expect(find("data data_2 größe data", { ...plain, text: "data", isWord: true })).toEqual(["data", "data"]);
  expect(find("x1\nx22", { ...plain, text: "^x\\d*", isRegex: true })).toEqual(["x1", "x22"]);
  expect(find("abc", { ...plain, text: "x*", isRegex: true })).toEqual([]);
});

test("a pattern that cannot be read says why", () => {
  expect(patternOf({ ...plain, text: "(", isRegex: true })).toMatch(/group/i);
  expect(patternOf({ ...plain, text: "" })).toBeNull();
  expect(patternOf({ ...plain, text: "a".repeat(100_000) })).toBe("too long to be found");
});

test("one match or all of them are replaced; groups mean something in patterns only", () => {
  const change = (text: string, wanted: Parameters<typeof patternOf>[0], by: string, from: number | null): string => {
    const pattern = patternOf(wanted);
    return pattern instanceof RegExp ? replaced(text, pattern, wanted, by, from) : "";
  };
  const word = { ...plain, text: "x" };
  expect(change("x x x", word, "$1y", 2)).toBe("x $1y x");
  expect(change("x x", word, "$&", null)).toBe("$& $&");
  const pattern = { ...plain, text: "(\\w)=(\\d)", isRegex: true };
  expect(change("a=1 b=2", pattern, "$2=$1", null)).toBe("1=a 2=b");
  expect(change("a=1 b=2", pattern, "$2=$1", 4)).toBe("a=1 2=b");
  expect(change("aaa", { ...plain, text: "(?<=a)a", isRegex: true }, "b", null)).toBe("abb");
});

test("a cell's family is what it depends on and what depends on it", () => {
  const links = new Map(
    Object.entries({ a: [], b: ["a"], c: ["b", "gone"], d: ["a"] }).map(([id, parents]) => [
      id,
      { defs: [], refs: [], parents },
    ]),
  );
  const edges = edgesOf(["a", "b", "c", "d"], links);
  expect(edges).toHaveLength(3);
  expect([...familyOf("b", edges)].sort()).toEqual(["a", "b", "c"]);
  expect([...familyOf("a", edges)].sort()).toEqual(["a", "b", "c", "d"]);
});

test("a cell is called by its name, else by its first line of code", () => {
  expect(captionOf(cell("a", { name: "load" }), "x")).toBe("load");
  expect(captionOf(cell("a"), "# comment\n\n  x = 1\ny")).toBe("x = 1");
  expect(captionOf(cell("a"), 'qr.md(r"""\n## A title\n\nwords\n""")')).toBe("A title");
  expect(captionOf(cell("a"), "")).toBe("empty cell");
});

test.each([
  ["print(x)\nx = 1", "x", 9],
  ["a.x = 0\nx: int = 1", "x", 8],
  ["def xx(): pass\ndef x(xx): pass", "x", 19],
  ["a, x = 1, 2", "x", 3],
  ["import numpy as np", "np", 16],
  ["for x in y: pass", "x", 4],
  ["y == 1", "x", null],
])("in %j, %s is defined at %s", (code, name, at) => {
  expect(definitionOf(code, name)?.from ?? null).toBe(at);
});
