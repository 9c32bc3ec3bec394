/** Values between the page and the kernel: what may be shown, what may be sent. Pure. */
import type { DropdownSpec, NumberSpec, SliderSpec } from "./spec.ts";

/** The slider's place: the value set, if the slider can have it, else what its markup says. */
export function sliderValue(spec: SliderSpec, set: unknown): number {
  const value = typeof set === "number" && set >= spec.start && set <= spec.stop ? set : spec.value;
  return Math.min(spec.stop, Math.max(spec.start, value));
}

/** What is written beside the slider. A float that came from steps of 0.1 does not show its seventeenth digit. */
export function sliderText(spec: SliderSpec, value: number): string {
  const shown = spec.steps === null ? value : (spec.steps[value] ?? value);
  return spec.steps === null ? shown.toFixed(decimals(spec)) : String(shown);
}

function decimals(spec: SliderSpec): number {
  return Math.max(places(spec.step), places(spec.start));
}

function places(value: number): number {
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  return Math.min(12, Math.max(0, (mantissa.split(".")[1]?.length ?? 0) - Number(exponent)));
}

/** The widest text that the slider shows, so that its place is kept free. */
export function sliderWidth(spec: SliderSpec): number {
  const texts = spec.steps ?? [spec.start, spec.stop];
  return Math.max(...texts.map((value) => (spec.steps === null ? sliderText(spec, value) : String(value)).length));
}

/** The number typed; undefined when it is none, or none that this element may have. */
export function numberTyped(spec: NumberSpec, text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  if (spec.start !== null && value < spec.start) return undefined;
  if (spec.stop !== null && value > spec.stop) return undefined;
  return value;
}

export function dropdownValue(spec: DropdownSpec, set: unknown): string | null {
  if (set === null && spec.allowNone) return null;
  return typeof set === "string" && spec.options.includes(set) ? set : spec.value;
}
