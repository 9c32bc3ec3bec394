/** The line at the bottom: problems, what the kernel does, whether the server is there. */
import { useComputed, useSignalEffect } from "@preact/signals";
import { CircleAlert, CircleCheck } from "lucide";
import { useWorkbench } from "../cells/context.ts";
import { warningsOf } from "../notebook/findings.ts";
import { problemCount, progressOf, waitingCell } from "../notebook/state.ts";
import { elapsed, now, runClock } from "../ui/clock.ts";
import { Icon } from "../ui/icon.tsx";
import { connectionWords, kernelWords, memoryWords, presenceWords, problemWords, warningWords } from "./words.ts";

export function StatusLine() {
  const { store } = useWorkbench();
  const path = store.path.value;
  const version = store.version.value;
  const connection = store.connection.value;
  return (
    <footer class="status-line">
      <ProblemsButton />
      {/* Before the words that change while cells run: what is to be clicked must not move. */}
      <RunMode />
      <KernelState />
      <WaitingCell />
      <span class="status-memory" title="memory of the kernel's process when it last came to rest">
        {memoryWords(store.kernel.value.memory)}
      </span>
      <span class="status-space" />
      <span class="status-presence">{presenceWords(store.pages.value.size)}</span>
      <span class="status-path" title={version === "" ? path : `${path} · Quire ${version}`}>
        {path}
      </span>
      <span class="status-connection" data-status={connection} role="status">
        {connectionWords(connection)}
      </span>
    </footer>
  );
}

/** Leads to the panel with all of them. */
function ProblemsButton() {
  const { registry, store, surface } = useWorkbench();
  const count = useComputed(() => problemCount(store.state.value)).value;
  const warnings = useComputed(() => {
    let sum = 0;
    for (const cell of store.findings.value.keys()) sum += warningsOf(store.findings.value, cell).length;
    return sum;
  }).value;
  return (
    <button
      type="button"
      class="status-problems"
      data-count={count}
      title={registry.tip("panel.problems", "show the problems")}
      aria-pressed={surface.panel.value === "problems"}
      onClick={() => surface.togglePanel("problems")}
    >
      <Icon icon={count === 0 ? CircleCheck : CircleAlert} size={14} />
      <span>
        <span role="status">{problemWords(count)}</span>
        {/* Not read out: they come and go while one writes. */}
        {warnings > 0 && <span class="status-warnings">, {warningWords(warnings)}</span>}
      </span>
    </button>
  );
}

/** Whether cells run by themselves; a click changes it for this notebook. */
function RunMode() {
  const { registry, running, store } = useWorkbench();
  const lazy = store.lazy.value;
  return (
    <button
      type="button"
      class="status-mode"
      title={registry.tip(
        "runtime.toggleLazy",
        lazy ? "what depends on a cell waits until it is asked for" : "what depends on a cell runs with it",
      )}
      onClick={() => running.setLazy(!lazy)}
    >
      {lazy ? "lazy" : "automatic"}
    </button>
  );
}

/** Leads to the field where a cell waits for something that somebody types. */
function WaitingCell() {
  const { focus, store } = useWorkbench();
  const id = useComputed(() => waitingCell(store.state.value)).value;
  const number = id === null ? 0 : (store.positions.value.get(id) ?? 0) + 1;
  return (
    <span class="status-waiting" role="status">
      {id !== null && (
        <button type="button" class="link" onClick={() => focus.on(id, "input", "keep")}>
          cell {number} waits for input
        </button>
      )}
    </span>
  );
}

function KernelState() {
  const { store } = useWorkbench();
  const progress = useComputed(() => progressOf(store.state.value)).value;
  const { status } = store.kernel.value;
  const isRunning = progress.running !== null;
  useSignalEffect(() => runClock(progressOf(store.state.value).running !== null));
  const started = progress.running?.started ?? null;
  const seconds = isRunning && started !== null && now.value >= 0 ? store.secondsSince(started) : 0;
  return (
    <span class="status-kernel" data-status={status}>
      {kernelWords(status, progress.current, progress.total)}
      {isRunning && `, ${elapsed(seconds)}`}
    </span>
  );
}
