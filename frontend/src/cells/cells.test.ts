/** Keys, states in words, and which part of a cell is shown. */
import { describe, expect, test } from "vitest";
import { blankCell, type CellState, cellFromView } from "../notebook/state.ts";
import type { KeyPress } from "../ui/keys.ts";
import { keyLabel, matches } from "../ui/keys.ts";
import { viewOf } from "./actions.ts";
import { lookOf, nameOf, phraseOf } from "./look.ts";
import { SHORTCUTS, shortcutOf } from "./shortcuts.ts";

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

  test("no two actions have one key", () => {
    expect(new Set(Object.values(SHORTCUTS)).size).toBe(Object.keys(SHORTCUTS).length);
  });

  test("an editor keeps the keys that it has itself", () => {
    expect(shortcutOf(press("Enter", "ctrl"), "editor", false)).toBe("run");
    expect(shortcutOf(press("Enter"), "editor", false)).toBeNull();
    expect(shortcutOf(press("z", "ctrl"), "editor", false)).toBeNull();
    expect(shortcutOf(press("ArrowDown"), "editor", false)).toBeNull();
    expect(shortcutOf(press("Backspace", "shift"), "editor", false)).toBeNull();
  });

  test("a field in an output keeps everything without Mod", () => {
    expect(shortcutOf(press("Enter", "shift"), "field", false)).toBeNull();
    expect(shortcutOf(press("Enter"), "field", false)).toBeNull();
    expect(shortcutOf(press("z", "ctrl"), "field", false)).toBeNull();
    expect(shortcutOf(press("s", "ctrl"), "field", false)).toBe("save");
  });

  test("outside of cells, only what is about the notebook", () => {
    expect(shortcutOf(press("Enter", "ctrl"), "elsewhere", false)).toBeNull();
    expect(shortcutOf(press("i", "ctrl"), "elsewhere", false)).toBe("interrupt");
    expect(shortcutOf(press("z", "ctrl"), "elsewhere", false)).toBe("restore");
  });

  test("a cell takes Enter, the arrows and the key that deletes", () => {
    expect(shortcutOf(press("Enter"), "cell", false)).toBe("edit");
    expect(shortcutOf(press("ArrowUp"), "cell", false)).toBe("previous");
    expect(shortcutOf(press("Backspace", "shift"), "cell", false)).toBe("remove");
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
    [{ outcome: "blocked", edited: true }, "error"],
    [{ edited: true }, "stale"],
    [{ outcome: "cancelled" }, "stale"],
    [{ outcome: "interrupted" }, "stale"],
    [{ outcome: "never", code: "", edited: true }, "blank"],
    [{ outcome: "never", stale: true }, "stale"],
    [{}, "fresh"],
    [{ outcome: "stopped" }, "fresh"],
    [{ type: "stray", stale: true }, "blank"],
  ] as const)("%j is %s", (options, look) => {
    expect(lookOf(cell(options))).toBe(look);
  });

  test("its state is a phrase", () => {
    expect(phraseOf(cell({ edited: true }))).toBe("edited");
    expect(phraseOf(cell({ stale: true }))).toBe("stale");
    expect(phraseOf(cell({ outcome: "never", stale: true }))).toBe("not run");
    expect(phraseOf(cell({ outcome: "failed" }))).toBe("failed");
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
