/** The small pure parts of the notebook: console, text, markdown, trees, tracebacks, ids. */
import { describe, expect, test } from "vitest";
import type { ConsoleText } from "../protocol/generated.ts";
import { emptyConsole, KEPT_LINES, printed, withoutPrompt } from "./console.ts";
import { failuresOf, lineOf } from "./failures.ts";
import { freshCellId } from "./ids.ts";
import { isMarkdown, MARKDOWN_CARET, MARKDOWN_TEMPLATE } from "./markdown.ts";
import { blankCell, cellFromView } from "./state.ts";
import { counted, TESTS, testsOf } from "./tests.ts";
import { applyChanges, differenceOf } from "./text.ts";
import { parseTraceback, TRACEBACK } from "./traceback.ts";
import { fitsOneLine, parseTree, summaryOf } from "./tree.ts";

const out = (text: string, stream: ConsoleText["stream"] = "stdout", late = false): ConsoleText => ({
  text,
  stream,
  late,
});
const linesAfter = (...pieces: ConsoleText[]) => pieces.reduce(printed, emptyConsole).lines.map((line) => line.text);

describe("console", () => {
  test("pieces join into lines", () => {
    expect(linesAfter(out("a"), out("b\nc"), out("\n"))).toEqual(["ab", "c"]);
  });

  test("a carriage return overwrites, column by column", () => {
    expect(linesAfter(out("10%\r20%\r100%\n"))).toEqual(["100%"]);
    expect(linesAfter(out("abcdef\rxy\n"))).toEqual(["xycdef"]);
    expect(linesAfter(out("10%\r"), out("20%"))).toEqual(["20%"]);
  });

  test("a carriage return before a newline is only a newline", () => {
    expect(linesAfter(out("a\r\nb\r\n"))).toEqual(["a", "b"]);
    expect(linesAfter(out("a\r"), out("\nb"))).toEqual(["a", "b"]);
  });

  test("with colours, the new text replaces all of the old", () => {
    expect(linesAfter(out("\x1b[32mlong text\x1b[0m\rok\n"))).toEqual(["ok"]);
  });

  test("the two streams do not share a line", () => {
    expect(linesAfter(out("a"), out("b", "stderr"), out("c"))).toEqual(["a", "b", "c"]);
    expect(linesAfter(out("a"), out("b", "stdout", true))).toEqual(["a", "b"]);
  });

  test("old lines go, and are counted", () => {
    const book = printed(printed(emptyConsole, out("x\n".repeat(KEPT_LINES))), out("y\nz\n"));
    expect(book.dropped).toBe(2);
    expect(book.lines).toHaveLength(KEPT_LINES);
    expect(book.lines.at(-1)?.text).toBe("z");
  });

  test("what is typed stands behind the prompt, whoever has printed that", () => {
    expect(linesAfter(out("Name: "), out("Ada\n", "stdin"), out("Hello\n"))).toEqual(["Name: Ada", "Hello"]);
    expect(linesAfter(out("Name: ", "stderr", true), out("Ada\n", "stdin"))).toEqual(["Name: Ada"]);
    expect(linesAfter(out("Name:\n"), out("Ada\n", "stdin"))).toEqual(["Name:", "Ada"]);
  });

  test("a prompt is the last line as long as it is open", () => {
    const book = [out("one\n"), out("Name: ")].reduce(printed, emptyConsole);
    expect(withoutPrompt(book).prompt).toBe("Name: ");
    expect(withoutPrompt(book).above.lines.map((line) => line.text)).toEqual(["one"]);
    const closed = printed(emptyConsole, out("one\n"));
    expect(withoutPrompt(closed)).toEqual({ above: closed, prompt: "" });
  });

  test("nothing printed changes nothing", () => {
    expect(printed(emptyConsole, out(""))).toBe(emptyConsole);
  });
});

