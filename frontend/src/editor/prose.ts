/**
 * A cell of prose, edited as the markdown it is: the call around it is hidden and out of reach, the text stays the
 * cell's own, so that undo, other pages and the file know of one text only.
 */
import {
  type ChangeSpec,
  Compartment,
  EditorState,
  type Extension,
  StateEffect,
  StateField,
  Transaction,
  type TransactionSpec,
} from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import { type ProseRange, proseRange } from "../notebook/markdown.ts";
import { hiddenParts, leadingSpaces, markdownMarks } from "./prose-marks.ts";

/** Show the call around the prose, or hide it again. */
export const showCall = StateEffect.define<boolean>();

interface Prose {
  readonly range: ProseRange | null;
  readonly isCallShown: boolean;
}

const prose = StateField.define<Prose>({
  create: (state) => ({ range: proseRange(state.doc.toString()), isCallShown: false }),
  update(value, transaction) {
    let { range, isCallShown } = value;
    if (transaction.docChanged) range = proseRange(transaction.newDoc.toString());
    for (const effect of transaction.effects) if (effect.is(showCall)) isCallShown = effect.value;
    return range === value.range && isCallShown === value.isCallShown ? value : { range, isCallShown };
  },
});

/** The prose as it is shown; null where Python is. */
export function shownProse(state: EditorState): ProseRange | null {
  const { range, isCallShown } = state.field(prose);
  return isCallShown ? null : range;
}

export function isCallShown(state: EditorState): boolean {
  return state.field(prose).isCallShown;
}

const looks = EditorView.decorations.compute([prose], (state) => {
  const range = shownProse(state);
  return range === null ? Decoration.none : markdownMarks(state, range);
});

const hiding = EditorView.decorations.compute([prose], (state) => {
  const range = shownProse(state);
  return range === null ? Decoration.none : hiddenParts(state, range);
});

/** The caret does not go where nothing is to be seen. */
const skipping = EditorView.atomicRanges.of((view) => {
  const range = shownProse(view.state);
  return range === null ? Decoration.none : hiddenParts(view.state, range);
});

/** What is typed here changes the prose only, and never ends it. What others did has happened, and is not asked. */
const guarding = [
  EditorState.changeFilter.of((transaction) => {
    const range = shownProse(transaction.startState);
    return range === null || [0, range.from, range.to, transaction.startState.doc.length];
  }),
  EditorState.transactionFilter.of((transaction) => {
    if (!transaction.docChanged || shownProse(transaction.startState) === null) return transaction;
    return proseRange(transaction.newDoc.toString()) === null ? [] : transaction;
  }),
  EditorState.transactionFilter.of((transaction) => {
    const range = transaction.docChanged ? shownProse(transaction.startState) : null;
    return range === null || range.indent === 0 ? transaction : indented(transaction, range);
  }),
  // A click beside the text, "select all", a cell that has just become prose: all may mean places that are hidden.
  EditorState.transactionFilter.of((transaction) => {
    if (!transaction.docChanged && transaction.selection === undefined) return transaction;
    const range = proseIn(transaction.startState, transaction.newDoc.toString());
    const { ranges, main } = transaction.newSelection;
    if (range === null || ranges.length > 1) return transaction;
    const kept = { anchor: within(main.anchor, range), head: within(main.head, range) };
    if (kept.anchor === main.anchor && kept.head === main.head) return transaction;
    return [transaction, { selection: kept, sequential: true }];
  }),
];

function proseIn(before: EditorState, text: string): ProseRange | null {
  return isCallShown(before) ? null : proseRange(text);
}

function within(offset: number, range: ProseRange): number {
  return Math.min(Math.max(offset, range.from), range.to);
}

/** The indentation that nobody sees: lines that are joined lose it, new ones get it. */
function indented(transaction: Transaction, range: ProseRange): TransactionSpec {
  const { doc } = transaction.startState;
  const pad = " ".repeat(range.indent);
  const changes: ChangeSpec[] = [];
  let last = 0;
  transaction.changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    const first = doc.lineAt(fromA);
    const final = doc.lineAt(toA);
    const isInside = fromA < first.from + Math.min(range.indent, leadingSpaces(first.text));
    const from = toA > fromA && isInside && first.from > range.from ? first.from - 1 : fromA;
    const to =
      toA > fromA ? Math.max(toA, Math.min(final.from + range.indent, final.from + leadingSpaces(final.text))) : toA;
    const short = toA === fromA ? Math.max(0, range.indent - (fromA - first.from)) : 0;
    const text = inserted.toString().replaceAll(new RegExp(`\\n(?!${pad}|\\n)`, "g"), `\n${pad}`);
    changes.push({ from, to, insert: text === "" || text.startsWith("\n") ? text : pad.slice(0, short) + text });
    last = Math.max(last, to);
  });
  const event = transaction.annotation(Transaction.userEvent);
  return {
    changes,
    selection: { anchor: transaction.startState.changes(changes).mapPos(last, 1) },
    scrollIntoView: true,
    ...(event === undefined ? {} : { userEvent: event }),
  };
}

const proseLanguage: Extension = [
  EditorView.lineWrapping,
  EditorView.editorAttributes.of({ class: "code-prose" }),
  EditorView.contentAttributes.of({ "aria-label": "text", spellcheck: "true" }),
];

/** For a cell that begins with `text`. `python`: what holds while it is no prose. */
export function proseView(text: string, python: Extension): Extension {
  const language = new Compartment();
  const wanted = (range: ProseRange | null): Extension => (range === null ? python : proseLanguage);
  const switching = EditorState.transactionExtender.of((transaction) => {
    const before = shownProse(transaction.startState) === null;
    let isShown = isCallShown(transaction.startState);
    for (const effect of transaction.effects) if (effect.is(showCall)) isShown = effect.value;
    if (!transaction.docChanged && isShown === isCallShown(transaction.startState)) return null;
    const range = isShown ? null : proseRange(transaction.newDoc.toString());
    return before === (range === null) ? null : { effects: language.reconfigure(wanted(range)) };
  });
  return [prose, looks, hiding, skipping, guarding, switching, language.of(wanted(proseRange(text)))];
}
