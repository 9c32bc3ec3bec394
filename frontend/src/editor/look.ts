/** How code looks: classes for the highlighter, coloured by editor.css from the tokens, so that light and dark are one. */
import { syntaxHighlighting } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, dropCursor, EditorView, highlightSpecialChars, rectangularSelection } from "@codemirror/view";
import { tagHighlighter, tags } from "@lezer/highlight";

/** Few kinds, so that a page of code stays calm. Also used for code that no editor shows. */
export const highlighter = tagHighlighter([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword],
    class: "hl-keyword",
  },
  { tag: [tags.string, tags.special(tags.string), tags.escape], class: "hl-string" },
  { tag: [tags.number, tags.bool, tags.null, tags.self], class: "hl-number" },
  { tag: [tags.comment, tags.lineComment], class: "hl-comment" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: "hl-call" },
  {
    tag: [tags.definition(tags.variableName), tags.function(tags.definition(tags.variableName))],
    class: "hl-definition",
  },
  { tag: [tags.className, tags.definition(tags.className)], class: "hl-class" },
  { tag: [tags.operator, tags.punctuation, tags.derefOperator, tags.separator], class: "hl-operator" },
  { tag: tags.meta, class: "hl-meta" },
  { tag: tags.invalid, class: "hl-invalid" },
]);

export const codeLook: Extension = [
  syntaxHighlighting(highlighter),
  highlightSpecialChars(),
  drawSelection(),
  dropCursor(),
  rectangularSelection(),
  EditorState.allowMultipleSelections.of(true),
  EditorView.editorAttributes.of({ class: "code" }),
];
