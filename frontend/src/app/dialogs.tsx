/** The dialog that is open, fetched when it is first asked for. */
import { useWorkbench } from "../cells/context.ts";
import type { DialogName } from "../cells/surface.ts";
import { Lazy, type Part } from "../ui/lazy.tsx";

const DIALOGS: Record<DialogName, () => Promise<Part>> = {
  palette: () => import("../features/palette/palette.tsx"),
  shortcuts: () => import("../features/shortcuts/shortcuts.tsx"),
};

export function Dialogs() {
  const name = useWorkbench().surface.dialog.value;
  return name === null ? null : <Lazy key={name} load={DIALOGS[name]} name="this" />;
}
