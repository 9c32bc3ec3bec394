import type { EditorState, TransactionSpec } from "@codemirror/state";
import { describe, expect, test } from "vitest";
import { proseView, showCall, shownProse } from "./prose.ts";
import { accepted, createState } from "./sync.ts";

const TEXT = 'qr.md(r"""\n# Title\n\ntext\n""")';

function state(text = TEXT): EditorState {
  return createState(text, proseView(text, []));
}

function prose(current: EditorState): string | null {
  const range = shownProse(current);
  return range === null ? null : current.sliceDoc(range.from, range.to);
}

function changed(current: EditorState, ...specs: TransactionSpec[]): EditorState {
  return specs.reduce((before, spec) => before.update(spec).state, current);
}

describe("prose", () => {
  test.each([
    [TEXT, "# Title\n\ntext"],
    ['qr.md(r"""\n\n""")', ""],
    ['qr.md("""one line""")', "one line"],
    ["qr.md(f'''\n{x}\n''')", "{x}"],
    ['qr.md("one line")', null],
    ['qr.md("""a""", 1)', null],
    ["x = 1", null],
  ])("%j shows %j", (text, shown) => {
    expect(prose(state(text))).toBe(shown);
  });

  test("typing changes what is inside", () => {
    const current = state();
    const end = shownProse(current)?.to ?? 0;
    const next = changed(current, { changes: { from: end, insert: " more" } });
    expect(prose(next)).toBe("# Title\n\ntext more");
    expect(next.doc.toString()).toBe('qr.md(r"""\n# Title\n\ntext more\n""")');
  });

  test("an empty one can be written into", () => {
    const current = state('qr.md(r"""\n\n""")');
    const next = changed(current, { changes: { from: shownProse(current)?.from ?? 0, insert: "x" } });
    expect(next.doc.toString()).toBe('qr.md(r"""\nx\n""")');
  });

  test("deleting everything leaves the call", () => {
    const next = changed(state(), { changes: { from: 0, to: TEXT.length } });
    expect(next.doc.toString()).toBe('qr.md(r"""\n\n""")');
    expect(prose(next)).toBe("");
  });

  test("the quotes that would end it cannot be typed", () => {
    const current = state();
    const next = changed(current, { changes: { from: 15, insert: '"""' } });
    expect(next.doc.toString()).toBe(TEXT);
  });

  test("the caret stays inside", () => {
    const current = changed(state(), { selection: { anchor: 0, head: TEXT.length } });
    const range = shownProse(current);
    expect([current.selection.main.from, current.selection.main.to]).toEqual([range?.from, range?.to]);
  });

  test("the caret of a cell that becomes prose goes inside", () => {
    const next = changed(state(""), { changes: { from: 0, insert: 'qr.md(r"""\n\n""")' }, selection: { anchor: 0 } });
    const { from } = shownProse(next) ?? { from: -1 };
    expect(next.selection.main.head).toBe(from);
    expect(prose(changed(next, next.replaceSelection("x")))).toBe("x");
  });

  test("what others do is taken as it is, and may end the prose", () => {
    const next = accepted(state(), [{ clientId: "other", changes: [[TEXT.length, "x = 1"]] }], "me").state;
    expect(next.doc.toString()).toBe("x = 1");
    expect(prose(next)).toBeNull();
  });

  test("the call can be shown, and changed then", () => {
    const shown = changed(state(), { effects: showCall.of(true) });
    expect(prose(shown)).toBeNull();
    const next = changed(shown, { changes: { from: 6, to: 7 } }, { effects: showCall.of(false) });
    expect(next.doc.toString()).toBe('qr.md("""\n# Title\n\ntext\n""")');
    expect(prose(next)).toBe("# Title\n\ntext");
  });

  describe("that is indented in its call", () => {
    const code = 'qr.md(r"""\n    # Title\n\n    text\n    """)';
    const at = (words: string): number => code.indexOf(words);

    test("shows no indentation", () => {
      expect(shownProse(state(code))).toMatchObject({ indent: 4 });
      expect(prose(state(code))).toBe("    # Title\n\n    text");
    });

    test("gives it to new lines", () => {
      const next = changed(state(code), { changes: { from: at("text") + 4, insert: "\nmore\n" } });
      expect(next.doc.toString()).toBe('qr.md(r"""\n    # Title\n\n    text\n    more\n    \n    """)');
      expect(next.selection.main.head).toBe(next.doc.toString().indexOf('\n    """)'));
    });

    test("gives it to what is written on an empty line", () => {
      const next = changed(state(code), { changes: { from: at("\n    text"), insert: "x" } });
      expect(next.doc.toString()).toBe('qr.md(r"""\n    # Title\n    x\n    text\n    """)');
    });

    test("takes it away with the line break, from either side", () => {
      const joined = 'qr.md(r"""\n    # Title\ntext\n    """)'.replace("\ntext", "text");
      const blank = changed(state(code), { changes: { from: at("\n\n"), to: at("\n\n") + 1 } });
      expect(blank.doc.toString()).toBe('qr.md(r"""\n    # Title\n    text\n    """)');
      const place = blank.doc.toString().indexOf("    text");
      const backspace = changed(blank, { changes: { from: place, to: place + 4 } });
      expect(backspace.doc.toString()).toBe(joined);
      const remove = changed(blank, { changes: { from: place - 1, to: place } });
      expect(remove.doc.toString()).toBe(joined);
    });
  });
});
