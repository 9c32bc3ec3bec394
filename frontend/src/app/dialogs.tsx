/** The dialog that is open and the bar that finds, fetched when they are first asked for. */
import { useWorkbench } from "../cells/context.ts";
import type { DialogName } from "../cells/surface.ts";
import { Lazy, type Part } from "../ui/lazy.tsx";

const DIALOGS: Record<DialogName, () => Promise<Part>> = {
  palette: () => import("../features/palette/palette.tsx"),
  settings: () => import("../features/settings/settings.tsx"),
  shortcuts: () => import("../features/shortcuts/shortcuts.tsx"),
};

const search = (): Promise<Part> => import("../features/search/search.tsx");

export function Dialogs() {
  const { surface } = useWorkbench();
  const name = surface.dialog.value;
  return (
    <>
      {surface.isFinding.value && <Lazy load={search} name="the bar that finds" />}
      {name !== null && <Lazy key={name} load={DIALOGS[name]} name="this" />}
    </>
  );
}
