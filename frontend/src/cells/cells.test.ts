/** Keys, states in words, and which part of a cell is shown. */
import { describe, expect, test } from "vitest";
import { headingOf, sectionsOf } from "../notebook/headings.ts";
import { blankCell, type CellState, cellFromView } from "../notebook/state.ts";
import type { KeyPress } from "../ui/keys.ts";
import { keyLabel, matches } from "../ui/keys.ts";
import { clipsFrom, htmlOf, textOf } from "./clips.ts";
import { lookOf, memoryOf, nameOf, phraseOf } from "./look.ts";
import { placementsOf, restepped } from "./order.ts";
import { totalWords } from "./runs.tsx";
import { rangeOf } from "./selection.ts";
import { viewOf } from "./view.ts";

function press(key: string, ...modifiers: ("ctrl" | "meta" | "shift" | "alt")[]): KeyPress {
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : /^[0-9]$/.test(key) ? `Digit${key}` : key;
  return {
    key,
    code,
    ctrlKey: modifiers.includes("ctrl"),
    metaKey: modifiers.includes("meta"),
    shiftKey: modifiers.includes("shift"),
    altKey: modifiers.includes("alt"),
  };
}

function cell(options: Partial<CellState> = {}): CellState {
  return {
    ...cellFromView(blankCell("a", "x = 1", "cell")),
    stale: false,
    edited: false,
    outcome: "succeeded",
    ...options,
  };
}

describe("keys", () => {
  test("Mod is Ctrl, and Cmd on Apple's machines", () => {
    expect(matches("Mod-Enter", press("Enter", "ctrl"), false)).toBe(true);
    expect(matches("Mod-Enter", press("Enter", "meta"), false)).toBe(false);
    expect(matches("Mod-Enter", press("Enter", "meta"), true)).toBe(true);
    expect(matches("Mod-Enter", press("Enter", "ctrl", "shift"), false)).toBe(false);
  });

  test("Shift does not hide a letter or a digit", () => {
    expect(matches("Mod-Shift-o", press("O", "ctrl", "shift"), false)).toBe(true);
    expect(matches("Mod-Shift-9", { ...press("9", "ctrl", "shift"), key: "(" }, false)).toBe(true);
    expect(matches("Mod-i", { ...press("i", "ctrl"), key: "ш" }, false)).toBe(true);
  });

  test("they are shown as people know them", () => {
    expect(keyLabel("Mod-Shift-o", false)).toBe("Ctrl+Shift+O");
    expect(keyLabel("Mod-Enter", true)).toBe("⌘↩");
  });
});

describe("what runs took", () => {
  test("memory is worth a word when it is much", () => {
    expect(memoryOf(cell({ memory: null }))).toBe("");
    expect(memoryOf(cell({ memory: 20 * 1024 ** 2 }))).toBe("");
    expect(memoryOf(cell({ memory: 300 * 1024 ** 2 }))).toBe("+300 MiB");
  });

  test("all runs are counted, and the last ones shown", () => {
    expect([totalWords(1, 1), totalWords(3, 3), totalWords(1412, 20)]).toEqual([
      "1 run",
      "3 runs",
      "1,412 runs, the last 20",
    ]);
  });
});

describe("the order of cells", () => {
  const order = [..."abcdef"];

  test("moved cells stand one below the other, and go back to where they were", () => {
    expect(placementsOf(order, ["d", "b"], "f")).toEqual({
      moves: [
        { cell: "b", after: "f" },
        { cell: "d", after: "b" },
      ],
      back: [
        { cell: "b", after: "a" },
        { cell: "d", after: "c" },
      ],
    });
    expect(placementsOf(order, ["b"], null)?.moves).toEqual([{ cell: "b", after: null }]);
  });

  test("cells that stand there already are not moved", () => {
    expect(placementsOf(order, ["b", "c"], "a")).toBeNull();
    expect(placementsOf(order, ["b", "c"], "c")).toBeNull();
    expect(placementsOf(order, ["a"], null)).toBeNull();
  });

  test("one step up or down leads past one neighbour of the whole selection", () => {
    expect(restepped(order, ["b", "d"], 1)).toBe("e");
    expect(restepped(order, ["b", "d"], -1)).toBeNull();
    expect(restepped(order, ["a"], -1)).toBeUndefined();
    expect(restepped(order, ["f"], 1)).toBeUndefined();
  });

  test("a range is the same from both ends", () => {
    expect(rangeOf(order, "b", "d")).toEqual(["b", "c", "d"]);
    expect(rangeOf(order, "d", "b")).toEqual(["b", "c", "d"]);
  });
});

describe("sections", () => {
  const levels: Record<string, number> = { a: 1, c: 2, e: 2, f: 1 };
  const sections = (...folded: string[]) =>
    Object.fromEntries(sectionsOf([..."abcdefg"], (id) => levels[id] ?? null, new Set(folded)));

  test("a heading folds what follows, up to the next of its level or a higher one", () => {
    expect(sections("a")).toEqual({ a: ["b", "c", "d", "e"] });
    expect(sections("c")).toEqual({ c: ["d"] });
    expect(sections("f")).toEqual({ f: ["g"] });
    expect(sections("b")).toEqual({});
    expect(sections("a", "c")).toEqual({ a: ["b", "c", "d", "e"] });
  });

  test("only cells of text that begin with a heading have one", () => {
    expect(headingOf('qr.md("# Title")')).toEqual({ level: 1, title: "Title" });
    expect(headingOf('qr.md(r"""\n## The *second* ##\ntext\n""")')).toEqual({ level: 2, title: "The second" });
    expect(headingOf("# Title")).toBeNull();
    expect(headingOf('qr.md("text\n# Title")')).toBeNull();
  });
});

