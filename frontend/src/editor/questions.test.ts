import { python } from "@codemirror/lang-python";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { resultOf } from "./completion.ts";
import { nameAt } from "./hover.ts";
import { invitesCompletion, isInKey, questionAt, startOfLast, withWritten } from "./questions.ts";
import { argumentsAt } from "./signature.ts";

function state(text: string): EditorState {
  return EditorState.create({ doc: text, extensions: python() });
}

test("places are counted in code points, as the session does", () => {
  expect(questionAt(state("a = 1\nb = '😀'.x"), 14, "c", "completions")).toMatchObject({ line: 2, column: 7 });
  expect(startOfLast("'😀'.ab", 2)).toBe(5);
  expect(startOfLast("ab", 5)).toBe(0);
});

test("a list is wanted after names, dots, keys and in import lines", () => {
  for (const text of [
    "a",
    "x = sel",
    "frame.",
    "f().",
    "x[0].",
    "'t'.",
    "d['",
    'd["al',
    "from ",
    "import ",
    "from os import ",
    "größe",
    "x1.",
  ])
    expect(invitesCompletion(text), text).toBe(true);
  for (const text of ["", "1", "12.", "3.5", "x = ", "f(", "a ", "0x1f"])
    expect(invitesCompletion(text), text).toBe(false);
});

test("a key is what stands in brackets and quotes", () => {
  expect(isInKey("settings['col")).toBe(true);
  expect(isInKey("f(x)[0]['")).toBe(true);
  expect(isInKey("['a")).toBe(false);
  expect(isInKey("d['a']")).toBe(false);
});

test("an entry is described as if it stood in the code", () => {
  const question = questionAt(state("x = '😀'.up()\ny"), 11, "c", "completions");
  const written = withWritten(question, 2, "upper");
  expect(written.code).toBe("x = '😀'.upper()\ny");
  expect(written.column).toBe(13);
});

test("entries replace what was typed of them, private ones come last", () => {
  const completions = [
    { label: "alpha", type: "function", detail: "" },
    { label: "_alpha", type: "variable", detail: "of a cell" },
  ] as const;
  const answer = { completions, typed: 2, signature: null, documentation: null };
  const result = resultOf(answer, "x.al", 10, () => Promise.resolve(null));
  expect(result?.from).toBe(12);
  expect(result?.options.map(({ label, boost, detail }) => [label, boost, detail])).toEqual([
    ["alpha", 0, undefined],
    ["_alpha", -1, "of a cell"],
  ]);
  expect(resultOf({ ...answer, completions: [] }, "x.al", 10, () => Promise.resolve(null))).toBeNull();
});

test("the innermost call counts, also while it is not closed", () => {
  expect(argumentsAt(state("f(a, g(b))"), 7)).toBe(6);
  expect(argumentsAt(state("f(a, g(b), c)"), 11)).toBe(1);
  expect(argumentsAt(state("f(a, "), 5)).toBe(1);
  expect(argumentsAt(state("f([1, 2"), 5)).toBe(1);
  expect(argumentsAt(state("f(a)"), 4)).toBeNull();
  expect(argumentsAt(state("f(a)"), 1)).toBeNull();
  expect(argumentsAt(state("x = (1, 2)"), 6)).toBeNull();
});

test("names can be asked about, text and numbers cannot", () => {
  const code = state("word.upper() + 'text' + 12");
  expect(nameAt(code, 2, 1)).toEqual({ from: 0, to: 4 });
  expect(nameAt(code, 7, 1)).toEqual({ from: 5, to: 10 });
  expect(nameAt(code, 17, 1)).toBeNull();
  expect(nameAt(code, 25, 1)).toBeNull();
});
