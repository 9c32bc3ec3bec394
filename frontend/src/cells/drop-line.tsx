/** Where the cells that are being dragged would land. */
import { landing } from "./drag.ts";

export function DropLine() {
  const at = landing.value;
  if (at === null) return null;
  return <div class="drop-line" style={{ top: `${at.top}px`, left: `${at.left}px`, width: `${at.width}px` }} />;
}
