/** The actions on cells. Keys are those that people bring along from marimo and Jupyter, where there is one. */
import { goToDefinition } from "./definitions.ts";
import { headingOfCell } from "./folds.ts";
import type { Action, CellAction } from "./registry.ts";

const about = "cell";
const isSetup: NonNullable<CellAction["applies"]> = ({ store }, id) => store.cell(id)?.peek().type === "setup";
const isOrdinary: NonNullable<CellAction["applies"]> = (bench, id) => !isSetup(bench, id);
const all = (option: "hideCode" | "disabled", yes: string, no: string): NonNullable<CellAction["says"]> => {
  return ({ store, selection }, id) =>
    selection.around(id).every((cell) => store.cell(cell)?.peek()[option]) ? yes : no;
};

const running: readonly Action[] = [
  {
    name: "cell.run",
    label: "Run",
    group: "Run",
    about,
    keys: ["Mod-Enter"],
    run: ({ running, selection }, id) => running.run(selection.around(id)),
  },
  {
    name: "cell.runAndNewBelow",
    label: "Run and go on",
    group: "Run",
    about,
    keys: ["Shift-Enter"],
    run: ({ running, selection, folds, focus, placing }, id) => {
      running.run(selection.around(id));
      const below = folds.neighbour(id, 1);
      if (below === null) placing.add(id);
      else focus.on(below, focus.readsAsText(below) ? "cell" : "editor", "start");
    },
  },
  {
    name: "cell.debug",
    label: "Debug the failure",
    group: "Run",
    about,
    applies: ({ store }, id) => store.debuggable.peek() === id,
    run: ({ running }, id) => running.debug(id),
  },
  {
    name: "cell.showRuns",
    label: "Show what its runs took",
    group: "Run",
    about,
    applies: ({ store }, id) => (store.cell(id)?.peek().duration ?? null) !== null,
    run: ({ focus }, id) => focus.on(id, "runs", "keep"),
  },
  {
    name: "cell.runAndNewAbove",
    label: "Run and add above",
    group: "Run",
    about,
    keys: ["Mod-Shift-Enter"],
    applies: isOrdinary,
    run: ({ running, placing }, id) => {
      running.run([id]);
      placing.addAbove(id);
    },
  },
];

const cells: readonly Action[] = [
  {
    name: "cell.createAbove",
    label: "Add above",
    group: "Cells",
    about,
    // Firefox opens a private window for the third of marimo's keys, so both have a second one.
    keys: ["Mod-Shift-o", "Alt-Shift-Enter"],
    commandKeys: ["a"],
    applies: isOrdinary,
    run: ({ placing }, id) => placing.addAbove(id),
  },
  {
    name: "cell.createBelow",
    label: "Add below",
    group: "Cells",
    about,
    keys: ["Mod-Shift-p", "Alt-Enter"],
    commandKeys: ["b"],
    run: ({ placing }, id) => placing.addBelow(id),
  },
  {
    name: "cell.createMarkdownBelow",
    label: "Add text below",
    group: "Cells",
    about,
    run: ({ placing }, id) => placing.addMarkdown(id),
  },
  {
    name: "cell.viewAsMarkdown",
    label: "Change between text and Python",
    group: "Cells",
    about,
    keys: ["Mod-Shift-m", "F4"],
    applies: isOrdinary,
    run: ({ placing }, id) => placing.turnProse(id),
  },
  {
    name: "cell.splitCell",
    label: "Split at the caret",
    group: "Cells",
    about,
    keys: ["Mod-Shift-'"],
    run: ({ placing }, id) => placing.split(id),
  },
  {
    name: "cell.merge",
    label: "Merge with the one below",
    group: "Cells",
    about,
    commandKeys: ["Shift-m"],
    says: ({ selection }, id) => {
      const { length } = selection.around(id);
      return length > 1 ? `Merge ${length} cells` : "Merge with the one below";
    },
    run: ({ placing, selection }, id) => placing.merge(selection.around(id)),
  },
  {
    name: "cell.moveUp",
    label: "Move up",
    group: "Cells",
    about,
    keys: ["Mod-Shift-9"],
    applies: isOrdinary,
    run: ({ placing, selection }, id) => placing.move(selection.around(id), -1),
  },
  {
    name: "cell.moveDown",
    label: "Move down",
    group: "Cells",
    about,
    keys: ["Mod-Shift-0"],
    applies: isOrdinary,
    run: ({ placing, selection }, id) => placing.move(selection.around(id), 1),
  },
  {
    name: "cell.sendToTop",
    label: "Send to the top",
    group: "Cells",
    about,
    keys: ["Mod-Shift-1"],
    applies: isOrdinary,
    run: ({ placing, selection }, id) => placing.moveToEnd(selection.around(id), "first"),
  },
  {
    name: "cell.sendToBottom",
    label: "Send to the bottom",
    group: "Cells",
    about,
    keys: ["Mod-Shift-2"],
    applies: isOrdinary,
    run: ({ placing, selection }, id) => placing.moveToEnd(selection.around(id), "last"),
  },
  {
    name: "cell.format",
    label: "Format",
    group: "Cells",
    about,
    keys: ["Mod-b"],
    run: ({ formatting, selection }, id) => formatting.format(selection.around(id)),
  },
  {
    name: "command.copyCell",
    label: "Copy",
    group: "Cells",
    about,
    commandKeys: ["c"],
    run: ({ clipboard }, id) => clipboard.copy(id),
  },
  {
    name: "command.cutCell",
    label: "Cut",
    group: "Cells",
    about,
    commandKeys: ["x"],
    run: ({ clipboard }, id) => clipboard.cut(id),
  },
  {
    name: "command.pasteCell",
    label: "Paste below",
    group: "Cells",
    about,
    commandKeys: ["v"],
    run: ({ clipboard }, id) => void clipboard.paste(id),
  },
  {
    name: "command.selectAll",
    label: "Select all cells",
    group: "Cells",
    about,
    commandKeys: ["Mod-a"],
    run: ({ selection }) => selection.selectAll(),
  },
  {
    name: "cell.rename",
    label: "Rename",
    group: "Cells",
    about,
    keys: ["F2"],
    applies: isOrdinary,
    run: ({ focus }, id) => focus.on(id, "name", "keep"),
  },
  {
    name: "cell.hideCode",
    label: "Hide or show the code",
    group: "Cells",
    about,
    keys: ["Mod-h"],
    says: all("hideCode", "Show the code", "Hide the code"),
    run: ({ placing, selection }, id) => placing.toggle(selection.around(id), "hideCode"),
  },
  {
    name: "cell.disable",
    label: "Disable or enable",
    group: "Cells",
    about,
    says: all("disabled", "Enable", "Disable"),
    applies: isOrdinary,
    run: ({ placing, selection }, id) => placing.toggle(selection.around(id), "disabled"),
  },
  {
    name: "cell.delete",
    label: "Delete",
    group: "Cells",
    about,
    commandKeys: ["Shift-Backspace"],
    says: ({ store, selection }, id) => {
      const { length } = selection.around(id);
      if (length > 1) return `Delete ${length} cells`;
      return store.cell(id)?.peek().type === "setup" ? "Remove the setup cell" : "Delete";
    },
    run: ({ placing, selection }, id) => placing.remove(selection.around(id)),
  },
];

