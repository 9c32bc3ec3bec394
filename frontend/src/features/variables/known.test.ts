import { expect, test } from "vitest";
import type { Variable } from "../../protocol/generated.ts";
import { type Known, nextSorting, shownOf, withChanges } from "./known.ts";

function variable(name: string, type = "int", value = "1", cell = "a"): Variable {
  return { name, type, value, cells: [cell], readers: [] };
}

function known(...variables: readonly Variable[]): Known {
  return withChanges(new Map(), { changed: variables, gone: [], all: true });
}

const names = (rows: readonly Variable[]): readonly string[] => rows.map((row) => row.name);
const plain = { by: "cells", descending: false } as const;

test("differences are taken up, and a whole list replaces what was known", () => {
  const before = known(variable("x"), variable("y"));
  const after = withChanges(before, { changed: [variable("y", "str")], gone: ["x"], all: false });
  expect([...after.values()]).toEqual([variable("y", "str")]);
  expect(before.size).toBe(2);
  expect([...withChanges(after, { changed: [variable("z")], gone: [], all: true }).keys()]).toEqual(["z"]);
});

test("names, types and values are searched", () => {
  const all = known(variable("price"), variable("b", "DataFrame"), variable("c", "str", "'Hello'"));
  for (const [words, found] of [
    ["PRI", "price"],
    ["frame", "b"],
    ["hell", "c"],
  ] as const)
    expect(names(shownOf(all, words, plain, ["a"]))).toEqual([found]);
});

test("the order is that of the cells, or of a column, both ways", () => {
  const all = known(
    variable("b", "str", "1", "two"),
    variable("c", "int", "1", "one"),
    variable("a", "list", "1", "gone"),
  );
  const order = ["one", "two"];
  expect(names(shownOf(all, "", plain, order))).toEqual(["c", "b", "a"]);
  expect(names(shownOf(all, "", { by: "name", descending: true }, order))).toEqual(["c", "b", "a"]);
  expect(names(shownOf(all, "", { by: "type", descending: false }, order))).toEqual(["c", "a", "b"]);
});

test("a column is pressed three times", () => {
  const once = nextSorting(plain, "name");
  const twice = nextSorting(once, "name");
  expect([once, twice, nextSorting(twice, "name")]).toEqual([
    { by: "name", descending: false },
    { by: "name", descending: true },
    plain,
  ]);
});
