/** The elements that are one click: checkbox, dropdown, button. */
import { type ControlProperties, Field, Label } from "./field.tsx";
import { dropdownValue } from "./values.ts";

export function Checkbox({ spec, set, onSet }: ControlProperties<"checkbox">) {
  const value = typeof set === "boolean" ? set : spec.value;
  return (
    <label class="checkbox" data-disabled={spec.disabled}>
      <input
        type="checkbox"
        checked={value}
        disabled={spec.disabled}
        onChange={(event) => onSet(event.currentTarget.checked)}
      />
      {spec.label !== "" && <Label html={spec.label} />}
    </label>
  );
}

/** Stands for "none of them"; no option can be spelled so. */
const NONE = "\u0000";

export function Dropdown({ spec, set, onSet }: ControlProperties<"dropdown">) {
  const value = dropdownValue(spec, set);
  return (
    <Field spec={spec}>
      <select
        class="input"
        value={value ?? NONE}
        disabled={spec.disabled}
        onChange={(event) => onSet(event.currentTarget.value === NONE ? null : event.currentTarget.value)}
      >
        {(spec.allowNone || value === null) && (
          <option value={NONE} disabled={!spec.allowNone}>
            –
          </option>
        )}
        {spec.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function Button({ spec, set, onSet }: ControlProperties<"button">) {
  const clicks = typeof set === "number" ? set : spec.value;
  return (
    <button
      type="button"
      class="button"
      data-kind={spec.kind}
      data-full={spec.fullWidth}
      disabled={spec.disabled}
      title={spec.tooltip || undefined}
      onClick={() => onSet(clicks + 1)}
    >
      {spec.label === "" ? "run" : <Label html={spec.label} />}
    </button>
  );
}
