/** What all elements have in common: the label above, one height, one disabled look. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { fragmentOf } from "../ui/markup.ts";
import type { Spec } from "./spec.ts";

export interface ControlProperties<Kind extends Spec["type"]> {
  readonly spec: Extract<Spec, { type: Kind }>;
  /** What was set by hand, here or elsewhere; undefined when nothing was. */
  readonly set: unknown;
  readonly onSet: (value: unknown) => void;
}

export function Field({ spec, children }: { spec: Spec; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label class="field" data-full={spec.fullWidth} data-disabled={spec.disabled}>
      {spec.label !== "" && <Label html={spec.label} />}
      {children}
    </label>
  );
}

export function Label({ html }: { html: string }) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(fragmentOf(html)), [html]);
  return <span ref={place} class="field-label" />;
}
