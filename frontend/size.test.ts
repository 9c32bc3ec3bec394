/** What a first visit costs: builds the page into a temporary folder and counts. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compressFolder } from "./compress.ts";

const KIB = 1024;
const FIRST_LOAD = 300 * KIB;
const FONTS = 120 * KIB;

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), "quire-static-"));

beforeAll(async () => {
  await build({ root: import.meta.dirname, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  compressFolder(folder);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

function manifest(): Readonly<Record<string, Chunk>> {
  return JSON.parse(readFileSync(join(folder, "manifest.json"), "utf-8"));
}

/** What is fetched only when it is needed; all else is fetched by every first visit. */
const ON_DEMAND = /^src\/features\/|codemirror-vim/;

/** The entry, what it imports at once and soon after, and their styles. */
function visitFiles(entry: string): readonly string[] {
  const chunks = manifest();
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = chunks[name];
    if (chunk === undefined || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const inner of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) {
      if (!ON_DEMAND.test(inner)) visit(inner);
    }
  };
  visit(entry);
  return [...files];
}

function bytes(files: readonly string[], suffix = ""): number {
  return files.reduce((sum, file) => sum + readFileSync(join(folder, file + suffix)).length, 0);
}

test("the first load stays below 300 KiB on the wire, by either compression", () => {
  const files = visitFiles("src/app/edit.tsx");
  expect(files.filter((file) => file.endsWith(".js")).length).toBeGreaterThan(1);
  expect(bytes(files, ".br")).toBeLessThan(FIRST_LOAD);
  expect(bytes(files, ".gz")).toBeLessThan(FIRST_LOAD);
});

test("an app needs neither editor nor highlighter, and a fifth of the bytes", () => {
  const chunks = manifest();
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = chunks[name];
    if (chunk === undefined || files.has(chunk.file)) return;
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    chunk.imports?.forEach(visit);
  };
  visit("src/app/app.tsx");
  expect([...files].join(" ")).not.toMatch(/kit|highlight/);
  expect(bytes([...files], ".gz")).toBeLessThan(FIRST_LOAD / 5);
});

test("the fonts stay below 120 KiB, and the first load asks for none", () => {
  const fonts = Object.values(manifest())
    .map((chunk) => chunk.file)
    .filter((file) => file.endsWith(".woff2"));
  expect(fonts.length).toBeGreaterThan(0);
  expect(bytes(fonts)).toBeLessThan(FONTS);
  const { css = [] } = manifest()["src/app/edit.tsx"] ?? {};
  expect(css.length).toBeGreaterThan(0);
  for (const file of css) expect(readFileSync(join(folder, file), "utf-8")).not.toContain(".woff2");
});

test("what is needed to show the cells is a third of it; the editor follows", () => {
  const chunks = manifest();
  const entry = chunks["src/app/edit.tsx"];
  const first = [entry?.file ?? "", ...(entry?.imports ?? []).map((name) => chunks[name]?.file ?? "")];
  expect(bytes(first, ".gz")).toBeLessThan(FIRST_LOAD / 3);
});

test("no address of another host is in what we ship", () => {
  const files = Object.values(manifest())
    .map((chunk) => chunk.file)
    .filter((file) => /\.(?:js|css)$/.test(file));
  for (const file of files) {
    const text = readFileSync(join(folder, file), "utf-8");
    const addresses = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map((match) => match[0]);
    // Names of XML namespaces are never fetched.
    expect(
      addresses.filter((address) => address !== "http://www.w3.org"),
      file,
    ).toEqual([]);
  }
});
