/** The parameters of the call that is being written, above it. */
import { completionStatus } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import { type EditorState, type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, keymap, showTooltip, type Tooltip, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { CellId, Signature } from "../protocol/generated.ts";
import { signatureBox } from "./documentation.ts";
import { type AskCode, questionAt } from "./questions.ts";

interface Shown {
  /** Where the arguments begin. */
  readonly at: number;
  readonly signature: Signature;
}

const show = StateEffect.define<Shown | null>();

const shown = StateField.define<Shown | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(show)) return effect.value;
    return value === null ? null : { ...value, at: transaction.changes.mapPos(value.at, -1) };
  },
  provide: (field) => showTooltip.from(field, (value) => (value === null ? null : tooltipOf(value))),
});

function tooltipOf({ at, signature }: Shown): Tooltip {
  return { pos: at, above: true, create: () => ({ dom: signatureBox(signature) }) };
}

/** Where the arguments begin that the position stands in; null outside of any call. */
export function argumentsAt(state: EditorState, position: number): number | null {
  for (let node = syntaxTree(state).resolveInner(position, -1); ; ) {
    if (node.name === "ArgList" && position > node.from && (position < node.to || !isClosed(state, node))) {
      return node.from;
    }
    if (node.parent === null || node.name === "Body" || node.name === "Comment") return null;
    node = node.parent;
  }
}

function isClosed(state: EditorState, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return to - from > 1 && state.doc.sliceString(to - 1, to) === ")";
}

export function signatureHelp(cell: CellId, ask: AskCode): Extension {
  const follower = ViewPlugin.define((view) => new Follower(view, cell, ask), {
    eventHandlers: {
      blur() {
        this.close();
      },
    },
  });
  const keys = keymap.of([
    { key: "Mod-Shift-Space", run: (view) => view.plugin(follower)?.ask() ?? false },
    {
      key: "Escape",
      run: (view) => completionStatus(view.state) !== "active" && (view.plugin(follower)?.close() ?? false),
    },
  ]);
  return [shown, follower, Prec.highest(keys)];
}

/** Asks when a call begins or goes on, closes when it is left. */
class Follower {
  readonly #view: EditorView;
  readonly #cell: CellId;
  readonly #ask: AskCode;
  #asked = 0;
  /** An answer is on its way; whoever types on meanwhile needs another one. */
  #isWaiting = false;

  constructor(view: EditorView, cell: CellId, ask: AskCode) {
    this.#view = view;
    this.#cell = cell;
    this.#ask = ask;
  }

  update(update: ViewUpdate): void {
    if (!update.docChanged && !update.selectionSet) return;
    const now = update.state.field(shown);
    const begun = update.docChanged && wasTyped(update, "(", ",");
    if (now === null && !begun && !this.#isWaiting) return;
    // Not now: a view takes no transaction while it updates.
    queueMicrotask(() => this.ask());
  }

  /** Show the call that the caret stands in. */
  ask(): boolean {
    const { state } = this.#view;
    const { head, empty } = state.selection.main;
    const at = empty ? argumentsAt(state, head) : null;
    if (at === null) return this.close();
    const number = ++this.#asked;
    this.#isWaiting = true;
    this.#ask(questionAt(state, head, this.#cell, "signature")).then((answer) => {
      // Something newer is on its way, or the call was left.
      if (number !== this.#asked) return;
      this.#isWaiting = false;
      const signature = answer?.signature ?? null;
      this.#show(signature === null ? null : { at, signature });
    });
    return true;
  }

  /** False when there was nothing to close. */
  close(): boolean {
    this.#asked += 1;
    this.#isWaiting = false;
    if (this.#view.state.field(shown) === null) return false;
    this.#show(null);
    return true;
  }

  destroy(): void {
    this.#asked += 1;
  }

  #show(value: Shown | null): void {
    this.#view.dispatch({ effects: show.of(value) });
  }
}

function wasTyped(update: ViewUpdate, ...characters: readonly string[]): boolean {
  if (!update.transactions.some((transaction) => transaction.isUserEvent("input"))) return false;
  let found = false;
  update.changes.iterChanges((_fromA, _toA, _fromB, _toB, inserted) => {
    found ||= characters.some((character) => inserted.toString().includes(character));
  });
  return found;
}
