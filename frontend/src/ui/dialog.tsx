/** A dialog over the page: the platform's own, so that focus stays in it and comes back afterwards. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface Properties {
  /** The name for screen readers. */
  readonly label: string;
  /** Beside `dialog`. */
  readonly kind: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ label, kind, onClose, children }: Properties) {
  const place = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  useLayoutEffect(() => {
    const dialog = place.current;
    if (dialog === null) return;
    if (!dialog.open) dialog.showModal();
    return () => {
      isGone.current = true;
      dialog.close();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={place}
      class={`dialog ${kind}`}
      aria-label={label}
      onClose={() => {
        // The browser tells of it later, when another dialog may be open already.
        if (!isGone.current) onClose();
      }}
      onClick={(event) => {
        if (event.target === place.current) onClose();
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
