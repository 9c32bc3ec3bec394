import { expect, test } from "vitest";
import { type Preferences, Settings } from "./settings.ts";

const PREFERENCES: Preferences = {
  theme: "system",
  width: "compact",
  codeSize: 13.5,
  keymap: "default",
  onCellChange: "autorun",
  formatOnSave: false,
  overrides: {},
  complaints: [],
  origins: {},
  file: "quire.toml",
};

function written(preferences: Partial<Preferences> = {}) {
  const calls: [string, unknown][] = [];
  const settings = new Settings({ ...PREFERENCES, ...preferences }, "dark", async (name, value) => {
    calls.push([name, value]);
  });
  return { calls, settings };
}

test("a change holds at once and is written under its name in the file", async () => {
  const { calls, settings } = written();
  const done = settings.change("width", "full");
  expect(settings.values.value.width).toBe("full");
  await done;
  expect(calls).toEqual([["display.default_width", "full"]]);
});

test("what changes nothing, and what something stronger sets, is not written", async () => {
  const origins = { "keymap.preset": "project", "display.theme": "notebook", "display.default_width": "user" };
  const { calls, settings } = written({ origins });
  await settings.change("width", "compact");
  await settings.change("keymap", "vim");
  await settings.change("theme", "light");
  expect((["theme", "width", "codeSize", "keymap"] as const).map((what) => settings.setBy(what))).toEqual([
    "the notebook",
    "",
    "",
    "the project",
  ]);
  expect(settings.values.value.keymap).toBe("default");
  expect(calls).toEqual([]);
});

test("what this browser remembers holds where the configuration says nothing", () => {
  expect(written().settings.values.value.theme).toBe("dark");
  const given = written({ theme: "light", origins: { "display.theme": "user" } });
  expect(given.settings.values.value.theme).toBe("light");
});

test("changes are written in their order, and one that fails says why until the next one", async () => {
  const calls: unknown[] = [];
  const settings = new Settings(PREFERENCES, "system", async (_name, value) => {
    if (value === 20) throw new Error("no room");
    calls.push(value);
  });
  await settings.change("codeSize", 20);
  expect(settings.trouble.value).toBe("no room");
  expect(settings.values.value.codeSize).toBe(20);
  await Promise.all([settings.change("codeSize", 15), settings.change("codeSize", 16)]);
  expect(calls).toEqual([15, 16]);
  expect(settings.trouble.value).toBe("");
});
