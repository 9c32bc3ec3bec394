/** What each renderer takes and what it refuses, as far as it can be told without a page. */
import { describe, expect, test } from "vitest";
import { emptyConsole, printed } from "../notebook/console.ts";
import { isExternal, isForbiddenAttribute, isForbiddenElement } from "../ui/markup.ts";
import { hasAnsi, stretchesOf } from "./ansi.ts";
import { blocksOf } from "./console.tsx";
import { imageParts, imageSize, isImage } from "./image.tsx";
import { parseMessage } from "./message.tsx";
import { grouped, librariesOf } from "./traceback.tsx";

describe("terminal colours", () => {
  const looks = (text: string) => stretchesOf(text).map(({ text: shown, look }) => [shown, look]);

  test("colours and weights become classes", () => {
    expect(looks("\x1b[31mred\x1b[0m plain")).toEqual([
      ["red", "ansi-red"],
      [" plain", ""],
    ]);
    expect(looks("\x1b[1;4;92;41mx")).toEqual([["x", "ansi-green ansi-on-red ansi-bold ansi-underline"]]);
    expect(looks("\x1b[3;1mx\x1b[22my\x1b[23mz")).toEqual([
      ["x", "ansi-bold ansi-italic"],
      ["y", "ansi-italic"],
      ["z", ""],
    ]);
  });

  test("colours beyond the sixteen keep the colour of the text, and what follows is not lost", () => {
    expect(looks("\x1b[38;5;208mx")).toEqual([["x", ""]]);
    expect(looks("\x1b[38;2;1;2;3;1mx")).toEqual([["x", "ansi-bold"]]);
    expect(looks("\x1b[38;5;9mx")).toEqual([["x", "ansi-red"]]);
  });

  test("other escape sequences and control characters are not shown", () => {
    expect(looks("a\x1b[2Kb\x1b]8;;http://x\x07c\x1b[?25ld\x1b(Be\x07")).toEqual([
      ["a", ""],
      ["b", ""],
      ["c", ""],
      ["d", ""],
      ["(Be", ""],
    ]);
  });

  test("plain text is known as such", () => {
    expect(hasAnsi("plain")).toBe(false);
    expect(hasAnsi("\x1b[1mx")).toBe(true);
  });
});

describe("markup", () => {
  test.each(["script", "SCRIPT", "iframe", "object", "embed", "base", "meta", "link", "form"])(
    "%s is refused",
    (name) => {
      expect(isForbiddenElement(name)).toBe(true);
    },
  );

  test.each(["p", "table", "a", "img", "quire-element", "details"])("%s is let in", (name) => {
    expect(isForbiddenElement(name)).toBe(false);
  });

  test.each([
    ["onclick", "x"],
    ["OnError", "x"],
    ["srcdoc", "<p>"],
    ["href", "javascript:alert(1)"],
    ["href", " java\nscript:alert(1)"],
    ["href", "\u0001javascript:x"],
    ["xlink:href", "vbscript:x"],
    ["href", "data:text/html,<script>"],
    ["formaction", "javascript:x"],
    ["src", "file:///etc/passwd"],
  ])("%s=%j is refused", (name, value) => {
    expect(isForbiddenAttribute(name, value)).toBe(true);
  });

  test.each([
    ["href", "https://example.com/javascript:"],
    ["href", "#part"],
    ["href", "mailto:a@b.c"],
    ["src", "data:image/png;base64,AA"],
    ["title", "javascript:"],
    ["class", "on"],
    ["spec", '{"type":"slider"}'],
  ])("%s=%j is let in", (name, value) => {
    expect(isForbiddenAttribute(name, value)).toBe(false);
  });

  test("links out are told from links within", () => {
    expect(isExternal("https://example.com")).toBe(true);
    expect(isExternal("//example.com")).toBe(true);
    expect(isExternal("#part")).toBe(false);
    expect(isExternal("file.csv")).toBe(false);
  });
});

describe("images", () => {
  const output = (mime: string, text: string, blob = new Uint8Array()) => ({ mime, text, blob });

  test("raster types carry bytes, vector graphics stay an image of their own", () => {
    expect(imageParts(output("image/png", "", new Uint8Array([1])))?.type).toBe("image/png");
    expect(imageParts(output("image/svg+xml", "<svg><script/></svg>"))?.type).toBe("image/svg+xml");
  });

  test("a size is taken when it is one", () => {
    const size = (text: string) => imageSize(output("image/png", text, new Uint8Array([1])));
    expect(size('{"width": 640, "height": 480}')).toEqual({ width: 640, height: 480 });
    for (const text of ["", "figure", "[]", '{"width": -1, "height": 2}', '{"width": "1", "height": 2}']) {
      expect(size(text)).toEqual({});
    }
  });

  test("an image without bytes, and a type that is none, are refused", () => {
    expect(imageParts(output("image/png", "text"))).toBeNull();
    expect(imageParts(output("text/html", "<p>", new Uint8Array([1])))).toBeNull();
    expect(imageParts(output("image/x-icon", "", new Uint8Array([1])))).toBeNull();
    expect(isImage("text/html")).toBe(false);
  });
});

describe("messages", () => {
  test("title and body are read; what is neither is shown as it is", () => {
    expect(parseMessage('{"title": "t", "body": "b"}')).toEqual({ title: "t", body: "b" });
    expect(parseMessage("[broken")).toEqual({ title: "", body: "[broken" });
  });
});

describe("tracebacks", () => {
  const frame = (own: boolean, file = "") => ({ cell: null, name: "", file, line: 1, source: "", own });

  test("calls inside libraries are folded together, in the order of the calls", () => {
    const groups = grouped([frame(true), frame(false), frame(false), frame(true)]);
    expect(groups.map((group) => [group.own, group.frames.length])).toEqual([
      [true, 1],
      [false, 2],
      [true, 1],
    ]);
  });

  test("libraries are named by their package", () => {
    const frames = [
      frame(false, "/x/lib/python3.11/site-packages/polars/series.py"),
      frame(false, "C:\\x\\site-packages\\numpy\\core\\a.py"),
      frame(false, "/usr/lib/python3.11/json/decoder.py"),
      frame(false, "/usr/lib/python3.11/random.py"),
    ];
    expect(librariesOf(frames)).toBe("polars, numpy, json, random");
    expect(librariesOf([frame(false)])).toBe("libraries");
  });
});

describe("console", () => {
  test("blocks keep their place while earlier lines go", () => {
    const book = printed(emptyConsole, { stream: "stdout", text: "x\n".repeat(450), late: false });
    expect(blocksOf(book).map((block) => [block.number, block.lines.length])).toEqual([
      [0, 200],
      [1, 200],
      [2, 50],
    ]);
    const later = { lines: book.lines.slice(250), dropped: 250 };
    expect(blocksOf(later).map((block) => [block.number, block.lines.length])).toEqual([
      [1, 150],
      [2, 50],
    ]);
  });
});
