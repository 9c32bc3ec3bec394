/** `<quire-element>`: one custom element for every UI element, so that they stand anywhere in markup. Copies share a value. */
import { render } from "preact";
import type { NotebookStore } from "../notebook/store.ts";
import { Button, Checkbox, Dropdown } from "./choices.tsx";
import { NumberField } from "./number.tsx";
import { Slider } from "./slider.tsx";
import { parseSpec, type Spec } from "./spec.ts";
import { TextField } from "./text.tsx";

const NAME = "quire-element";

export function defineElement(store: NotebookStore): void {
  class QuireElement extends HTMLElement {
    static readonly observedAttributes = ["spec", "element-id"];

    connectedCallback(): void {
      this.#draw();
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#draw();
    }

    disconnectedCallback(): void {
      // An element that is only moved keeps what it shows.
      queueMicrotask(() => {
        if (!this.isConnected) render(null, this);
      });
    }

    #draw(): void {
      const id = this.getAttribute("element-id") ?? "";
      const spec = parseSpec(this.getAttribute("spec") ?? "");
      this.dataset.type = spec?.type ?? "unknown";
      this.toggleAttribute("data-full", spec?.fullWidth ?? false);
      render(spec === null ? <Unknown /> : <ElementView store={store} id={id} spec={spec} />, this);
    }
  }
  if (customElements.get(NAME) === undefined) customElements.define(NAME, QuireElement);
}

function ElementView({ store, id, spec }: { store: NotebookStore; id: string; spec: Spec }) {
  const set = store.element(id).value;
  const onSet = (value: unknown): void => store.setElement(id, value);
  switch (spec.type) {
    case "slider":
      return <Slider spec={spec} set={set} onSet={onSet} />;
    case "number":
      return <NumberField spec={spec} set={set} onSet={onSet} />;
    case "text":
      return <TextField spec={spec} set={set} onSet={onSet} />;
    case "checkbox":
      return <Checkbox spec={spec} set={set} onSet={onSet} />;
    case "dropdown":
      return <Dropdown spec={spec} set={set} onSet={onSet} />;
    case "button":
      return <Button spec={spec} set={set} onSet={onSet} />;
  }
}

function Unknown() {
  return <span class="output-message">this element needs a newer page; reload it</span>;
}
