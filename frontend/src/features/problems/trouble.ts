/** Everything that is wrong, once: problems with the cells they are about, and cells that failed. Pure. */
import { type CellState, hasFailed } from "../../notebook/state.ts";
import { counted, testsOf, tracebacksIn } from "../../notebook/tests.ts";
import type { CellId, ProblemView } from "../../protocol/generated.ts";

export interface Trouble {
  readonly key: string;
  /** The cell that leads there first. */
  readonly cell: CellId;
  readonly title: string;
  readonly message: string;
  /** Where else it shows. */
  readonly others: readonly CellId[];
  /** Null for a failure. */
  readonly problem: ProblemView | null;
  readonly line: number | null;
}

export function troublesOf(cells: readonly CellState[]): readonly Trouble[] {
  const found = new Map<string, Trouble>();
  for (const cell of cells) {
    for (const problem of cell.problems) {
      const key = `${problem.type} ${problem.name} ${problem.cells.join(" ")} ${problem.type === "SyntaxProblem" ? cell.id : ""}`;
      const known = found.get(key);
      // The cells that cause it know more ways out than those that suffer from it.
      if (known !== undefined && !(problem.cells.includes(cell.id) && !problem.cells.includes(known.cell))) continue;
      const others = problem.cells.filter((id) => id !== cell.id);
      const { message, line } = problem;
      found.set(key, { key, cell: cell.id, title: problem.name, message, others, problem, line });
    }
    if (hasFailed(cell)) found.set(`failed ${cell.id}`, failureOf(cell));
  }
  return [...found.values()];
}

function failureOf(cell: CellState): Trouble {
  const isCrash = cell.outcome === "crashed";
  const output = isCrash ? null : cell.output; // which is of an earlier run
  const traceback = tracebacksIn(output)[0];
  const tests = testsOf(output)?.filter((test) => test.outcome === "failed");
  const named = tests?.map((test) => test.name).join(", ");
  const line = traceback?.frames.findLast((frame) => frame.cell === cell.id)?.line ?? null;
  return {
    key: `failed ${cell.id}`,
    cell: cell.id,
    title: (tests && counted(tests)) ?? traceback?.error ?? (isCrash ? "kernel ended" : "failed"),
    message:
      named ?? traceback?.message ?? (isCrash ? "the kernel ended while the cell was running" : "the cell failed"),
    others: [],
    problem: null,
    line,
  };
}
