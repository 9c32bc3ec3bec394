/** One cell: code on a sheet, its state beside it, what it made below. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { StaticCode } from "../editor/highlight.tsx";
import { withoutPrompt } from "../notebook/console.ts";
import type { CellState } from "../notebook/state.ts";
import { ConsoleOutput } from "../outputs/console.tsx";
import { OutputView } from "../outputs/output.tsx";
import { openMenuAt } from "../ui/menu.tsx";
import { Between } from "./between.tsx";
import { Code } from "./code.tsx";
import { useWorkbench } from "./context.ts";
import { requestFor } from "./focus.ts";
import { FoldedAway } from "./folded.tsx";
import { InstallOffer } from "./installing.tsx";
import { lookOf, nameOf } from "./look.ts";
import { LeftMargin, Margin } from "./margin.tsx";
import { cellMenu } from "./menu.ts";
import { Problems } from "./problems.tsx";
import { Question } from "./question.tsx";
import { viewOf } from "./view.ts";
import { useNearness } from "./viewport.ts";

interface PlaceProperties {
  readonly cell: ReadonlySignal<CellState>;
  readonly isAround: boolean;
  readonly isLast: boolean;
}

/** Where a cell stands, with the gap below it. Far from the viewport only code and outputs are there, for the eye and for searching. */
export function CellPlace({ cell, isAround, isLast }: PlaceProperties) {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNearness(place, "near", false, isAround);
  return (
    <div ref={place}>
      <Cell cell={cell} isNear={isNear} isAround={isAround} />
      <FoldedAway cell={cell.value.id} />
      {isAround && <Between after={cell.value.id} always={isLast} />}
    </div>
  );
}

interface Properties {
  readonly cell: ReadonlySignal<CellState>;
  readonly isNear: boolean;
  readonly isAround: boolean;
}

function Cell({ cell, isNear, isAround }: Properties) {
  const bench = useWorkbench();
  const { store, focus, documents, selection, surface } = bench;
  const state = cell.value;
  const { id } = state;
  const place = useRef<HTMLElement>(null);
  const isEditing = useComputed(() => focus.editing.value === id).value;
  const isSelected = useComputed(() => selection.selected.value.has(id)).value;
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
      data-selected={isSelected}
      // The number changes with every cell added above: not worth following far from the viewport.
      aria-label={isAround ? nameOf(state, store.positions.value.get(id) ?? 0) : undefined}
      tabIndex={-1}
      onDblClick={(event) => {
        if (view === "rendered" && !isControl(event.target)) focus.edit(id);
      }}
      onPointerDown={(event) => {
        if (event.button !== 0 || isInside(event.target)) return;
        if (event.shiftKey) selection.extendTo(id);
        else if (event.ctrlKey || event.metaKey) selection.toggle(id);
        else selection.clear();
      }}
      onContextMenu={(event) => {
        // The browser's own menu is one Shift away, and where it has more to offer than ours.
        if (event.shiftKey || surface.isPreview.peek() || wantsOwnMenu(event.target)) return;
        event.preventDefault();
        selection.reached(id);
        openMenuAt({ label: "cell menu", groups: cellMenu(bench, id), at: { x: event.clientX, y: event.clientY } });
      }}
    >
      {isAround && <LeftMargin cell={cell} />}
      <div class="cell-sheet">
        {state.type === "stray" && <Stray cell={state} />}
        {view === "code" && state.type !== "stray" && <Code cell={cell} isNear={isNear} isAround={isAround} />}
        {view === "hidden" && (
          <button type="button" class="cell-hidden" onClick={() => focus.edit(id)}>
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
  const { focus } = useWorkbench();
  const { id, problems, output, console, input, activity } = cell.value;
  const shown = useMemo(
    () => output !== null && <OutputView output={output} cell={id} onGoTo={focus.goTo} />,
    [output],
  );
  // Once it has asked, it may ask again; somebody may be typing ahead.
  const asks = useRef(false);
  asks.current = input !== null || (asks.current && activity === "running");
  const hasConsole = asks.current || console.lines.length > 0;
  const printed = useMemo(() => {
    const { above, prompt } = input === null ? { above: console, prompt: "" } : withoutPrompt(console);
    return <ConsoleOutput book={above}>{asks.current && <Question cell={cell} prompt={prompt} />}</ConsoleOutput>;
  }, [console, input, asks.current]);
  if (problems.length === 0 && output === null && !hasConsole) return null;
  return (
    <div class="cell-results">
      <Problems cell={id} problems={problems} />
      <div class="cell-output">{shown}</div>
      <InstallOffer cell={cell} />
      <DebugButton cell={cell} />
      {hasConsole && printed}
    </div>
  );
}

/** Below the traceback of the failure that the kernel has kept. */
function DebugButton({ cell }: { cell: ReadonlySignal<CellState> }) {
  const { registry, running, store } = useWorkbench();
  const { id, activity } = cell.value;
  const isKept = useComputed(() => store.debuggable.value === id).value;
  if (!isKept || activity === "running") return null;
  return (
    <button
      type="button"
      class="button cell-debug"
      title={registry.tip("cell.debug")}
      onClick={() => running.debug(id)}
    >
      Debug
    </button>
  );
}

const RUNS_WITH_PYTHON = "stands between cells; runs only when Python runs the file";

/** A statement between cells: Python runs it when it runs the file, the notebook does not. In markdown, a fence of SQL. */
function Stray({ cell }: { cell: CellState }) {
  const { help, store } = useWorkbench();
  const isMarkdown = store.carrier.value === "markdown";
  return (
    <>
      <div class="cell-code">
        <StaticCode text={cell.code} plain={false} />
      </div>
      <p class="stray-note">
        {isMarkdown ? "kept as it stands in the file; SQL does not run yet" : RUNS_WITH_PYTHON}
        {!isMarkdown && (
          <button type="button" class="button" onClick={() => help.makeCell(cell.id)}>
            make this a cell
          </button>
        )}
      </p>
    </>
  );
}

/** Take the focus when it is meant for the cell as a whole. */
function useFocus(id: string, place: { readonly current: HTMLElement | null }): void {
  const { focus } = useWorkbench();
  const isAsked = useComputed(() => requestFor(focus.request.value, id, "cell") !== null).value;
  useLayoutEffect(() => {
    if (!isAsked || place.current === null) return;
    focus.request.value = null;
    place.current.focus({ preventScroll: true });
    place.current.scrollIntoView({ block: "nearest" });
  }, [isAsked]);
}

/** Text that was opened to be edited closes again when the editor is left and nothing was changed. */
function useEndOfEditing(cell: ReadonlySignal<CellState>, isEditing: boolean): void {
  const { focus, documents } = useWorkbench();
  const isFocused = documents.focused(cell.peek()).value;
  const hadFocus = useRef(false);
  useEffect(() => {
    if (isEditing && hadFocus.current && !isFocused) focus.editing.value = null;
    hadFocus.current = isEditing && isFocused;
  }, [isEditing, isFocused]);
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a, input, select, textarea, quire-element") !== null;
}

/** In the code or in what it made, where the mouse has work of its own. */
function isInside(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".cell-code, .cell-results, button, input") !== null;
}

/** Links, pictures, fields, and text that somebody selected. */
function wantsOwnMenu(target: EventTarget | null): boolean {
  if (document.getSelection()?.isCollapsed === false) return true;
  return target instanceof Element && target.closest("a, img, input, textarea, select, iframe, .cm-editor") !== null;
}
