/** What `quire check` found in a cell, in a word beside it; the panel of problems says the rest. */
import { useComputed } from "@preact/signals";
import { codeWarningsOf, ruleWords } from "../notebook/findings.ts";
import type { CellId } from "../protocol/generated.ts";
import { useWorkbench } from "./context.ts";

export function Warnings({ cell }: { cell: CellId }) {
  const { store, surface } = useWorkbench();
  const warnings = useComputed(() => codeWarningsOf(store.findings.value, cell)).value;
  const [first, ...others] = warnings;
  if (first === undefined) return null;
  return (
    <button
      type="button"
      class="cell-warnings"
      title={warnings.map((finding) => finding.message.replaceAll("`", "")).join("\n")}
      onClick={() => surface.openPanel("problems")}
    >
      {ruleWords(first)}
      {others.length > 0 && ` +${others.length}`}
    </button>
  );
}
