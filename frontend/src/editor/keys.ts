/** Keys inside an editor: the usual ones, and those that lead out of it at its edges. */
import { closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, undoDepth } from "@codemirror/commands";
import { selectNextOccurrence } from "@codemirror/search";
import { type Extension, Prec } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import type { CellId } from "../protocol/generated.ts";
import type { AskCode } from "./questions.ts";

export interface WaysOut {
  /** To the cell as a whole. */
  readonly leave: (id: CellId) => void;
  readonly goUp: (id: CellId) => boolean;
  readonly goDown: (id: CellId) => boolean;
  readonly remove: (id: CellId) => void;
  /** Undo with nothing left to undo here: bring back the cell deleted last. False when there is none. */
  readonly restore: () => boolean;
  readonly save: () => void;
  /** To the kernel, about the code. */
  readonly ask: AskCode;
}

export function cellKeys(id: CellId, out: WaysOut): Extension {
  const edges = keymap.of([
    { key: "ArrowUp", run: (view) => atEdge(view, "start") && out.goUp(id) },
    { key: "ArrowDown", run: (view) => atEdge(view, "end") && out.goDown(id) },
    { key: "Mod-z", run: (view) => undoDepth(view.state) === 0 && out.restore() },
    {
      key: "Shift-Backspace",
      run: (view) => {
        if (view.state.doc.length > 0) return false;
        out.remove(id);
        return true;
      },
    },
  ]);
  const leave = keymap.of([
    {
      key: "Escape",
      run: (view) => {
        if (view.state.selection.ranges.length > 1) return false;
        out.leave(id);
        return true;
      },
    },
  ]);
  return [
    history(),
    Prec.high(edges),
    keymap.of([
      ...closeBracketsKeymap,
      { key: "Mod-d", run: selectNextOccurrence, preventDefault: true },
      indentWithTab,
    ]),
    leave,
    keymap.of([...historyKeymap, ...defaultKeymap]),
  ];
}

/** The caret is on the first (or last) line, and nothing is selected. */
function atEdge(view: EditorView, edge: "start" | "end"): boolean {
  const { doc, selection } = view.state;
  const { head, empty } = selection.main;
  if (!empty || selection.ranges.length > 1) return false;
  const line = doc.lineAt(head);
  return edge === "start" ? line.number === 1 : line.number === doc.lines;
}
