import { describe, expect, test } from "vitest";
import { encoded } from "../../protocol/files.ts";
import { ago, chosen, folderOf, freeName, lasting } from "./words.ts";

const entry = (path: string, modified = 0) => ({ path, name: path, kind: "notebook" as const, size: 1, modified });

describe("home", () => {
  test.each([
    [5, "just now"],
    [60, "1 minute ago"],
    [7300, "2 hours ago"],
    [90_000, "1 day ago"],
  ])("%d seconds are %s", (seconds, words) => {
    expect(ago(seconds)).toBe(words);
  });

  test("times read like words", () => {
    expect(lasting(3)).toBe("less than a minute");
    expect(lasting(3700)).toBe("1 hour");
  });

  test("the newest comes first, and with a query the best match", () => {
    const entries = [entry("old.py", 1), entry("sub/weather.py", 2), entry("new.py", 3)];
    expect(chosen(entries, "").map((found) => found.path)).toEqual(["new.py", "sub/weather.py", "old.py"]);
    expect(chosen(entries, "wthr").map((found) => found.path)).toEqual(["sub/weather.py"]);
    expect(chosen(entries, "zzz")).toEqual([]);
  });

  test("a new notebook takes a name that is free", () => {
    expect(freeName([])).toBe("untitled.py");
    expect(freeName([entry("untitled.py"), entry("untitled_2.py")])).toBe("untitled_3.py");
  });

  test("paths stay paths in addresses", () => {
    expect(encoded("a b/c#?.py")).toBe("a%20b/c%23%3F.py");
    expect(folderOf("a/b/c.py")).toBe("a/b/");
    expect(folderOf("c.py")).toBe("");
  });
});
