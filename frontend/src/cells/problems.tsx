/** Problems as help: the name, what happened, where, and what to do about it as buttons. */
import type { CellId, ProblemView } from "../protocol/generated.ts";
import { withCode } from "../ui/quoted.tsx";
import { useWorkbench } from "./context.ts";

export function Problems({ cell, problems }: { cell: CellId; problems: readonly ProblemView[] }) {
  const { help } = useWorkbench();
  return (
    <>
      {problems.map((problem) => (
        // biome-ignore lint/a11y/useSemanticElements: no place to jump to, and several may have one name
        <div key={`${problem.type} ${problem.name}`} class="problem" role="group" aria-label={TITLES[problem.type]}>
          <p class="problem-title">{TITLES[problem.type]}</p>
          <p>{withCode(problem.message)}</p>
          {problem.line !== null && problem.type === "SyntaxProblem" && (
            <p class="problem-place">
              line {problem.line}
              {problem.column !== null && `, column ${problem.column}`}
            </p>
          )}
          {problem.fixes.length > 0 && (
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
        </div>
      ))}
    </>
  );
}

const TITLES: Record<ProblemView["type"], string> = {
  DefinedTwice: "One name, two definitions",
  Cycle: "These cells wait for each other",
  SetupReads: "The setup cell comes first",
  StarImport: "Nobody can tell which names this brings",
  OutsideCell: "Defined outside of a cell",
  DuplicateName: "One name, several cells",
  SyntaxProblem: "Python cannot read this",
};
