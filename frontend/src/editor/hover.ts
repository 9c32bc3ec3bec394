/** What a name is, shown while the pointer rests on it. */
import { syntaxTree } from "@codemirror/language";
import type { EditorState, Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import type { CellId } from "../protocol/generated.ts";
import { documentationBox } from "./documentation.ts";
import { type AskCode, questionAt } from "./questions.ts";

const NAMES = new Set(["VariableName", "PropertyName"]);

export function hoverDocumentation(cell: CellId, ask: AskCode): Extension {
  return hoverTooltip(
    async (view, position, side) => {
      const name = nameAt(view.state, position, side);
      if (name === null) return null;
      const answer = await ask(questionAt(view.state, name.to, cell, "documentation"));
      const documentation = answer?.documentation ?? null;
      if (documentation === null) return null;
      return { pos: name.from, end: name.to, above: true, create: () => ({ dom: documentationBox(documentation) }) };
    },
    { hoverTime: 350 },
  );
}

/** The name under the pointer, which is left (-1) or right (1) of the position. */
export function nameAt(
  state: EditorState,
  position: number,
  side: -1 | 1,
): { readonly from: number; readonly to: number } | null {
  const node = syntaxTree(state).resolveInner(position, side);
  return NAMES.has(node.name) ? { from: node.from, to: node.to } : null;
}
