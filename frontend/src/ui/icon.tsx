/** Line icons from lucide's data, and the mark: three folded sheets, one inside the other. */
import type { IconNode } from "lucide";
import { h } from "preact";

/** Decorative: whatever holds it has the name. */
export function Icon({ icon, size = 18 }: { icon: IconNode; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {icon.map(([tag, attributes]) => h(tag, { ...attributes }))}
    </svg>
  );
}

/** Seen from the head of the book: each sheet is folded at the bottom, and the inner ones sit in the fold of the outer. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.3"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d="M1.2 3.2 8 14.4l6.8-11.2M4 3.2 8 9.8l4-6.6M6.6 3.2 8 5.5l1.4-2.3" />
    </svg>
  );
}
