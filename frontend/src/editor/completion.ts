/** Ways to go on writing, from the kernel; while there is none, the words that stand in the cell. */
import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
  moveCompletionSelection,
} from "@codemirror/autocomplete";
import { localCompletionSource } from "@codemirror/lang-python";
import { syntaxTree } from "@codemirror/language";
import { type EditorState, type Extension, Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import type { CellId, CodeAnswer } from "../protocol/generated.ts";
import { documentationBox } from "./documentation.ts";
import {
  type AskCode,
  type CodeQuestion,
  invitesCompletion,
  isInKey,
  questionAt,
  startOfLast,
  withWritten,
} from "./questions.ts";

const WORD = /^[\p{L}\p{N}_]*$/u;
const KEY = /^[^"'\n]*$/u;

export function completions(cell: CellId, ask: AskCode): Extension {
  const source = (context: CompletionContext): Promise<CompletionResult | null> => complete(context, cell, ask);
  return [
    autocompletion({
      override: [source],
      activateOnTypingDelay: 50,
      defaultKeymap: false,
      optionClass: (completion) => `completion-${completion.type ?? "variable"}`,
    }),
    // Before the arrows that lead out of the cell.
    Prec.highest(
      keymap.of([
        ...completionKeymap,
        { key: "Tab", run: acceptCompletion },
        { key: "Ctrl-j", run: moveCompletionSelection(true) },
        { key: "Ctrl-k", run: moveCompletionSelection(false) },
      ]),
    ),
  ];
}

async function complete(context: CompletionContext, cell: CellId, ask: AskCode): Promise<CompletionResult | null> {
  const { state, pos, explicit } = context;
  const line = state.doc.lineAt(pos);
  const before = state.doc.sliceString(line.from, pos);
  if (!explicit && !(invitesCompletion(before) && isCode(state, pos, before))) return null;
  const question = questionAt(state, pos, cell, "completions");
  const answer = await ask(question);
  if (context.aborted) return null;
  if (answer === null) return localCompletionSource(context);
  return resultOf(answer, before, line.from, (label) => describe(ask, withWritten(question, answer.typed, label)));
}

/** `describe`: what the entry is, asked for when it is selected. */
export function resultOf(
  answer: CodeAnswer,
  before: string,
  lineStart: number,
  describe: (label: string) => Promise<HTMLElement | null>,
): CompletionResult | null {
  if (answer.completions.length === 0) return null;
  const options = answer.completions.map(
    ({ label, type, detail }): Completion => ({
      label,
      type,
      boost: rank(label),
      ...(detail === "" ? {} : { detail }),
      ...(type === "key" || type === "path" ? {} : { info: () => describe(label) }),
    }),
  );
  const from = lineStart + startOfLast(before, answer.typed);
  return { from, options, validFor: isInKey(before) ? KEY : WORD };
}

/** What is not meant for users comes last. */
function rank(label: string): number {
  if (label.startsWith("__")) return -2;
  return label.startsWith("_") ? -1 : 0;
}

/** Neither in a comment nor in text, but for keys. */
function isCode(state: EditorState, position: number, before: string): boolean {
  const { name } = syntaxTree(state).resolveInner(position, -1);
  if (name === "Comment") return false;
  return isInKey(before) || !/String$/.test(name);
}

async function describe(ask: AskCode, question: CodeQuestion): Promise<HTMLElement | null> {
  const documentation = (await ask({ ...question, about: "documentation" }))?.documentation ?? null;
  return documentation === null ? null : documentationBox(documentation);
}
