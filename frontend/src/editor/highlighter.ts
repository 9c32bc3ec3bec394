/** Which parts of code are told apart, as class names; editor and code without one share them. */
import { tagHighlighter, tags } from "@lezer/highlight";

/** Few kinds, so that a page of code stays calm. */
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
  { tag: tags.heading, class: "hl-heading" },
  { tag: tags.strong, class: "hl-strong" },
  { tag: tags.emphasis, class: "hl-emphasis" },
  { tag: [tags.link, tags.url], class: "hl-link" },
  { tag: tags.monospace, class: "hl-string" },
  { tag: [tags.quote, tags.processingInstruction, tags.contentSeparator], class: "hl-comment" },
  { tag: tags.meta, class: "hl-meta" },
  { tag: tags.invalid, class: "hl-invalid" },
]);
