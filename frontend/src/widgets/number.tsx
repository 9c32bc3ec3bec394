/** A number field. What cannot be its value is marked and not sent. */
import { useState } from "preact/hooks";
import { type ControlProperties, Field } from "./field.tsx";
import { numberTyped } from "./values.ts";

export function NumberField({ spec, set, onSet }: ControlProperties<"number">) {
  const value = typeof set === "number" || set === null ? set : spec.value;
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? "" : String(value));
  const [bad, setBad] = useState(false);
  const refused = bad || numberTyped(spec, text) === undefined;
  const send = (content: string): void => {
    const number = numberTyped(spec, content);
    if (number !== undefined && number !== value) onSet(number);
  };
  return (
    <Field spec={spec}>
      <input
        class="input"
        type="number"
        min={spec.start ?? undefined}
        max={spec.stop ?? undefined}
        step={spec.step ?? "any"}
        value={text}
        disabled={spec.disabled}
        aria-invalid={refused}
        title={refused ? rangeOf(spec.start, spec.stop) : undefined}
        onInput={(event) => {
          const { value: content, validity } = event.currentTarget;
          setBad(validity.badInput);
          // Writing to a field that holds "1e" would erase it.
          if (!validity.badInput) setTyped(content);
          if (spec.debounce === false && !validity.badInput) send(content);
        }}
        onChange={(event) => {
          if (!event.currentTarget.validity.badInput) send(event.currentTarget.value);
        }}
        onBlur={() => {
          setTyped(null);
          setBad(false);
        }}
      />
    </Field>
  );
}

function rangeOf(start: number | null, stop: number | null): string {
  if (start !== null && stop !== null) return `a number from ${start} to ${stop}`;
  if (start !== null) return `a number, at least ${start}`;
  return stop === null ? "a number" : `a number, at most ${stop}`;
}
