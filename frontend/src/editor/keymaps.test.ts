import { EditorState } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { expect, test } from "vitest";
import { Keymaps } from "./keymaps.ts";

const plugins = (state: EditorState): number => state.facet(keymap).length;

test("a state that was put away gets the keys that are chosen now", async () => {
  const keymaps = new Keymaps(() => undefined);
  const before = EditorState.create({ extensions: keymaps.extension() });
  expect(keymaps.current(before)).toBe(before);
  await keymaps.choose("vim");
  const vim = keymaps.current(before);
  expect(vim).not.toBe(before);
  expect(keymaps.current(vim)).toBe(vim);
  await keymaps.choose("default");
  expect(plugins(keymaps.current(vim))).toBe(plugins(before));
});

test("the last choice counts, however long the first one takes", async () => {
  const keymaps = new Keymaps(() => undefined);
  const state = EditorState.create({ extensions: keymaps.extension() });
  await Promise.all([keymaps.choose("vim"), keymaps.choose("default")]);
  const chosen = keymaps.current(state);
  expect(keymaps.current(chosen)).toBe(chosen);
  expect(plugins(chosen)).toBe(plugins(state));
});
