/** What an element's markup says about it, turned once into full values: a missing option has its default here. Pure. */

export interface SliderSpec {
  readonly type: "slider";
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  /** The values to choose from; the slider then works on their index. */
  readonly steps: readonly number[] | null;
  readonly value: number;
  readonly showValue: boolean;
}

export interface NumberSpec {
  readonly type: "number";
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
  readonly value: number | null;
}

export interface TextSpec {
  readonly type: "text";
  readonly value: string;
  readonly placeholder: string;
  readonly maxLength: number | null;
  readonly inputKind: "text" | "password" | "email" | "url";
}

export interface CheckboxSpec {
  readonly type: "checkbox";
  readonly value: boolean;
}

export interface DropdownSpec {
  readonly type: "dropdown";
  readonly options: readonly string[];
  readonly value: string | null;
  readonly allowNone: boolean;
}

export interface ButtonSpec {
  readonly type: "button";
  readonly value: number;
  readonly kind: "neutral" | "success" | "warn" | "danger";
  readonly tooltip: string;
}

interface Common {
  /** Sanitised markup. */
  readonly label: string;
  readonly disabled: boolean;
  readonly fullWidth: boolean;
  /** True: only when the change is complete (released, Enter, left). A number: after so many quiet milliseconds. */
  readonly debounce: boolean | number;
}

export type Spec = Common & (SliderSpec | NumberSpec | TextSpec | CheckboxSpec | DropdownSpec | ButtonSpec);

/** Null when the markup names no element that this page knows. */
export function parseSpec(text: string): Spec | null {
  const json = parsed(text);
  if (json === null) return null;
  const common: Common = {
    label: string(json.label, ""),
    disabled: json.disabled === true,
    fullWidth: json.fullWidth === true,
    debounce: typeof json.debounce === "number" ? json.debounce : json.debounce === true,
  };
  switch (json.type) {
    case "slider":
      return { ...common, ...slider(json) };
    case "number":
      return { ...common, type: "number", ...bounds(json), value: number(json.value) };
    case "text":
      return {
        ...common,
        type: "text",
        value: string(json.value, ""),
        placeholder: string(json.placeholder, ""),
        maxLength: number(json.maxLength),
        inputKind: oneOf(json.inputKind, ["text", "password", "email", "url"]),
      };
    case "checkbox":
      return { ...common, type: "checkbox", value: json.value === true };
    case "dropdown":
      return {
        ...common,
        type: "dropdown",
        options: Array.isArray(json.options) ? json.options.map(String) : [],
        value: typeof json.value === "string" ? json.value : null,
        allowNone: json.allowNone === true,
      };
    case "button":
    case "run_button":
      return {
        ...common,
        type: "button",
        value: number(json.value) ?? 0,
        kind: oneOf(json.kind, ["neutral", "success", "warn", "danger"]),
        tooltip: string(json.tooltip, ""),
      };
    default:
      return null;
  }
}

function slider(json: Record<string, unknown>): SliderSpec {
  const given = json.steps;
  const steps = Array.isArray(given) && given.length > 0 ? given.map((step) => number(step) ?? 0) : null;
  const { start, stop, step } = bounds(json);
  return {
    type: "slider",
    steps,
    start: steps === null ? (start ?? 0) : 0,
    stop: steps === null ? (stop ?? 100) : steps.length - 1,
    step: steps === null ? (step ?? 1) : 1,
    value: number(json.value) ?? start ?? 0,
    showValue: json.showValue !== false,
  };
}

function bounds(json: Record<string, unknown>) {
  return { start: number(json.start), stop: number(json.stop), step: number(json.step) };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : null;
  } catch {
    return null;
  }
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function string(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

/** The first is the default. */
function oneOf<Choice extends string>(value: unknown, choices: readonly [Choice, ...Choice[]]): Choice {
  return choices.find((choice) => choice === value) ?? choices[0];
}
