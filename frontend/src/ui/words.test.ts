/** Times and sizes in words. */
import { expect, test } from "vitest";
import { clockTime } from "./clock.ts";
import { size } from "./size.ts";

test("sizes have two digits or more", () => {
  expect([0, 12, 2048, 52_000_000, 3.2 * 1024 ** 3].map(size)).toEqual(["0 B", "12 B", "2.0 KiB", "50 MiB", "3.2 GiB"]);
});

test("a time of another day comes with its day", () => {
  const then = new Date(2026, 10, 23, 14, 3, 27).getTime();
  expect(clockTime(then / 1000, then + 5000)).toBe("14:03:27");
  expect(clockTime(then / 1000, then + 86_400_000)).toBe("23 Nov, 14:03");
});
