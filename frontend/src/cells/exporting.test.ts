import { expect, test } from "vitest";
import { exportWords } from "./exporting.ts";

test("what could not be carried over is said, what is too much of it counted", () => {
  expect(exportWords("a.ipynb", [])).toBe("`a.ipynb` was downloaded");
  expect(exportWords("a.ipynb", ["one", "two"])).toBe("`a.ipynb` was downloaded; one; two");
  expect(exportWords("a.md", ["1", "2", "3", "4", "5"])).toBe("`a.md` was downloaded; 1; 2; 3; and 2 more");
});
