/** The actions on the notebook as a whole and on the page. */
import type { Workbench } from "../cells/context.ts";
import { EXPORTS } from "../cells/exporting.ts";
import type { Action } from "../cells/registry.ts";
import { waitingCell } from "../notebook/state.ts";
import { panelActions } from "./panels.ts";

const about = "notebook";
const isBusy = ({ store }: Workbench): boolean =>
  store.kernel.peek().status === "busy" || waitingCell(store.state.peek()) !== null;

const isThemeFree = ({ settings }: Workbench): boolean => settings.setBy("theme") === "";

const running: readonly Action[] = [
  { name: "global.runAll", label: "Run all", group: "Run", about, run: ({ running }) => running.all() },
  {
    name: "global.runStale",
    label: "Run what is stale",
    group: "Run",
    about,
    keys: ["Mod-Shift-r"],
    run: ({ running }) => running.stale(),
  },
  {
    name: "global.interrupt",
    label: "Interrupt",
    group: "Run",
    about,
    keys: ["Mod-i"],
    applies: isBusy,
    run: ({ running }) => running.interrupt(),
  },
  {
    name: "runtime.toggleLazy",
    label: "Run automatically, or lazily",
    group: "Run",
    about,
    says: ({ store }) => (store.lazy.peek() ? "Run automatically" : "Run lazily: only what is asked for"),
    run: ({ running, store }) => running.setLazy(!store.lazy.peek()),
  },
  {
    name: "kernel.restartAndRun",
    label: "Restart and run all",
    group: "Kernel",
    about,
    run: ({ running }) => running.restart("all"),
  },
  {
    name: "kernel.restart",
    label: "Restart only",
    group: "Kernel",
    about,
    run: ({ running }) => running.restart("none"),
  },
];

const document: readonly Action[] = [
  {
    name: "notebook.undo",
    label: "Undo the last change of cells",
    group: "Notebook",
    about,
    commandKeys: ["Mod-z"],
    says: ({ history }) => `Undo: ${history.next.peek()?.label ?? "nothing"}`,
    applies: ({ history }) => history.next.peek() !== null,
    run: ({ placing }) => placing.undo(),
  },
  {
    name: "notebook.redo",
    label: "Redo the change of cells",
    group: "Notebook",
    about,
    commandKeys: ["Mod-Shift-z", "Mod-y"],
    says: ({ history }) => `Redo: ${history.nextAgain.peek()?.label ?? "nothing"}`,
    applies: ({ history }) => history.nextAgain.peek() !== null,
    run: ({ placing }) => placing.redo(),
  },
  {
    name: "notebook.restore",
    label: "Bring back the cell deleted last",
    group: "Notebook",
    about,
    applies: ({ store }) => store.restorable.peek().length > 0,
    run: ({ placing }) => placing.restore(),
  },
  {
    name: "global.save",
    label: "Save",
    group: "Notebook",
    about,
    keys: ["Mod-s"],
    commandKeys: ["s"],
    run: ({ running }) => running.save(),
  },
  {
    name: "global.formatAll",
    label: "Format all cells",
    group: "Notebook",
    about,
    keys: ["Mod-Shift-b"],
    run: ({ formatting, store }) => formatting.format(store.state.peek().order),
  },
  {
    name: "notebook.addSetup",
    label: "Add a setup cell",
    group: "Notebook",
    about,
    applies: ({ store }) => ![...store.state.peek().cells.values()].some((cell) => cell.type === "setup"),
    run: ({ placing }) => placing.addSetup(),
  },
];

const exporting: readonly Action[] = EXPORTS.map(
  ([format, label]): Action => ({
    name: `notebook.saveCopyAs.${format}`,
    label: `Save a copy as ${label}`,
    group: "Notebook",
    about,
    run: ({ exporting }) => exporting.export(format),
  }),
);

const going: readonly Action[] = [
  {
    name: "global.focusTop",
    label: "First cell",
    group: "Go",
    about,
    keys: ["Mod-Shift-f"],
    commandKeys: ["Mod-ArrowUp"],
    run: ({ focus }) => focus.goToEnd("first"),
  },
  {
    name: "global.focusBottom",
    label: "Last cell",
    group: "Go",
    about,
    keys: ["Mod-Shift-g"],
    commandKeys: ["Mod-ArrowDown"],
    run: ({ focus }) => focus.goToEnd("last"),
  },
];

const viewing: readonly Action[] = [
  {
    name: "cell.findAndReplace",
    label: "Find and replace in all cells",
    group: "Find",
    about,
    keys: ["Mod-f"],
    run: ({ surface }) => surface.find(selectedLine()),
  },
  {
    name: "global.commandPalette",
    label: "Command palette",
    group: "Find",
    about,
    keys: ["Mod-k"],
    run: ({ surface }) => surface.toggleDialog("palette"),
  },
  {
    name: "global.showHelp",
    label: "Keyboard shortcuts",
    group: "Find",
    about,
    keys: ["Mod-Shift-h"],
    run: ({ surface }) => surface.toggleDialog("shortcuts"),
  },
  {
    name: "global.collapseAllSections",
    label: "Fold all sections",
    group: "View",
    about,
    keys: ["Mod-Shift-\\"],
    run: ({ folds }) => folds.foldAll(),
  },
  {
    name: "global.expandAllSections",
    label: "Unfold all sections",
    group: "View",
    about,
    keys: ["Mod-Shift-/"],
    run: ({ folds }) => folds.unfoldAll(),
  },
  {
    name: "global.hideCode",
    label: "Preview as an app",
    group: "View",
    about,
    keys: ["Mod-."],
    says: ({ surface }) => (surface.isPreview.peek() ? "Back to the notebook" : "Preview as an app"),
    run: ({ surface }) => {
      surface.isPreview.value = !surface.isPreview.peek();
    },
  },
  {
    name: "global.settings",
    label: "Settings",
    group: "Settings",
    about,
    keys: ["Mod-,"],
    run: ({ surface }) => surface.toggleDialog("settings"),
  },
  {
    name: "theme.light",
    label: "Light",
    group: "Settings",
    about,
    applies: isThemeFree,
    run: ({ settings }) => settings.change("theme", "light"),
  },
  {
    name: "theme.dark",
    label: "Dark",
    group: "Settings",
    about,
    applies: isThemeFree,
    run: ({ settings }) => settings.change("theme", "dark"),
  },
  {
    name: "theme.system",
    label: "Light or dark as the system",
    group: "Settings",
    about,
    applies: isThemeFree,
    run: ({ settings }) => settings.change("theme", "system"),
  },
];

/** What is selected, when somebody may look for it: part of one line. */
function selectedLine(): string {
  const text = getSelection()?.toString() ?? "";
  return text.includes("\n") ? "" : text;
}

export const notebookActions: readonly Action[] = [
  ...running,
  ...document,
  ...exporting,
  ...going,
  ...viewing,
  ...panelActions,
];
