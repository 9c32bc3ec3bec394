/** Fresh cell ids. Works without a secure context, unlike `crypto.randomUUID`. */
import type { CellId } from "../protocol/generated.ts";

export function freshCellId(): CellId {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `c${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
