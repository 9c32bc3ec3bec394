import { describe, expect, test } from "vitest";
import { parseSpec, type Spec } from "./spec.ts";
import { dropdownValue, numberTyped, sliderText, sliderValue, sliderWidth } from "./values.ts";

function spec<Kind extends Spec["type"]>(type: Kind, options: object): Extract<Spec, { type: Kind }> {
  const parsed = parseSpec(JSON.stringify({ type, ...options }));
  if (parsed?.type !== type) throw new Error(`no ${type}`);
  return parsed as Extract<Spec, { type: Kind }>;
}

describe("markup of an element", () => {
  test("what is left out has a default", () => {
    expect(parseSpec('{"type": "slider"}')).toMatchObject({ start: 0, stop: 100, step: 1, value: 0, showValue: true });
    expect(parseSpec('{"type": "text"}')).toMatchObject({ value: "", inputKind: "text", debounce: false, label: "" });
    expect(parseSpec('{"type": "button"}')).toMatchObject({ value: 0, kind: "neutral" });
  });

  test("what makes no sense is refused or has its default", () => {
    expect(parseSpec('{"type": "rocket"}')).toBeNull();
    expect(parseSpec("[]")).toBeNull();
    expect(parseSpec("{")).toBeNull();
    expect(parseSpec('{"type": "text", "inputKind": "file", "value": 3}')).toMatchObject({
      inputKind: "text",
      value: "",
    });
    expect(parseSpec('{"type": "slider", "start": "a", "steps": []}')).toMatchObject({ start: 0, steps: null });
  });

  test("a slider over given steps works on their index", () => {
    expect(spec("slider", { steps: [1, 10, 100], value: 1 })).toMatchObject({ start: 0, stop: 2, step: 1, value: 1 });
  });
});

describe("values", () => {
  test("a slider keeps the value set by hand, as long as it can have it", () => {
    const slider = spec("slider", { start: 0, stop: 10, value: 3 });
    expect(sliderValue(slider, undefined)).toBe(3);
    expect(sliderValue(slider, 7)).toBe(7);
    expect(sliderValue(slider, 11)).toBe(3);
    expect(sliderValue(slider, "7")).toBe(3);
  });

  test("a slider shows as many decimals as its steps have", () => {
    const slider = spec("slider", { start: 0, stop: 1, step: 0.1, value: 0 });
    expect(sliderText(slider, 0.1 + 0.2)).toBe("0.3");
    expect(sliderText(spec("slider", { start: 0, stop: 1, step: 1e-3 }), 0.5)).toBe("0.500");
    expect(sliderText(spec("slider", { steps: [1, 10, 1e6] }), 2)).toBe("1000000");
    expect(sliderWidth(spec("slider", { start: -10, stop: 5, step: 0.5 }))).toBe(5);
  });

  test("a number out of range, or none, is not sent", () => {
    const number = spec("number", { start: 0, stop: 9 });
    expect(numberTyped(number, "4")).toBe(4);
    expect(numberTyped(number, "")).toBeNull();
    expect(numberTyped(number, "12")).toBeUndefined();
    expect(numberTyped(number, "-1")).toBeUndefined();
    expect(numberTyped(number, "abc")).toBeUndefined();
  });

  test("a dropdown has one of its options, or none when it may", () => {
    const dropdown = spec("dropdown", { options: ["a", "b"], value: "a" });
    expect(dropdownValue(dropdown, undefined)).toBe("a");
    expect(dropdownValue(dropdown, "b")).toBe("b");
    expect(dropdownValue(dropdown, "gone")).toBe("a");
    expect(dropdownValue(dropdown, null)).toBe("a");
    expect(dropdownValue({ ...dropdown, allowNone: true }, null)).toBeNull();
  });
});
