/** One cell: code on a sheet, its state beside it, what it made below. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { StaticCode } from "../editor/highlight.tsx";
import type { CellState } from "../notebook/state.ts";
import { ConsoleOutput } from "../outputs/console.tsx";
import { OutputView } from "../outputs/output.tsx";
import { requestFor, viewOf } from "./actions.ts";
import { Between } from "./between.tsx";
import { Code } from "./code.tsx";
import { useWorkbench } from "./context.ts";
import { lookOf, nameOf } from "./look.ts";
import { Margin, RunButton } from "./margin.tsx";
import { Problems } from "./problems.tsx";
import { useNearness } from "./viewport.ts";

interface PlaceProperties {
  readonly cell: ReadonlySignal<CellState>;
  readonly index: number;
  readonly isLast: boolean;
}

/** So many cells from the top are whole in the first paint. */
const EARLY = 12;

/** Where a cell stands, with the gap below it. Far from the viewport only code and outputs are there, for the eye and for searching. */
export function CellPlace({ cell, index, isLast }: PlaceProperties) {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNearness(place, "near", false);
  const isAround = useNearness(place, "around", index < EARLY) || isLast;
  return (
    <div ref={place} class="cell-place">
      <Cell cell={cell} index={index} isNear={isNear} isAround={isAround} />
      {isAround && <Between after={cell.value.id} always={isLast} />}
    </div>
  );
}

interface Properties {
  readonly cell: ReadonlySignal<CellState>;
  readonly index: number;
  readonly isNear: boolean;
  readonly isAround: boolean;
}

function Cell({ cell, index, isNear, isAround }: Properties) {
  const { actions, documents } = useWorkbench();
  const state = cell.value;
  const { id } = state;
  const place = useRef<HTMLElement>(null);
  const isEditing = useComputed(() => actions.editing.value === id).value;
  const view = viewOf(state, documents.text(state).value, isEditing);
  useFocus(id, place);
  useEndOfEditing(cell, isEditing);
  return (
    <section
      ref={place}
      class="cell"
      data-cell={id}
      data-type={state.type}
      data-look={lookOf(state)}
      data-view={view}
      aria-label={nameOf(state, index)}
      tabIndex={-1}
      onDblClick={(event) => {
        if (view === "rendered" && !isControl(event.target)) actions.edit(id);
      }}
    >
      {isAround && <RunButton cell={cell} />}
      <div class="cell-sheet">
        {state.type === "stray" && <Stray cell={state} />}
        {view === "code" && state.type !== "stray" && <Code cell={cell} isNear={isNear} isAround={isAround} />}
        {view === "hidden" && (
          <button type="button" class="cell-hidden" onClick={() => actions.edit(id)}>
            code hidden
          </button>
        )}
      </div>
      {isAround && <Margin cell={cell} />}
      <Results cell={cell} />
    </section>
  );
}

function Results({ cell }: { cell: ReadonlySignal<CellState> }) {
  const { actions } = useWorkbench();
  const { id, problems, output, console } = cell.value;
  const shown = useMemo(
    () => output !== null && <OutputView output={output} cell={id} onGoTo={actions.goTo} />,
    [output],
  );
  const printed = useMemo(() => <ConsoleOutput book={console} />, [console]);
  if (problems.length === 0 && output === null && console.lines.length === 0) return null;
  return (
    <div class="cell-results">
      <Problems cell={id} problems={problems} />
      <div class="cell-output">{shown}</div>
      {printed}
    </div>
  );
}

/** A statement between cells: Python runs it when it runs the file, the notebook does not. */
function Stray({ cell }: { cell: CellState }) {
  const { actions } = useWorkbench();
  return (
    <>
      <div class="cell-code">
        <StaticCode text={cell.code} plain={false} />
      </div>
      <p class="stray-note">
        stands between cells; runs only when Python runs the file
        <button type="button" class="button" onClick={() => actions.makeCell(cell.id)}>
          make this a cell
        </button>
      </p>
    </>
  );
}

/** Take the focus when it is meant for the cell as a whole. */
function useFocus(id: string, place: { readonly current: HTMLElement | null }): void {
  const { actions } = useWorkbench();
  const isAsked = useComputed(() => requestFor(actions.focus.value, id, "cell") !== null).value;
  useLayoutEffect(() => {
    if (!isAsked || place.current === null) return;
    actions.focus.value = null;
    place.current.focus({ preventScroll: true });
    place.current.scrollIntoView({ block: "nearest" });
  }, [isAsked]);
}

/** Text that was opened to be edited closes again when the editor is left and nothing was changed. */
function useEndOfEditing(cell: ReadonlySignal<CellState>, isEditing: boolean): void {
  const { actions, documents } = useWorkbench();
  const isFocused = documents.focused(cell.peek()).value;
  const hadFocus = useRef(false);
  useEffect(() => {
    if (isEditing && hadFocus.current && !isFocused) actions.editing.value = null;
    hadFocus.current = isEditing && isFocused;
  }, [isEditing, isFocused]);
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a, input, select, textarea, quire-element") !== null;
}
