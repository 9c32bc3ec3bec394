/** The lock files work everywhere: they name no private registry, and native tools have their package for each system. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const PUBLIC = "https://registry.npmjs.org/";

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function packagesOf(lock: string): Readonly<Record<string, Locked>> {
  return JSON.parse(readFileSync(join(import.meta.dirname, lock), "utf-8")).packages;
}

const LOCKS = ["package-lock.json", "lint/package-lock.json"];

test.each(LOCKS)("%s names the public registry or none", (lock) => {
  const others = Object.entries(packagesOf(lock)).filter(
    ([, { resolved }]) => resolved !== undefined && !resolved.startsWith(PUBLIC),
  );
  expect(others).toEqual([]);
  expect(readFileSync(join(import.meta.dirname, lock), "utf-8").replaceAll(PUBLIC, "")).not.toMatch(
    /"resolved": "https?:/,
  );
});

test.each(LOCKS)("%s has a digest for every package", (lock) => {
  const without = Object.entries(packagesOf(lock)).filter(
    ([path, { integrity }]) => path !== "" && integrity === undefined,
  );
  expect(without).toEqual([]);
});

const NATIVE = [
  ["package-lock.json", "@rolldown/binding-"],
  ["package-lock.json", "lightningcss-"],
  ["package-lock.json", "@typescript/typescript-"],
  ["lint/package-lock.json", "@biomejs/cli-"],
] as const;

test.each(NATIVE)("%s: %s* is there for macOS, Linux and Windows", (lock, prefix) => {
  const names = Object.keys(packagesOf(lock)).map((path) => path.replace("node_modules/", ""));
  const family = names.filter((name) => name.startsWith(prefix));
  for (const system of ["darwin-arm64", "darwin-x64", "linux-x64", "linux-arm64", "win32-x64"]) {
    expect(
      family.filter((name) => name.startsWith(prefix + system)),
      system,
    ).not.toEqual([]);
  }
});

test.each(LOCKS)("%s has every native package that its tools ask for", (lock) => {
  const packages = packagesOf(lock);
  const asked = Object.values(packages).flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}));
  const missing = asked.filter(
    (name) => /(?:darwin|linux|win32)/.test(name) && packages[`node_modules/${name}`] === undefined,
  );
  expect(missing).toEqual([]);
});

test("the linter is pinned, and not among what a build needs", () => {
  const lint = JSON.parse(readFileSync(join(import.meta.dirname, "lint/package.json"), "utf-8"));
  expect(lint.devDependencies).toEqual({ "@biomejs/biome": "2.5.15" });
  expect(Object.keys(packagesOf("package-lock.json")).filter((path) => path.includes("biome"))).toEqual([]);
});

test("no package that its registry warns about", () => {
  expect(packagesOf("package-lock.json")["node_modules/codemirror"]).toBeUndefined();
});
