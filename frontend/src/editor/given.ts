/** Names that come from other cells, underlined in the cell that reads them. */
import { syntaxTree } from "@codemirror/language";
import { type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";

export const nameGiven = StateEffect.define<readonly string[]>();

const given = StateField.define<ReadonlySet<string>>({
  create: () => new Set(),
  update(names, transaction) {
    for (const effect of transaction.effects) if (effect.is(nameGiven)) return new Set(effect.value);
    return names;
  },
});

const underline = Decoration.mark({ class: "name-given" });

const shown = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }

    update(update: ViewUpdate): void {
      const isOther = update.startState.field(given) !== update.state.field(given);
      const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || isOther || isParsed) this.decorations = decorate(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function decorate(view: EditorView): DecorationSet {
  const names = view.state.field(given);
  const builder = new RangeSetBuilder<Decoration>();
  if (names.size === 0) return builder.finish();
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: (node) => {
        if (node.name === "VariableName" && names.has(view.state.sliceDoc(node.from, node.to))) {
          builder.add(node.from, node.to, underline);
        }
      },
    });
  }
  return builder.finish();
}

export const givenNames: Extension = [given, shown];