describe("text", () => {
  test("changes keep, remove and insert", () => {
    expect(applyChanges("hello world", [6, [5, "there", "you"]])).toBe("hello there\nyou");
    expect(applyChanges("", [[0, "a"]])).toBe("a");
    expect(applyChanges("ab", [[2]])).toBe("");
  });

  test("changes about another text are refused", () => {
    expect(() => applyChanges("abc", [2])).toThrow(RangeError);
    expect(() => applyChanges("abc", [5])).toThrow(RangeError);
    expect(() => applyChanges("abc", [["x"]])).toThrow(RangeError);
  });

  const applied = (before: string, after: string): string => {
    let result = before;
    for (const hunk of [...differenceOf(before, after)].reverse()) {
      result = result.slice(0, hunk.from) + hunk.insert + result.slice(hunk.to);
    }
    return result;
  };

  test.each([
    ["", ""],
    ["", "a"],
    ["a", ""],
    ["a\nb\nc", "a\nx\nc"],
    ["a\nb\nc\n", "b\nc\nd\n"],
    ["x = 1\ny = 2", "x = 1\ny = 2\n"],
    ["😀", "😁"],
    ["a😀b", "a😁b"],
    ["aaa\naaa\n", "aaa\n"],
  ])("%j becomes %j", (before, after) => {
    expect(applied(before, after)).toBe(after);
  });

  test("random texts become each other", () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const text = (): string => Array.from({ length: random(12) }, () => "ab\n\n😀x"[random(6)]).join("");
    for (let round = 0; round < 500; round += 1) {
      const [before, after] = [text(), text()];
      expect(applied(before, after)).toBe(after);
    }
  });

  test("only what differs is touched", () => {
    expect(differenceOf("a\nbcd\ne", "a\nbXd\ne")).toEqual([{ from: 3, to: 4, insert: "X" }]);
  });

  test("a pair of surrogates is not cut", () => {
    for (const hunk of differenceOf("a😀b", "a😁b")) {
      expect(hunk.insert).toBe("😁");
    }
  });

  test("large texts are compared in no time", () => {
    const large = Array.from({ length: 5000 }, (_, line) => `line ${line}`);
    const other = large.map((line) => `${line}!`);
    expect(applied(large.join("\n"), other.join("\n"))).toBe(other.join("\n"));
  });
});

describe("markdown", () => {
  test.each(['qr.md("a")', "qr.md(r'''a\nb''')", ' qr.md(\n    rf"""x {y}"""\n) ', 'qr.md("""a \\""" b""",)'])(
    "%j is prose",
    (code) => {
      expect(isMarkdown(code)).toBe(true);
    },
  );

  test.each([
    "",
    "x = 1",
    'qr.md("a"); x = 1',
    'x = qr.md("a")',
    'qr.md("a") + qr.md("b")',
    'qr.md("a" "b")',
    "qr.md(text)",
    'qr.md("a\nb")',
    'qr.md("a',
    'qr.md("a").left()',
  ])("%j is code", (code) => {
    expect(isMarkdown(code)).toBe(false);
  });

  test("the template is prose, and the caret stands on its empty line", () => {
    expect(isMarkdown(MARKDOWN_TEMPLATE)).toBe(true);
    expect(MARKDOWN_TEMPLATE.slice(0, MARKDOWN_CARET).endsWith("\n")).toBe(true);
    expect(MARKDOWN_TEMPLATE[MARKDOWN_CARET]).toBe("\n");
  });
});

describe("tree", () => {
  const leaf = (v: string, c = "number") => ({ t: "leaf", v, c });
  const tree = (json: unknown) => parseTree(JSON.stringify(json));

  test("a list reads as in Python", () => {
    const list = tree({ t: "list", n: 2, i: [leaf("1"), leaf("2")] });
    expect(list && summaryOf(list)).toBe("[1, 2]");
    expect(list && fitsOneLine(list)).toBe(true);
  });

  test("a tuple of one has its comma, a dict its colons", () => {
    const tuple = tree({ t: "tuple", n: 1, i: [leaf("1")] });
    expect(tuple && summaryOf(tuple)).toBe("(1,)");
    const dict = tree({ t: "dict", n: 1, i: [[leaf("'a'", "string"), leaf("1")]] });
    expect(dict && summaryOf(dict)).toBe("{'a': 1}");
  });

  test("a long list is cut and says so", () => {
    const list = tree({ t: "list", n: 50, i: Array.from({ length: 50 }, (_, i) => leaf(String(i))) });
    expect(list && summaryOf(list)).toMatch(/, …\]$/);
    expect(list && fitsOneLine(list)).toBe(false);
  });

  test("what is left out is counted", () => {
    const list = tree({ t: "list", n: 9999, i: [leaf("1"), { t: "more", n: 9998 }] });
    expect(list && summaryOf(list)).toBe("[1, … 9,998 more]");
  });

  test("a tree that cannot be read is refused, a part that cannot costs only itself", () => {
    expect(parseTree("{")).toBeNull();
    expect(parseTree('"x"')).toBeNull();
    expect(tree({ t: "nothing" })).toBeNull();
    const half = tree({ t: "list", n: 2, i: [leaf("1"), 7] });
    expect(half && summaryOf(half)).toBe("[1, …]");
  });

  test("a tree deeper than a page can show ends somewhere", () => {
    let json: unknown = leaf("1");
    for (let depth = 0; depth < 500; depth += 1) json = { t: "list", n: 1, i: [json] };
    expect(tree(json)).not.toBeNull();
  });
});

