/** The menu of the notebook as a whole. */
import type { Workbench } from "../cells/context.ts";
import { keysOf } from "../cells/shortcuts.ts";
import type { MenuItem } from "../ui/menu.tsx";
import { setTheme, type Theme, theme } from "../ui/theme.ts";

const THEMES: readonly [Theme, string][] = [
  ["light", "Light"],
  ["dark", "Dark"],
  ["system", "As the system"],
];

export function notebookMenu({ actions, store }: Workbench): readonly (readonly MenuItem[])[] {
  const state = store.state.peek();
  const hasSetup = [...state.cells.values()].some((cell) => cell.type === "setup");
  const isBusy = state.kernel.status === "busy";
  const running: MenuItem[] = [
    { label: "Run all", action: actions.runAll },
    { label: "Run what is stale", keys: keysOf("runStale"), action: actions.runStale },
    { label: "Interrupt", keys: keysOf("interrupt"), action: actions.interrupt, disabled: !isBusy },
  ];
  const kernel: MenuItem[] = [
    { label: "Restart and run all", action: () => actions.restart(true) },
    { label: "Restart only", action: () => actions.restart(false) },
  ];
  const document: MenuItem[] = [
    { label: "Save", keys: keysOf("save"), action: actions.save },
    { label: "Add a setup cell", action: actions.addSetup, disabled: hasSetup },
    {
      label: "Bring back the deleted cell",
      keys: keysOf("restore"),
      action: () => actions.restore(),
      disabled: state.restorable.length === 0,
    },
  ];
  const themes = THEMES.map(
    ([choice, label]): MenuItem => ({
      label,
      checked: theme.peek() === choice,
      action: () => setTheme(choice),
    }),
  );
  return [running, kernel, document, themes];
}
