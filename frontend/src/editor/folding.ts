/** Folding: a mark beside lines that can be folded, seen when the pointer is there. */
import { codeFolding, foldGutter, foldKeymap } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { keymap } from "@codemirror/view";

export const folding: Extension = [
  codeFolding({ placeholderText: "…" }),
  foldGutter({
    markerDOM(open) {
      const mark = document.createElement("span");
      mark.className = open ? "fold-mark" : "fold-mark fold-mark-closed";
      mark.title = open ? "fold these lines" : "unfold these lines";
      return mark;
    },
  }),
  keymap.of(foldKeymap),
];