describe("tracebacks", () => {
  const frame = { cell: "a", name: "f", file: "n.py", line: 2, source: "  y / 0", own: true };
  const text = JSON.stringify({ error: "E", message: "m", note: "", frames: [frame] });

  test("frames are read, and what is missing is empty", () => {
    expect(parseTraceback(text)?.frames).toEqual([frame]);
    expect(parseTraceback('{"error": "E", "frames": [{}, 3]}')).toMatchObject({
      message: "",
      frames: [{ cell: null, own: false, line: 0 }],
    });
    const own = { ...frame, line: 57, cellLine: 2 };
    expect(parseTraceback(JSON.stringify({ error: "E", frames: [own] }))?.frames[0]?.line).toBe(2);
    expect(parseTraceback("no")).toBeNull();
    expect(parseTraceback("{}")).toBeNull();
  });

  test("what an exception came from is read with it", () => {
    const chained = parseTraceback('{"error": "A", "frames": [], "cause": {"error": "B", "frames": []}}');
    expect(chained?.cause).toMatchObject({ error: "B", cause: null });
    expect(chained?.cause?.cause).toBeNull();
  });

  test("exceptions of a group are read, and how many are left out", () => {
    const group = parseTraceback(
      '{"error": "G", "frames": [], "members": [{"error": "A", "frames": []}, 3], "missing": 7}',
    );
    expect(group?.members.map((member) => member.error)).toEqual(["A"]);
    expect(group?.missing).toBe(7);
  });

  test("the line that failed is marked where it still reads the same", () => {
    const output = { mime: TRACEBACK, text, blob: new Uint8Array() };
    const failed = { ...cellFromView(blankCell("a", "x = 1\ny / 0", "cell")), outcome: "failed" as const, output };
    const [mark] = failuresOf(failed);
    expect(mark).toEqual({ line: 2, source: "y / 0" });
    expect(mark && lineOf(["x = 1", "y / 0"], mark)).toBe(2);
    expect(mark && lineOf(["x = 1", "", "y / 0"], mark)).toBe(3);
    expect(mark && lineOf(["x = 1", "y / 1"], mark)).toBeNull();
    expect(failuresOf({ ...failed, outcome: "succeeded" })).toEqual([]);
  });

  test("a line number of the file, not of the cell, finds its line by the text", () => {
    expect(lineOf(["x = 1", "y / 0"], { line: 57, source: "y / 0" })).toBe(2);
  });
});

test("cell ids are short, and no two are the same", () => {
  const ids = Array.from({ length: 1000 }, freshCellId);
  expect(new Set(ids).size).toBe(1000);
  expect(ids.every((id) => /^c[0-9a-f]{12}$/.test(id))).toBe(true);
});

describe("tests of a cell", () => {
  const output = (text: string, mime = TESTS) => ({ mime, text, blob: new Uint8Array() });

  test("are read with the traceback of what failed", () => {
    const failed = { name: "test_a", outcome: "failed", duration: 0.5, text: "", traceback: { error: "ValueError" } };
    const skipped = { name: "test_b", outcome: "skipped", duration: 0, text: "not now", traceback: null };

    const tests = testsOf(output(JSON.stringify({ tests: [skipped, failed] }))) ?? [];

    expect(tests.map((one) => [one.name, one.outcome, one.text])).toEqual([
      ["test_b", "skipped", "not now"],
      ["test_a", "failed", ""],
    ]);
    expect(tests[1]?.traceback?.error).toBe("ValueError");
    expect(counted(tests)).toBe("1 failed, 1 skipped");
  });

  test("what cannot be read is no report", () => {
    expect(testsOf(output("{"))).toBeNull();
    expect(testsOf(output("{}"))).toBeNull();
    expect(testsOf(output("{}", "text/plain"))).toBeNull();
  });
});
