/** What `quire check` found, underlined in the code; the words come when the pointer rests there. */
import { type Extension, type Range, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, hoverTooltip } from "@codemirror/view";
import { rangeOf, ruleWords } from "../notebook/findings.ts";
import type { FindingView } from "../protocol/generated.ts";
import { findingBox } from "./documentation.ts";

export const showFindings = StateEffect.define<readonly FindingView[]>();

const shown = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let next = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(showFindings)) next = decorate(transaction.newDoc.toString(), effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function decorate(text: string, findings: readonly FindingView[]): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const finding of findings) {
    const { from, to } = rangeOf(text, finding);
    if (from < to) ranges.push(Decoration.mark({ class: "code-finding", finding }).range(from, to));
  }
  return Decoration.set(ranges, true);
}

const words = hoverTooltip(
  (view, position) => {
    const found: { finding: FindingView; from: number; to: number }[] = [];
    view.state.field(shown).between(position, position, (from, to, { spec }) => {
      found.push({ finding: spec.finding, from, to });
    });
    const [first] = found;
    if (first === undefined) return null;
    const create = () => ({
      dom: findingBox(found.map(({ finding }) => [finding.message, `${finding.code} ${ruleWords(finding)}`])),
    });
    return { pos: first.from, end: first.to, above: true, create };
  },
  { hoverTime: 350 },
);

export const findingMarks: Extension = [shown, words];