const going: readonly Action[] = [
  {
    name: "command.edit",
    label: "Edit the cell",
    group: "Go",
    about,
    commandKeys: ["Enter"],
    run: ({ focus }, id) => focus.edit(id),
  },
  {
    name: "command.previous",
    label: "Cell above",
    group: "Go",
    about,
    commandKeys: ["ArrowUp"],
    run: ({ focus }, id) => focus.step(id, -1, "cell"),
  },
  {
    name: "command.next",
    label: "Cell below",
    group: "Go",
    about,
    commandKeys: ["ArrowDown"],
    run: ({ focus }, id) => focus.step(id, 1, "cell"),
  },
  {
    name: "command.extendUp",
    label: "Select the cell above too",
    group: "Go",
    about,
    commandKeys: ["Shift-ArrowUp"],
    run: ({ focus }, id) => focus.extend(id, -1),
  },
  {
    name: "command.extendDown",
    label: "Select the cell below too",
    group: "Go",
    about,
    commandKeys: ["Shift-ArrowDown"],
    run: ({ focus }, id) => focus.extend(id, 1),
  },
  {
    name: "cell.focusUp",
    label: "Code of the cell above",
    group: "Go",
    about,
    keys: ["Mod-Shift-k"],
    run: ({ focus }, id) => focus.step(id, -1, "editor"),
  },
  {
    name: "cell.focusDown",
    label: "Code of the cell below",
    group: "Go",
    about,
    keys: ["Mod-Shift-j"],
    run: ({ focus }, id) => focus.step(id, 1, "editor"),
  },
  {
    name: "cell.goToDefinition",
    label: "Go to the definition of the name at the caret",
    group: "Go",
    about,
    keys: ["F12"],
    run: (bench, id) => goToDefinition(bench, id),
  },
  {
    name: "cell.fold",
    label: "Fold or unfold the section",
    group: "View",
    about,
    applies: ({ store }, id) => {
      const cell = store.cell(id)?.peek();
      return cell !== undefined && headingOfCell(cell) !== null;
    },
    says: ({ folds }, id) => (folds.isFolded(id) ? "Unfold the section" : "Fold the section"),
    run: ({ folds }, id) => folds.toggle(id),
  },
];

export const cellActions: readonly Action[] = [...running, ...cells, ...going];

/** The menu of one cell, by groups. */
export const CELL_MENU: readonly (readonly string[])[] = [
  ["cell.run", "cell.runAndNewBelow", "cell.debug", "cell.showRuns"],
  ["cell.createAbove", "cell.createBelow", "cell.createMarkdownBelow", "cell.splitCell", "cell.merge"],
  ["command.cutCell", "command.copyCell", "command.pasteCell"],
  ["cell.moveUp", "cell.moveDown", "cell.sendToTop", "cell.sendToBottom"],
  ["cell.rename", "cell.format", "cell.hideCode", "cell.disable", "cell.fold"],
  ["cell.delete"],
];
