/** All problems and failures of the notebook, each with a way to it and the ways out; below them what `quire check` found. */
import "./problems.css";
import { useComputed } from "@preact/signals";
import { useWorkbench } from "../../cells/context.ts";
import { allWarnings, FILE, type Found, ruleWords } from "../../notebook/findings.ts";
import type { CellState } from "../../notebook/state.ts";
import { pageService } from "../../protocol/files.ts";
import type { CellId } from "../../protocol/generated.ts";
import { withCode } from "../../ui/quoted.tsx";
import { type Trouble, troublesOf } from "./trouble.ts";

export default function ProblemsPanel() {
  const { store } = useWorkbench();
  const troubles = useComputed(() => {
    const { order, cells } = store.state.value;
    return troublesOf(order.map((id) => cells.get(id)).filter((cell) => cell !== undefined));
  }).value;
  const warnings = useComputed(() => allWarnings(store.state.value)).value;
  if (troubles.length === 0 && warnings.length === 0) {
    return <p class="panel-empty">Nothing is wrong: no problems, no cell has failed, nothing to warn of.</p>;
  }
  return (
    <>
      <ul class="troubles">
        {troubles.map((trouble) => (
          <TroubleItem key={trouble.key} trouble={trouble} />
        ))}
      </ul>
      {warnings.length > 0 && (
        <section aria-label="warnings">
          <h3 class="warnings-title">Runs, but worth a look</h3>
          <ul class="troubles">
            {warnings.map((found) => (
              <WarningItem key={keyOf(found)} found={found} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function TroubleItem({ trouble }: { trouble: Trouble }) {
  const { help } = useWorkbench();
  const { cell, problem } = trouble;
  return (
    <li class="trouble">
      {trouble.title !== "" && <code class="trouble-title">{trouble.title}</code>}
      <p>{withCode(trouble.message)}</p>
      <p class="trouble-places">
        {[cell, ...trouble.others].map((id, at) => (
          <PlaceLink key={id} cell={id} line={at === 0 ? trouble.line : null} />
        ))}
      </p>
      {problem !== null && problem.fixes.length > 0 && (
        <p class="problem-fixes">
          {problem.fixes.map((fix) => (
            <button
              key={fix.kind + fix.label}
              type="button"
              class="button"
              onClick={() => help.fix(cell, problem, fix.kind)}
            >
              {withCode(fix.label)}
            </button>
          ))}
        </p>
      )}
    </li>
  );
}

function keyOf({ cell, finding }: Found): string {
  return `${cell} ${finding.code} ${finding.line} ${finding.column} ${finding.message}`;
}

function WarningItem({ found: { cell, finding } }: { found: Found }) {
  const { help } = useWorkbench();
  return (
    <li class="trouble">
      <p>{withCode(finding.message)}</p>
      <p class="trouble-places">
        <WarningPlace found={{ cell, finding }} />
        <a class="link trouble-rule" href={pageService(document).rule(finding.code)} target="_blank" rel="noopener">
          {finding.code} {ruleWords(finding)}
        </a>
      </p>
      {finding.fix !== "" && (
        <p class="problem-fixes">
          <button type="button" class="button" onClick={() => help.mend(cell, finding)}>
            {withCode(finding.fix)}
          </button>
        </p>
      )}
    </li>
  );
}

function WarningPlace({ found: { cell, finding } }: { found: Found }) {
  const { help, store } = useWorkbench();
  if (cell === FILE) return <span>file, line {finding.line}</span>;
  const state = store.cell(cell)?.value;
  if (state === undefined) return null;
  return (
    <button type="button" class="link" onClick={() => help.goToFinding(cell, finding)}>
      {placeName(state, store.order.value.indexOf(cell))}, line {finding.line}
    </button>
  );
}

function PlaceLink({ cell, line }: { cell: CellId; line: number | null }) {
  const { focus, store } = useWorkbench();
  const state = store.cell(cell)?.value;
  if (state === undefined) return null;
  const at = store.order.value.indexOf(cell);
  return (
    <button type="button" class="link" onClick={() => focus.goTo(cell)}>
      {placeName(state, at)}
      {line !== null && `, line ${line}`}
    </button>
  );
}

function placeName(cell: CellState, at: number): string {
  if (cell.type === "setup") return "setup";
  return cell.name === "_" ? `cell ${at + 1}` : cell.name;
}
