/** The menu of the notebook as a whole. */
import type { Workbench } from "../cells/context.ts";
import { EXPORTS } from "../cells/exporting.ts";
import { menuOf } from "../cells/menu.ts";
import { type MenuItem, openMenuAt } from "../ui/menu.tsx";
import type { Theme } from "../ui/theme.ts";

const THEMES: readonly [Theme, string][] = [
  ["light", "Light"],
  ["dark", "Dark"],
  ["system", "As the system"],
];

const MENU: readonly (readonly string[])[] = [
  ["global.runAll", "global.runStale", "global.interrupt"],
  ["kernel.restartAndRun", "kernel.restart"],
  ["global.save", "notebook.undo", "notebook.redo", "global.formatAll", "notebook.addSetup"],
  ["global.commandPalette", "cell.findAndReplace", "global.showHelp", "global.settings"],
  ["global.collapseAllSections", "global.expandAllSections", "global.hideCode"],
];

export function notebookMenu(bench: Workbench): readonly (readonly MenuItem[])[] {
  const { settings } = bench;
  const themes = THEMES.map(
    ([choice, label]): MenuItem => ({
      label,
      checked: settings.values.peek().theme === choice,
      disabled: settings.setBy("theme") !== "",
      action: () => {
        void settings.change("theme", choice);
      },
    }),
  );
  return [...menuOf(bench, MENU, null), [saveCopy(bench)], themes];
}

/** The formats are a menu of their own, in the place of this one. */
function saveCopy(bench: Workbench): MenuItem {
  return {
    label: "Save a copy as…",
    action: () => {
      const opener = document.activeElement?.getBoundingClientRect() ?? new DOMRect();
      const items = EXPORTS.map(([format, label]) => ({
        label: `As ${label}`,
        action: () => bench.exporting.export(format),
      }));
      openMenuAt({ label: "save a copy as", groups: [items], at: { x: opener.right, y: opener.bottom } });
    },
  };
}
