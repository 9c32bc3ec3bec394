/** The menu of one cell. */
import type { CellState } from "../notebook/state.ts";
import type { MenuItem } from "../ui/menu.tsx";
import type { Workbench } from "./context.ts";
import { keysOf } from "./shortcuts.ts";

export function cellMenu({ actions, store }: Workbench, cell: CellState): readonly (readonly MenuItem[])[] {
  const { id, type, hideCode, disabled } = cell;
  const { order } = store.state.peek();
  const isSetup = type === "setup";
  const at = order.indexOf(id);
  const running: MenuItem[] = [
    { label: "Run", keys: keysOf("run"), action: () => actions.run(id) },
    { label: "Run and go on", keys: keysOf("runAndNext"), action: () => actions.runAndNext(id) },
  ];
  const adding: MenuItem[] = [
    { label: "Add above", keys: keysOf("addAbove"), action: () => actions.addAbove(id), disabled: isSetup },
    { label: "Add below", keys: keysOf("addBelow"), action: () => actions.add(id) },
    { label: "Add text below", action: () => actions.addMarkdown(id) },
  ];
  const placing: MenuItem[] = [
    { label: "Move up", keys: keysOf("moveUp"), action: () => actions.move(id, -1), disabled: isSetup || at <= 0 },
    {
      label: "Move down",
      keys: keysOf("moveDown"),
      action: () => actions.move(id, 1),
      disabled: isSetup || at === order.length - 1,
    },
  ];
  const options: MenuItem[] = [
    { label: "Rename", keys: keysOf("rename"), action: () => actions.focusOn(id, "name", "keep"), disabled: isSetup },
    {
      label: hideCode ? "Show the code" : "Hide the code",
      action: () => actions.configure(id, { hideCode: !hideCode }),
    },
    {
      label: disabled ? "Enable" : "Disable",
      action: () => actions.configure(id, { disabled: !disabled }),
      disabled: isSetup,
    },
  ];
  const removing: MenuItem[] = [
    {
      label: isSetup ? "Remove the setup cell" : "Delete",
      keys: keysOf("remove"),
      action: () => actions.remove(id),
    },
  ];
  return [running, adding, placing, options, removing];
}
