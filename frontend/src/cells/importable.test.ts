import { expect, test } from "vitest";
import { importWords } from "./importable.tsx";

test("how a function is imported follows from the name of the file", () => {
  expect(importWords("folder/prices.py", "area")).toContain("`from prices import area`");
  expect(importWords("C:\\work\\prices.py", "area")).toContain("`from prices import area`");
});

test("a file that no import can name is said to need another name", () => {
  expect(importWords("my prices.py", "area")).toContain("if the file gets a name that is an identifier");
  expect(importWords("2024-prices.py", "area")).not.toContain("from 2024");
});
