/** Whether other programs can import what a cell defines: how where they can, why not where they cannot, and the way out. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { hintsOf } from "../notebook/findings.ts";
import type { CellState } from "../notebook/state.ts";
import { Aside } from "../ui/aside.tsx";
import { withCode } from "../ui/quoted.tsx";
import { useWorkbench } from "./context.ts";

export function Importable({ cell }: { cell: ReadonlySignal<CellState> }) {
  const { help, store } = useWorkbench();
  const { id, type, name } = cell.value;
  const hints = useComputed(() => hintsOf(store.findings.value, id)).value;
  if (type === "function" || type === "class") {
    return (
      <Aside class="cell-offer" label={`${type}, importable`}>
        {() => <p>{withCode(importWords(store.path.value, name))}</p>}
      </Aside>
    );
  }
  if (type !== "cell" || hints.length === 0) return null;
  return (
    <Aside class="cell-offer" label="not importable">
      {(close) =>
        hints.map((hint) => (
          <div key={hint.message}>
            <p>{withCode(sentence(hint.message))}</p>
            {hint.fix !== "" && (
              <p class="problem-fixes">
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    close();
                    help.mend(id, hint);
                  }}
                >
                  {withCode(hint.fix)}
                </button>
              </p>
            )}
          </div>
        ))
      }
    </Aside>
  );
}

/** How another program gets it. */
export function importWords(path: string, name: string): string {
  const stem = path.split(/[\\/]/).at(-1)?.replace(/\.py$/, "") ?? "";
  if (!/^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(stem)) {
    return `Other programs can import \`${name}\`, if the file gets a name that is an identifier.`;
  }
  return `Other programs get it by \`from ${stem} import ${name}\`. No cell is run for that.`;
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
