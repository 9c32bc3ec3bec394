import { expect, test } from "vitest";
import { frameAddress, heightOf, lengthOf } from "./frame.ts";

test("a frame tells its height as a number within bounds, and nothing else", () => {
  expect(heightOf(120.2)).toBe(121);
  expect(heightOf(0)).toBe(0);
  expect(heightOf(1e9)).toBe(10_000);
  for (const message of [-1, Number.NaN, Number.POSITIVE_INFINITY, "120", null, { height: 5 }, [5]])
    expect(heightOf(message)).toBeNull();
});

test("a name leads to the frame of this server only", () => {
  const name = "0123456789abcdef".repeat(2);
  expect(frameAddress("/base", name)).toBe(`/base/frame/${name}`);
  for (const other of [null, "", "../socket", `${name}/`, "//evil.example", name.toUpperCase()])
    expect(frameAddress("", other)).toBeNull();
});

test("sizes are lengths", () => {
  expect(lengthOf("400px")).toBe("400px");
  expect(lengthOf("50%")).toBe("50%");
  for (const other of [null, "", "400", "calc(1px)", "1px;color:red", "url(x)"]) expect(lengthOf(other)).toBeNull();
});
