import { expect, test } from "vitest";
import { commandOf } from "../../cells/installing.tsx";
import type { PackagesListed, PackageView } from "../../protocol/generated.ts";
import { rowsOf } from "./rows.ts";

function package_(name: string, asked = "", imported = false): PackageView {
  return { name, version: "1.0", asked, imported };
}

function listed(options: Partial<PackagesListed> = {}): PackagesListed {
  return {
    kind: "packagesListed",
    request: 1,
    place: "here",
    python: "3.12",
    packages: [],
    missing: [],
    adding: "uv add",
    removing: "uv remove",
    refusal: "",
    wishes: [],
    sandbox: false,
    ...options,
  };
}

test("what the header asks for comes first, and what is to be known of it is said", () => {
  const packages = [
    package_("a"),
    package_("numpy", "numpy>=2", true),
    package_("old", "old"),
    package_("quire", "quire"),
  ];
  const rows = rowsOf(listed({ packages, missing: [package_("gone", "gone")] }), "");
  expect(rows.map(({ name, note }) => [name, note])).toEqual([
    ["gone", "not installed"],
    ["numpy", ""],
    ["old", "no cell imports it"],
    ["quire", ""],
    ["a", ""],
  ]);
});

test("names are searched", () => {
  const packages = [package_("numpy"), package_("polars")];
  expect(rowsOf(listed({ packages }), " POL").map((row) => row.name)).toEqual(["polars"]);
});

test("the command is shown as it would be typed", () => {
  const change = { add: ["polars>=1", "numpy"], remove: ["old"], cells: [] };
  expect(commandOf(listed(), change)).toBe("uv add 'polars>=1' numpy\nuv remove old");
});
