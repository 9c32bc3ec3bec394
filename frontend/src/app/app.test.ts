import { describe, expect, test } from "vitest";
import { comparedLines } from "../features/conflict/compare.ts";
import { decodeNotices, encodeCommands } from "../protocol/codec.ts";
import { retryDelay } from "../protocol/connection.ts";
import { duration, elapsed } from "../ui/clock.ts";
import { pageOf, servedNotices, socketAddress } from "./page.ts";
import { connectionWords, kernelWords, problemWords, saveWords, warningWords } from "./words.ts";

const blankPreferences = {
  theme: "system",
  width: "compact",
  codeSize: 13.5,
  keymap: "default",
  onCellChange: "autorun",
  formatOnSave: false,
  overrides: {},
  complaints: [],
  origins: {},
  file: "",
};

describe("the page", () => {
  test("what the server wrote is read, and what it left out is empty", () => {
    expect(pageOf('{"socket": "/b/socket", "base": "/b", "title": "T", "page": "p", "home": true}', "n")).toEqual({
      socket: "/b/socket",
      base: "/b",
      title: "T",
      home: true,
      page: "p",
      preferences: blankPreferences,
      nonce: "n",
    });
    expect(pageOf("{}", "")).toEqual({
      socket: "",
      base: "",
      title: "",
      home: false,
      page: "",
      preferences: blankPreferences,
      nonce: "",
    });
  });

  test("preferences are read with care", () => {
    const block = {
      theme: "dark",
      width: "wide",
      codeSize: 15,
      keymap: "vim",
      overrides: { a: "F5", b: 3 },
      complaints: ["no", 1],
      origins: { "display.theme": "user" },
      settingsFile: "/home/me/quire.toml",
    };
    expect(pageOf(JSON.stringify(block), "").preferences).toEqual({
      ...blankPreferences,
      theme: "dark",
      codeSize: 15,
      keymap: "vim",
      overrides: { a: "F5" },
      complaints: ["no"],
      origins: { "display.theme": "user" },
      file: "/home/me/quire.toml",
    });
  });

  test("the notebook that was served is what the socket would have told", () => {
    const cell = { id: "a", output: { mime: "image/png", text: "", blob: "AQID" } };
    const [notice] = servedNotices(
      JSON.stringify([{ kind: "notebookOpened", cells: [cell, { id: "b", output: null }] }]),
    );
    expect(notice).toMatchObject({ cells: [{ output: { blob: new Uint8Array([1, 2, 3]) } }, { output: null }] });
    expect(() => servedNotices("{}")).toThrow(TypeError);
  });

  test("the socket is on the page's host, encrypted when the page is", () => {
    expect(socketAddress("/s", { protocol: "http:", host: "localhost:1" })).toBe("ws://localhost:1/s");
    expect(socketAddress("/s", { protocol: "https:", host: "h" })).toBe("wss://h/s");
  });
});

describe("the connection", () => {
  test("waits longer each time, up to five seconds", () => {
    expect([0, 1, 2, 3, 4, 5, 9].map(retryDelay)).toEqual([200, 400, 800, 1600, 3200, 5000, 5000]);
  });

  test("a frame that is no list of messages is refused", () => {
    const frame = (value: Uint8Array<ArrayBuffer>): ArrayBuffer => value.slice().buffer;
    expect(decodeNotices(frame(encodeCommands([{ kind: "save" }])))).toEqual([{ kind: "save" }]);
    expect(() => decodeNotices(new Uint8Array([0x91, 0x01]).buffer)).toThrow(TypeError);
    expect(() => decodeNotices(new Uint8Array([0x01]).buffer)).toThrow(TypeError);
    expect(() => decodeNotices(new Uint8Array([0xc1]).buffer)).toThrow();
  });

  test("options left out stay out of the frame", () => {
    const frame = encodeCommands([{ kind: "restartKernel" }]);
    expect(decodeNotices(frame.slice().buffer)).toEqual([{ kind: "restartKernel" }]);
  });
});

describe("words", () => {
  test("the state of saving is said plainly, and a reason instead when there is one", () => {
    expect(saveWords("saved", "", "open")).toBe("saved");
    expect(saveWords("saved", "loaded again", "open")).toBe("loaded again");
    expect(saveWords("failed", "cannot save: disk full", "open")).toBe("cannot save");
    expect(saveWords("saved", "", "lost")).toBe("kept in this page until the server is back");
  });

  test("the kernel says which cell of how many", () => {
    expect(kernelWords("busy", 3, 12)).toBe("running cell 3 of 12");
    expect(kernelWords("busy", 1, 0)).toBe("busy");
    expect(kernelWords("idle", 1, 0)).toBe("idle");
    expect(connectionWords("lost")).toBe("connection lost, trying again");
    expect(connectionWords("ended")).toBe("stopped");
    expect(problemWords(1)).toBe("1 problem");
    expect([1, 2].map(warningWords)).toEqual(["1 warning", "2 warnings"]);
  });

  test.each([
    [0.00002, "0.1 ms"],
    [0.0004, "0.4 ms"],
    [0.012, "12 ms"],
    [3.21, "3.2 s"],
    [125, "2 min 5 s"],
    [3780, "1 h 3 min"],
  ])("%d seconds read %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  test("a run that goes on counts tenths of seconds", () => {
    expect(elapsed(0)).toBe("0.0 s");
    expect(elapsed(61)).toBe("1 min 1 s");
  });
});

describe("two texts of one file", () => {
  const marks = (page: string, disk: string) => {
    const sides = comparedLines(page, disk);
    const marked = (side: typeof sides.page) => side.flatMap((line, index) => (line.differs ? [index] : []));
    return [marked(sides.page), marked(sides.disk)];
  };

  test("a changed line is marked on both sides", () => {
    expect(marks("a\nb = 20\nc\n", "a\nb = 2\nc\n")).toEqual([[1], [1]]);
  });

  test("a line that one side has alone is marked there only", () => {
    expect(marks("a\nb\nc\n", "a\nc\n")).toEqual([[1], []]);
    expect(marks("a\n", "a\nb\n")).toEqual([[], [1]]);
  });
});
