/** How code looks: classes for the highlighter, coloured by editor.css from the tokens, so that light and dark are one. */
import { syntaxHighlighting } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightSpecialChars,
  rectangularSelection,
} from "@codemirror/view";
import { highlighter } from "./highlighter.ts";

export const codeLook: Extension = [
  syntaxHighlighting(highlighter),
  highlightSpecialChars(),
  drawSelection(),
  dropCursor(),
  rectangularSelection(),
  crosshairCursor(),
  // Mod-click is for going to a definition.
  EditorView.clickAddsSelectionRange.of((event) => event.altKey),
  EditorState.allowMultipleSelections.of(true),
  EditorView.editorAttributes.of({ class: "code" }),
];
