/** A slider, which shows its value while it is dragged. */
import { useState } from "preact/hooks";
import { type ControlProperties, Field } from "./field.tsx";
import { sliderText, sliderValue, sliderWidth } from "./values.ts";

export function Slider({ spec, set, onSet }: ControlProperties<"slider">) {
  const [held, setHeld] = useState<number | null>(null);
  const value = held ?? sliderValue(spec, set);
  const fill = spec.stop > spec.start ? ((value - spec.start) / (spec.stop - spec.start)) * 100 : 0;
  const text = sliderText(spec, value);
  return (
    <Field spec={spec}>
      <span class="slider">
        <input
          type="range"
          min={spec.start}
          max={spec.stop}
          step={spec.step}
          value={value}
          disabled={spec.disabled}
          aria-valuetext={text}
          style={{ "--fill": `${fill}%` }}
          onInput={(event) => {
            const moved = event.currentTarget.valueAsNumber;
            if (spec.debounce !== false) setHeld(moved);
            else if (moved !== value) onSet(moved);
          }}
          onChange={(event) => {
            if (spec.debounce === false) return;
            setHeld(null);
            onSet(event.currentTarget.valueAsNumber);
          }}
        />
        {spec.showValue && (
          <output class="slider-value" style={{ minWidth: `${sliderWidth(spec)}ch` }}>
            {text}
          </output>
        )}
      </span>
    </Field>
  );
}
