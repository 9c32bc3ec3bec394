/** All actions in one table: which key means what where, and what is said about keys that cannot work. */
import { describe, expect, test } from "vitest";
import { type Place, Registry } from "../cells/registry.ts";
import { cellActions } from "../cells/table.ts";
import type { KeyPress } from "../ui/keys.ts";
import { notebookActions } from "./table.ts";

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

describe("actions", () => {
  const registry = new Registry([...cellActions, ...notebookActions]);
  const named = (key: KeyPress, place: Place): readonly string[] =>
    registry.find(key, place, false).map((action) => action.name);

  test("no two have one key, and each has a name of its own", () => {
    expect(registry.complaints).toEqual([]);
    expect(new Set(registry.actions.map((action) => action.name)).size).toBe(registry.actions.length);
  });

  test("an editor keeps the keys that it has itself", () => {
    expect(named(press("Enter", "ctrl"), "editor")).toEqual(["cell.run"]);
    expect(named(press("Enter"), "editor")).toEqual([]);
    expect(named(press("z", "ctrl"), "editor")).toEqual([]);
    expect(named(press("ArrowDown"), "editor")).toEqual([]);
    expect(named(press("Backspace", "shift"), "editor")).toEqual([]);
    expect(named(press("a"), "editor")).toEqual([]);
  });

  test("a field in an output keeps everything without Mod", () => {
    expect(named(press("Enter", "shift"), "field")).toEqual([]);
    expect(named(press("Enter"), "field")).toEqual([]);
    expect(named(press("z", "ctrl"), "field")).toEqual([]);
    expect(named(press("s", "ctrl"), "field")).toEqual(["global.save"]);
  });

  test("outside of cells, only what is about the notebook", () => {
    expect(named(press("Enter", "ctrl"), "elsewhere")).toEqual([]);
    expect(named(press("i", "ctrl"), "elsewhere")).toEqual(["global.interrupt"]);
    expect(named(press("z", "ctrl"), "elsewhere")).toEqual(["notebook.undo"]);
  });

  test("a cell takes Enter, the arrows, letters and the key that deletes", () => {
    expect(named(press("Enter"), "cell")).toEqual(["command.edit"]);
    expect(named(press("ArrowUp"), "cell")).toEqual(["command.previous"]);
    expect(named(press("ArrowUp", "shift"), "cell")).toEqual(["command.extendUp"]);
    expect(named(press("Backspace", "shift"), "cell")).toEqual(["cell.delete"]);
    expect(named(press("b"), "cell")).toEqual(["cell.createBelow"]);
  });

  test("what adds below has a key that no browser keeps for itself", () => {
    expect(named(press("Enter", "alt"), "editor")).toEqual(["cell.createBelow"]);
  });

  test("a key can be another one, several, or none", () => {
    const own = new Registry([...cellActions, ...notebookActions], {
      "cell.run": "ctrl-e F5",
      "cell.delete": "d",
      "global.save": "",
    });
    const found = (key: KeyPress, place: Place) => own.find(key, place, false).map((action) => action.name);
    expect(found(press("e", "ctrl"), "editor")).toEqual([]);
    expect(found({ ...press("F5"), code: "F5" }, "editor")).toEqual(["cell.run"]);
    expect(found(press("d"), "cell")).toEqual(["cell.delete"]);
    expect(found(press("d"), "editor")).toEqual([]);
    expect(found(press("s", "ctrl"), "editor")).toEqual([]);
    expect(own.complaints).toEqual([]);
  });

  test("keys that clash, no keys at all and unknown actions are complained about", () => {
    const own = new Registry([...cellActions, ...notebookActions], {
      "cell.run": "Mod-i",
      "cell.nothing": "Mod-e",
      "cell.delete": "Hyper-banana",
    });
    expect(own.complaints.map((complaint) => complaint.message)).toEqual([
      "there is no action `cell.nothing`",
      "`Hyper-banana` is not a key, for `cell.delete`",
      "`Mod-i` is the key of several actions: Run, Interrupt",
    ]);
    expect(own.keysOf("cell.delete")).not.toBe("");
  });
});
