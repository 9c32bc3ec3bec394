import { expect, test } from "vitest";
import { tabName, visitPath } from "./visit.ts";

function memory(kept = new Map<string, string>()): Pick<Storage, "getItem" | "setItem"> {
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

test("a tab keeps its name, and no two have the same", () => {
  const storage = memory();
  expect(tabName(storage)).toMatch(/^[0-9a-f]{32}$/);
  expect(tabName(storage)).toBe(tabName(storage));
  expect(tabName(memory())).not.toBe(tabName(storage));
  expect(tabName(null)).toMatch(/^[0-9a-f]{32}$/);
});

test("a name that is none is replaced", () => {
  expect(tabName(memory(new Map([["quire-tab", "1"]])))).toMatch(/^[0-9a-f]{32}$/);
});

test("the page's own query goes along as it is", () => {
  const path = visitPath("/b/socket", "t", "?a=1&b=x%26y&a=2");
  expect(path.startsWith("/b/socket?")).toBe(true);
  const given = new URLSearchParams(path.split("?")[1]);
  expect(given.get("tab")).toBe("t");
  expect(given.get("query")).toBe("a=1&b=x%26y&a=2");
});
