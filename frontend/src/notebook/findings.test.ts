import { describe, expect, test } from "vitest";
import type { FindingView } from "../protocol/generated.ts";
import {
  allWarnings,
  codeWarningsOf,
  FILE,
  hintsOf,
  rangeOf,
  ruleWords,
  warningsOf,
  withFindings,
} from "./findings.ts";

function finding(options: Partial<FindingView> = {}): FindingView {
  const place = { line: 1, column: 1, endLine: 1, endColumn: 2 };
  return { code: "QR003", name: "lost-value", message: "m", fix: "", isHint: false, ...place, ...options };
}

describe("what is known", () => {
  test("what is told of a cell takes the place of what was known, and nothing takes it away", () => {
    const known = withFindings(new Map(), { a: [finding()], b: [finding()] });
    const next = withFindings(known, { a: [], b: [finding({ line: 2 })] });

    expect([...next.keys()]).toEqual(["b"]);
    expect(next.get("b")?.[0]?.line).toBe(2);
    expect(known.get("b")?.[0]?.line).toBe(1);
  });

  test("hints are no warnings, and what is about the file's form is not about the code", () => {
    const found = [
      finding({ code: "QF006" }),
      finding({ code: "QR004" }),
      finding(),
      finding({ code: "QR011", isHint: true }),
    ];
    const known = withFindings(new Map(), { a: found });

    expect(warningsOf(known, "a").map(({ code }) => code)).toEqual(["QF006", "QR004", "QR003"]);
    expect(codeWarningsOf(known, "a").map(({ code }) => code)).toEqual(["QR003"]);
    expect(hintsOf(known, "a").map(({ code }) => code)).toEqual(["QR011"]);
    expect(hintsOf(known, "gone")).toEqual([]);
  });

  test("warnings come in the order of the notebook, those of the file first; cells that are gone have none", () => {
    const findings = withFindings(new Map(), {
      gone: [finding()],
      b: [finding()],
      a: [finding()],
      [FILE]: [finding()],
    });

    expect(allWarnings({ findings, order: ["a", "b"] }).map(({ cell }) => cell)).toEqual([FILE, "a", "b"]);
  });
});

describe("places", () => {
  test("columns count code points, and the editor UTF-16 units", () => {
    const place = { line: 2, column: 3, endLine: 2, endColumn: 5 };
    const { from, to } = rangeOf("ab\n🐍 xy", finding(place));

    expect("ab\n🐍 xy".slice(from, to)).toBe("xy");
  });

  test("a place may span lines", () => {
    expect(rangeOf("ab\ncd", finding({ column: 2, endLine: 2, endColumn: 2 }))).toEqual({ from: 1, to: 4 });
  });

  test("a place behind the end of a text that became shorter is its end", () => {
    expect(rangeOf("ab", finding({ line: 9, endLine: 9 }))).toEqual({ from: 2, to: 2 });
    expect(rangeOf("ab", finding({ endColumn: 99 }))).toEqual({ from: 0, to: 2 });
  });
});

test("a rule is called by its name in words", () => {
  expect(ruleWords(finding())).toBe("lost value");
});
