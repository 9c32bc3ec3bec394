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

/** The entry, what it imports before it runs, and their styles. */
function eagerFiles(entry: string): readonly string[] {
  const chunks = manifest();
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = chunks[name];
    if (chunk === undefined || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const inner of chunk.imports ?? []) visit(inner);
  };
  visit(entry);
  return [...files];
}

function bytes(files: readonly string[], suffix = ""): number {
  return files.reduce((sum, file) => sum + readFileSync(join(folder, file + suffix)).length, 0);
}

test("the first load stays below 300 KiB on the wire, by either compression", () => {
  const files = eagerFiles("src/app/edit.tsx");
  expect(files.length).toBeGreaterThan(1);
  expect(bytes(files, ".br")).toBeLessThan(FIRST_LOAD);
  expect(bytes(files, ".gz")).toBeLessThan(FIRST_LOAD);
});

test("the fonts stay below 120 KiB, and the first load asks for none", () => {
  const fonts = Object.values(manifest())
    .map((chunk) => chunk.file)
    .filter((file) => file.endsWith(".woff2"));
  expect(fonts.length).toBeGreaterThan(0);
  expect(bytes(fonts)).toBeLessThan(FONTS);
  const styles = eagerFiles("src/app/edit.tsx").filter((file) => file.endsWith(".css"));
  for (const file of styles) expect(readFileSync(join(folder, file), "utf-8")).not.toContain(".woff2");
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
