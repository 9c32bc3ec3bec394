/** How long the last run took, beside the cell; who asks sees what it took otherwise, and the runs before it. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { CellState } from "../notebook/state.ts";
import type { PastRun, RunsListed } from "../protocol/generated.ts";
import { Aside } from "../ui/aside.tsx";
import { clockTime, duration } from "../ui/clock.ts";
import { size } from "../ui/size.ts";
import { useWorkbench } from "./context.ts";
import { requestFor } from "./focus.ts";
import { durationOf, memoryOf } from "./look.ts";

interface Properties {
  readonly cell: ReadonlySignal<CellState>;
}

export function Runs({ cell }: Properties) {
  const { focus } = useWorkbench();
  const { id } = cell.value;
  const isAsked = useComputed(() => requestFor(focus.request.value, id, "runs") !== null).value;
  useLayoutEffect(() => {
    if (isAsked) focus.request.value = null;
  }, [isAsked]);
  const time = durationOf(cell.value);
  if (time === "") return null;
  const label = [time, memoryOf(cell.value)].filter((part) => part !== "").join(", ");
  return (
    <Aside class="cell-runs" label={label} title="what its runs took" isAsked={isAsked}>
      {() => <History cell={cell} />}
    </Aside>
  );
}

function History({ cell }: Properties) {
  const { store } = useWorkbench();
  const [listed, setListed] = useState<RunsListed | null>(null);
  const { id, activity, duration: took } = cell.value;
  useEffect(() => {
    if (activity === "idle") void store.askRuns(id).then((answer) => answer && setListed(answer));
  }, [activity, took]);
  return listed === null ? <p>asking …</p> : <RunsTable listed={listed} />;
}

function RunsTable({ listed: { total, runs } }: { listed: RunsListed }) {
  const peak = runs[0]?.costs?.peak ?? null;
  return (
    <>
      <table class="runs">
        <caption>{totalWords(total, runs.length)}</caption>
        <thead>
          <tr>
            {["at", "took", "processor", "memory", "output"].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.started}>
              <td>{clockTime(run.started, Date.now())}</td>
              <td>{tookWords(run)}</td>
              <td>{run.costs === null ? "–" : duration(run.costs.cpu)}</td>
              <td>{memoryIn(run)}</td>
              <td>{size(run.output)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {peak !== null && <p class="runs-peak">The kernel held {size(peak)} at most in the newest.</p>}
    </>
  );
}

/** `3 runs`, `412 runs, the last 20`. */
export function totalWords(total: number, shown: number): string {
  const all = total === 1 ? "1 run" : `${total.toLocaleString("en")} runs`;
  return total > shown ? `${all}, the last ${shown}` : all;
}

/** `3.2 s`, `0.4 ms, failed`. */
function tookWords({ duration: seconds, outcome }: PastRun): string {
  return outcome === "succeeded" ? duration(seconds) : `${duration(seconds)}, ${outcome}`;
}

function memoryIn({ costs }: PastRun): string {
  const memory = costs?.memory ?? null;
  if (memory === null) return "–";
  return memory === 0 ? "0 B" : `+${size(memory)}`;
}
