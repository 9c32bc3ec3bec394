/** Lines marked from outside: where a run failed, where the syntax breaks. */
import { type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import { type LineMark, lineOf } from "../notebook/failures.ts";

export const markLines = StateEffect.define<readonly LineMark[]>();

const line = Decoration.line({ class: "line-failed" });

const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let next = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(markLines)) next = decorate(transaction.newDoc.toString(), effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorate(text: string, marks: readonly LineMark[]): DecorationSet {
  const lines = text.split("\n");
  const numbers = new Set(marks.map((mark) => lineOf(lines, mark)).filter((number) => number !== null));
  const builder = new RangeSetBuilder<Decoration>();
  let at = 0;
  for (const [index, content] of lines.entries()) {
    if (numbers.has(index + 1)) builder.add(at, at, line);
    at += content.length + 1;
  }
  return builder.finish();
}

export const lineMarks: Extension = marked;
