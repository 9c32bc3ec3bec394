/** The variables that cells share: name, type, value, where they are defined and read. Sent only while this is open. */
import "./variables.css";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useWorkbench } from "../../cells/context.ts";
import type { CellId, Variable } from "../../protocol/generated.ts";
import { type Column, type Known, nextSorting, type Sorting, shownOf, withChanges } from "./known.ts";

export default function VariablesPanel() {
  const { store } = useWorkbench();
  const known = useVariables();
  const words = useSignal("");
  const sorting = useSignal<Sorting>({ by: "cells", descending: false });
  const shown = useComputed(() => shownOf(known.value, words.value, sorting.value, store.order.value)).value;
  if (known.value.size === 0) return <p class="panel-empty">What your cells define for each other appears here.</p>;
  return (
    <div class="variables">
      <input
        type="search"
        class="input"
        aria-label="filter variables"
        placeholder="filter"
        value={words.value}
        onInput={(event) => {
          words.value = event.currentTarget.value;
        }}
      />
      <div class="variables-sorting">
        <Sorter sorting={sorting} by="name" label="Name" />
        <Sorter sorting={sorting} by="type" label="Type" />
      </div>
      <ul class="variables-list" aria-label="variables">
        {shown.map((variable) => (
          <Row key={variable.name} variable={variable} />
        ))}
      </ul>
      {shown.length === 0 && <p class="panel-empty">No variable is like that.</p>}
    </div>
  );
}

function Sorter({ sorting, by, label }: { sorting: { value: Sorting }; by: Column; label: string }) {
  const isBy = sorting.value.by === by;
  const way = sorting.value.descending ? "↓" : "↑";
  return (
    <button
      type="button"
      class="link"
      aria-pressed={isBy}
      onClick={() => {
        sorting.value = nextSorting(sorting.value, by);
      }}
    >
      {label} {isBy && <span aria-hidden="true">{way}</span>}
    </button>
  );
}

function Row({ variable }: { variable: Variable }) {
  return (
    <li class="variable">
      <div class="variable-head">
        <code class="variable-name">{variable.name}</code>
        <span class="variable-type">{variable.type}</span>
      </div>
      {variable.value !== "" && <code class="variable-value">{variable.value}</code>}
      <div class="variable-places">
        <Places label="defined by" cells={variable.cells} />
        {variable.readers.length > 0 && <Places label="read by" cells={variable.readers} />}
      </div>
    </li>
  );
}

function Places({ label, cells }: { label: string; cells: readonly CellId[] }) {
  const { focus, store } = useWorkbench();
  return (
    <span>
      {label}{" "}
      {cells.map((id) => {
        const at = store.order.value.indexOf(id);
        const cell = store.cell(id)?.value;
        if (cell === undefined) return null;
        return (
          <button key={id} type="button" class="link" onClick={() => focus.goTo(id)}>
            {cell.type === "setup" ? "setup" : cell.name === "_" ? `cell ${at + 1}` : cell.name}
          </button>
        );
      })}
    </span>
  );
}

/** Watch as long as the panel is there, on every connection. */
function useVariables(): { readonly value: Known } {
  const { store } = useWorkbench();
  const known = useSignal<Known>(new Map());
  useEffect(() => {
    const watch = (): unknown => store.ask({ kind: "watchVariables", watch: true });
    const stop = store.follow((notice) => {
      if (notice.kind === "variablesChanged") known.value = withChanges(known.peek(), notice);
      // Not now: the connection is open for commands once all notices of this frame are taken.
      if (notice.kind === "notebookOpened") queueMicrotask(watch);
    });
    if (store.connection.peek() === "open") watch();
    return () => {
      stop();
      if (store.connection.peek() === "open") store.ask({ kind: "watchVariables", watch: false });
    };
  }, []);
  return known;
}
