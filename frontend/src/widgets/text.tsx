/** A line of text. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type ControlProperties, Field } from "./field.tsx";

export function TextField({ spec, set, onSet }: ControlProperties<"text">) {
  const value = typeof set === "string" ? set : spec.value;
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const send = (text: string): void => {
    clearTimeout(timer.current);
    if (text !== value) onSet(text);
  };
  return (
    <Field spec={spec}>
      <input
        class="input"
        // The types that Preact has for inputs do not know a union of kinds.
        type={spec.inputKind as "text"}
        value={typed ?? value}
        placeholder={spec.placeholder}
        maxLength={spec.maxLength ?? undefined}
        disabled={spec.disabled}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          clearTimeout(timer.current);
          if (spec.debounce === false) send(text);
          else if (typeof spec.debounce === "number") timer.current = setTimeout(() => send(text), spec.debounce);
        }}
        onChange={(event) => send(event.currentTarget.value)}
        onBlur={() => setTyped(null)}
      />
    </Field>
  );
}
