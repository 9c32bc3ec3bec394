/** A few words, and buttons, that float at the button which asks for them; Escape and a click elsewhere put them away. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { place } from "./menu.tsx";

interface Properties {
  /** What the button says, and the name of what opens. */
  readonly label: string;
  readonly class: string;
  readonly title?: string;
  /** Opens it without its button. */
  readonly isAsked?: boolean;
  readonly children: (close: () => void) => ComponentChildren;
}

export function Aside({ label, class: look, title, isAsked = false, children }: Properties) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!isAsked) return;
    opener.current?.focus();
    panel.current?.showPopover();
  }, [isAsked]);
  useLayoutEffect(() => {
    if (!isOpen || panel.current === null) return;
    // It has a size once it is shown, and another one when what it shows has arrived.
    const watch = new ResizeObserver(() => {
      if (opener.current === null || panel.current === null) return;
      place(panel.current, opener.current.getBoundingClientRect(), "left");
    });
    watch.observe(panel.current);
    return () => watch.disconnect();
  }, [isOpen]);
  return (
    <>
      <button ref={opener} type="button" class={look} title={title} popovertarget={id} aria-expanded={isOpen}>
        {label}
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: no set of fields */}
      <div
        ref={panel}
        id={id}
        class="aside"
        popover="auto"
        role="group"
        aria-label={label}
        onBeforeToggle={(event) => setOpen(event.newState === "open")}
      >
        {isOpen && children(() => panel.current?.hidePopover())}
      </div>
    </>
  );
}
