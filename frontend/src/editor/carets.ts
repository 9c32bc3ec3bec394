/** Where others type, shown in an editor: a thin line for a caret, a wash for a selection. Moves with what is typed here. */
import { type Extension, type Range, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import type { Caret } from "../protocol/generated.ts";

export const showCarets = StateEffect.define<readonly Caret[]>();

class CaretWidget extends WidgetType {
  override eq(): boolean {
    return true;
  }

  override toDOM(): HTMLElement {
    const line = document.createElement("span");
    line.className = "other-caret";
    line.title = "another page types here";
    return line;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const caretLine = Decoration.widget({ widget: new CaretWidget(), side: 1 });
const selected = Decoration.mark({ class: "other-selection" });

const shown = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let next = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(showCarets)) next = decorate(effect.value, transaction.newDoc.length);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Carets may be those of a longer text than the one here: what was typed there is on its way. */
function decorate(carets: readonly Caret[], length: number): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const caret of carets) {
    const head = Math.min(caret.head, length);
    const anchor = Math.min(caret.anchor, length);
    if (anchor !== head) ranges.push(selected.range(Math.min(anchor, head), Math.max(anchor, head)));
    ranges.push(caretLine.range(head));
  }
  return Decoration.set(ranges, true);
}

export const otherCarets: Extension = shown;
