import { expect, test } from "vitest";
import type { FileEntry, FileKind } from "../../protocol/files.ts";
import { type Folders, joined, linesOf, moved, parentOf, targetOf } from "./tree.ts";

const entry = (path: string, kind: FileKind = "file"): FileEntry => ({ path, name: path, kind, size: 0, modified: 0 });

const folders: Folders = {
  inside: new Map([
    ["", [entry("a", "folder"), entry("b", "folder"), entry("c.py", "notebook")]],
    ["a", [entry("a/x.txt"), entry("a/deep", "folder")]],
    ["b", [entry("b/y.txt")]],
  ]),
  open: new Set(["a", "a/deep"]),
};
const lines = linesOf(folders);

test("open folders show what is in them, one level deeper", () => {
  expect(lines.map((line) => `${line.level} ${line.entry.path}`)).toEqual([
    "1 a",
    "2 a/x.txt",
    "2 a/deep",
    "1 b",
    "1 c.py",
  ]);
});

test.each([
  ["ArrowDown", "a", { go: "a/x.txt" }],
  ["ArrowDown", "c.py", null],
  ["ArrowUp", "a", { go: "a" }],
  ["ArrowUp", "b", { go: "a/deep" }],
  ["Home", "c.py", { go: "a" }],
  ["End", "a", { go: "c.py" }],
  ["ArrowRight", "b", { open: "b" }],
  ["ArrowRight", "a", { go: "a/x.txt" }],
  ["ArrowRight", "c.py", null],
  ["ArrowLeft", "a", { close: "a" }],
  ["ArrowLeft", "a/x.txt", { go: "a" }],
  ["ArrowLeft", "b", null],
  ["x", "b", null],
])("%s on %s", (key, current, move) => {
  expect(moved(key, lines, folders, current)).toEqual(move);
});

test("new things go into the chosen folder, or beside the chosen file", () => {
  expect(targetOf(lines, "b")).toBe("b");
  expect(targetOf(lines, "a/x.txt")).toBe("a");
  expect(targetOf(lines, "gone")).toBe("");
  expect([joined("", "x"), joined("a", "x"), parentOf("a/b/c"), parentOf("c")]).toEqual(["x", "a/x", "a/b", ""]);
});
