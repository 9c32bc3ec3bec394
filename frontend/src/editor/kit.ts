/** All that needs CodeMirror, in one piece: fetched while the page already shows its cells. */
import { closeCompletion } from "@codemirror/autocomplete";
import type { EditorState } from "@codemirror/state";
import { EditorView, tooltips, type ViewUpdate } from "@codemirror/view";
import type { LineMark } from "../notebook/failures.ts";
import type { Caret, CellId, FindingView } from "../protocol/generated.ts";
import { otherCarets, showCarets } from "./carets.ts";
import { completions } from "./completion.ts";
import { findingMarks, showFindings } from "./findings.ts";
import { folding } from "./folding.ts";
import { givenNames, nameGiven } from "./given.ts";
import { hoverDocumentation } from "./hover.ts";
import { type KeymapName, Keymaps } from "./keymaps.ts";
import { cellKeys, type WaysOut } from "./keys.ts";
import { codeLook } from "./look.ts";
import { lineMarks, markLines } from "./marks.ts";
import { isCallShown, proseView, showCall } from "./prose.ts";
import { pythonLanguage } from "./python.ts";
import { signatureHelp } from "./signature.ts";
import { accepted, createState, overtaken, unconfirmed } from "./sync.ts";

export interface EditorKit {
  readonly create: (id: CellId, text: string, onUpdate: (update: ViewUpdate) => void) => EditorState;
  readonly show: (state: EditorState, parent: HTMLElement) => EditorView;
  readonly mark: (view: EditorView, marks: readonly LineMark[]) => void;
  readonly showCarets: (view: EditorView, carets: readonly Caret[]) => void;
  readonly showFindings: (view: EditorView, findings: readonly FindingView[]) => void;
  /** The names in this cell that come from others. */
  readonly nameGiven: (view: EditorView, names: readonly string[]) => void;
  /** Change between prose and the call around it. */
  readonly turnProse: (view: EditorView) => void;
  /** Put away what only belongs to typing, such as the list of completions. */
  readonly settle: (view: EditorView) => void;
  readonly setKeymap: (name: KeymapName) => Promise<void>;
  readonly accepted: typeof accepted;
  readonly overtaken: typeof overtaken;
  readonly unconfirmed: typeof unconfirmed;
}

/** `nonce`: what the page's policy asks of the styles that the editor writes. */
export function makeKit(nonce: string, out: WaysOut): EditorKit {
  const keymaps = new Keymaps(out.save);
  const shared = [
    EditorView.cspNonce.of(nonce),
    EditorView.contentAttributes.of({ "aria-label": "code", tabindex: "0" }),
    // Cells clip what leaves them.
    tooltips({ parent: document.body }),
    codeLook,
    lineMarks,
    findingMarks,
    otherCarets,
    givenNames,
  ];
  return {
    create: (id, text, onUpdate) =>
      createState(text, [
        keymaps.extension(),
        EditorView.updateListener.of(onUpdate),
        cellKeys(id, out),
        proseView(text, [
          pythonLanguage,
          folding,
          // Its Escape comes first, and leaves an open list to the list.
          signatureHelp(id, out.ask),
          completions(id, out.ask),
          hoverDocumentation(id, out.ask),
        ]),
        shared,
      ]),
    show: (state, parent) => new EditorView({ state: keymaps.current(state), parent }),
    setKeymap: (name) => keymaps.choose(name),
    mark: (view, marks) => view.dispatch({ effects: markLines.of(marks) }),
    showCarets: (view, carets) => view.dispatch({ effects: showCarets.of(carets) }),
    showFindings: (view, findings) => view.dispatch({ effects: showFindings.of(findings) }),
    nameGiven: (view, names) => view.dispatch({ effects: nameGiven.of(names) }),
    turnProse: (view) => view.dispatch({ effects: showCall.of(!isCallShown(view.state)) }),
    settle: (view) => closeCompletion(view),
    accepted,
    overtaken,
    unconfirmed,
  };
}
