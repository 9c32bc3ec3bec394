/** Text can be read on every ground it stands on, in light and in dark; and colours stand in the tokens alone. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "..");
const tokens = readFileSync(join(import.meta.dirname, "tokens.css"), "utf-8");

type Mode = "light" | "dark";

function colour(name: string, mode: Mode): string {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(tokens);
  const value = pair?.[mode === "light" ? 1 : 2];
  if (value === undefined) throw new Error(`no token --${name}`);
  return value;
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const TEXTS = ["ink", "ink-2", "ink-3", "accent", "run", "stale", "error"];
const CODE = ["keyword", "string", "number", "comment", "call", "class", "operator"].map((name) => `hl-${name}`);
const ANSI = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"].map((name) => `ansi-${name}`);

const PAIRS: readonly (readonly [string, string])[] = [
  ...[...TEXTS, ...ANSI, ...CODE].flatMap(
    (text) =>
      [
        [text, "paper"],
        [text, "sheet"],
      ] as const,
  ),
  ["on-accent", "accent"],
  ["ink", "wash"],
  ["ink", "selection"],
  ["ink", "error-wash"],
  ["ink-2", "error-wash"],
  ["error", "error-wash"],
  ["ink", "stale-wash"],
  ["stale", "stale-wash"],
];

test.each(["light", "dark"] as const)("in the %s, every text has at least 4.5:1", (mode) => {
  const weak = PAIRS.filter(([text, ground]) => contrast(colour(text, mode), colour(ground, mode)) < 4.5);
  expect(weak).toEqual([]);
});

test("no colour stands outside of the tokens", () => {
  const styles = readdirSync(SOURCE, { recursive: true, encoding: "utf-8" }).filter((name) => name.endsWith(".css"));
  expect(styles.length).toBeGreaterThan(5);
  for (const name of styles.filter((style) => !style.endsWith("tokens.css"))) {
    const text = readFileSync(join(SOURCE, name), "utf-8");
    expect(text, name).not.toMatch(/#[0-9a-f]{3,8}\b(?![\w-]*\s*\{)|\b(?:rgba?|hsla?|oklch)\(/i);
  }
});
