/** The order of the folders is a contract: an import goes downwards or stays at home; a folder nobody placed fails. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "src");

/** From top to bottom; folders in one row do not import each other. */
const LAYERS = [
  ["app"],
  ["features"],
  ["cells"],
  ["editor", "outputs", "widgets"],
  ["notebook"],
  ["protocol", "ui", "styles"],
];

const IMPORT = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

/** The folder that a file is at home in; each feature is one of its own. */
function folderOf(path: string): string {
  const [folder = "", inner = ""] = relative(SOURCE, path).split(/[\\/]/);
  return folder === "features" ? `${folder}/${inner}` : folder;
}

function levelOf(folder: string): number {
  return LAYERS.findIndex((row) => row.includes(folder.split("/")[0] ?? ""));
}

/** Every import that may not be, in words. */
function violations(files: readonly { readonly path: string; readonly text: string }[]): readonly string[] {
  const found: string[] = [];
  for (const { path, text } of files) {
    const from = folderOf(path);
    for (const match of text.matchAll(IMPORT)) {
      const target = resolve(dirname(path), match[1] ?? "");
      if (!target.startsWith(SOURCE)) continue;
      const to = folderOf(target);
      if (from !== to && levelOf(to) <= levelOf(from))
        found.push(`${relative(SOURCE, path)} imports ${relative(SOURCE, target)}`);
    }
  }
  return found;
}

test("every folder has its place", () => {
  const folders = readdirSync(SOURCE).filter((name) => statSync(join(SOURCE, name)).isDirectory());
  expect(folders.filter((folder) => levelOf(folder) === -1)).toEqual([]);
});

test("no file imports upwards or sideways", () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf-8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({ path: join(SOURCE, name), text: readFileSync(join(SOURCE, name), "utf-8") }));
  expect(files.length).toBeGreaterThan(20);
  expect(violations(files)).toEqual([]);
});

test("an import upwards is found, between siblings too", () => {
  const at = (path: string, text: string) => ({ path: join(SOURCE, path), text });
  expect(violations([at("notebook/a.ts", 'import { x } from "../cells/b.ts";')])).toHaveLength(1);
  expect(violations([at("outputs/a.ts", 'const x = import("../widgets/b.ts");')])).toHaveLength(1);
  expect(violations([at("features/a/a.ts", 'import "../b/b.ts";')])).toHaveLength(1);
  expect(violations([at("cells/a.ts", 'import { x } from "../notebook/b.ts";')])).toEqual([]);
});

test("the reducer's layer knows neither page nor editor", () => {
  const pure = [
    "reduce.ts",
    "state.ts",
    "console.ts",
    "text.ts",
    "markdown.ts",
    "tree.ts",
    "traceback.ts",
    "failures.ts",
  ];
  for (const name of pure) {
    const text = readFileSync(join(SOURCE, "notebook", name), "utf-8");
    expect(text, name).not.toMatch(/from "(?:preact|@preact|@codemirror|@lezer)/);
    expect(text, name).not.toMatch(/\b(?:document|window|localStorage)\./);
  }
});