describe("the clipboard", () => {
  const clip = { code: 'x = "<&>"', type: "cell", name: "load", hideCode: true, disabled: false } as const;

  test("cells travel as code for everybody, and whole for another notebook", () => {
    const clips = [clip, { ...clip, code: "y = 'é'", name: "_" }];
    expect(textOf(clips)).toBe("x = \"<&>\"\n\ny = 'é'");
    expect(clipsFrom(textOf(clips), `<meta charset="utf-8">${htmlOf(clips)}`)).toEqual(clips);
  });

  test("code from elsewhere is one cell", () => {
    expect(clipsFrom("a = 1\r\n\r\nb = 2\n", "<b>a = 1</b>").map((one) => one.code)).toEqual(["a = 1\n\nb = 2"]);
    expect(clipsFrom(" \n", "")).toEqual([]);
    expect(clipsFrom("[1, 2]", "").map((one) => one.code)).toEqual(["[1, 2]"]);
  });

  test("cells of a Jupyter notebook are cells", () => {
    const cells = [
      { cell_type: "code", source: ["a = 1\n", "b = 2"] },
      { cell_type: "markdown", source: "# Title" },
    ];
    const codes = ["a = 1\nb = 2", 'qr.md(r"""\n# Title\n""")'];
    expect(clipsFrom(JSON.stringify({ cells, nbformat: 4 }), "").map((one) => one.code)).toEqual(codes);
    expect(clipsFrom(JSON.stringify(cells), "").map((one) => one.code)).toEqual(codes);
    expect(clipsFrom(JSON.stringify(cells[0]), "").map((one) => one.code)).toEqual(codes.slice(0, 1));
  });

  test("what pretends to be ours is read with care", () => {
    const html = htmlOf([]).replace("[]", "[{&quot;code&quot;: &quot;x&quot;, &quot;name&quot;: &quot;a b&quot;}, 3]");
    expect(clipsFrom("", html)).toEqual([{ code: "x", type: "cell", name: "_", hideCode: false, disabled: false }]);
    expect(clipsFrom("t", '<p data-quire-cells="no json">').map((one) => one.code)).toEqual(["t"]);
  });
});

describe("how a cell looks", () => {
  test.each([
    [{ activity: "running", stale: true }, "running"],
    [{ activity: "queued", outcome: "failed" }, "queued"],
    [{ disabled: true, stale: true }, "disabled"],
    [{ outcome: "disabled", stale: true }, "disabled"],
    [{ outcome: "failed" }, "error"],
    [{ outcome: "failed", edited: true }, "stale"],
    [{ outcome: "crashed", stale: true }, "error"],
    [{ outcome: "crashed", stale: true, edited: true }, "stale"],
    [{ outcome: "blocked", edited: true }, "error"],
    [{ edited: true }, "stale"],
    [{ outcome: "cancelled" }, "stale"],
    [{ outcome: "interrupted" }, "stale"],
    [{ outcome: "never", code: "", edited: true }, "blank"],
    [{ outcome: "never", stale: true }, "stale"],
    [{}, "fresh"],
    [{ outcome: "stopped" }, "fresh"],
    [{ outcome: "waiting", stale: true }, "fresh"],
    [{ outcome: "waiting", stale: true, edited: true }, "stale"],
    [{ type: "stray", stale: true }, "blank"],
  ] as const)("%j is %s", (options, look) => {
    expect(lookOf(cell(options))).toBe(look);
  });

  test("its state is a phrase", () => {
    expect(phraseOf(cell({ edited: true }))).toBe("edited");
    expect(phraseOf(cell({ stale: true }))).toBe("stale");
    expect(phraseOf(cell({ outcome: "never", stale: true }))).toBe("not run");
    expect(phraseOf(cell({ outcome: "failed" }))).toBe("failed");
    expect(phraseOf(cell({ outcome: "crashed", stale: true }))).toBe("ended the kernel");
    expect(phraseOf(cell({ outcome: "blocked" }))).toBe("cannot run");
    expect(phraseOf(cell())).toBe("");
  });

  test("a screen reader hears number, name and state", () => {
    expect(nameOf(cell({ name: "load", stale: true }), 2)).toBe("cell 3, load, stale");
    expect(nameOf(cell({ name: "_" }), 0)).toBe("cell 1");
    expect(nameOf(cell({ type: "setup" }), 0)).toBe("setup cell");
  });
});

describe("what is shown of the code", () => {
  const output = { mime: "text/html", text: "<p>", blob: new Uint8Array() };
  const prose = cell({ code: 'qr.md("a")', output });

  test("prose that ran shows its text only, until it is edited", () => {
    expect(viewOf(prose, prose.code, false)).toBe("rendered");
    expect(viewOf(prose, prose.code, true)).toBe("code");
    expect(viewOf(prose, 'qr.md("ab")', false)).toBe("code");
    expect(viewOf({ ...prose, edited: true }, prose.code, false)).toBe("code");
    expect(viewOf({ ...prose, outcome: "failed" }, prose.code, false)).toBe("code");
    expect(viewOf({ ...prose, output: null }, prose.code, false)).toBe("code");
  });

  test("hidden code is hidden until it is opened", () => {
    expect(viewOf(cell({ hideCode: true }), "x = 1", false)).toBe("hidden");
    expect(viewOf(cell({ hideCode: true }), "x = 1", true)).toBe("code");
    expect(viewOf(cell({ hideCode: true, output }), "x = 1", false)).toBe("rendered");
  });
});
