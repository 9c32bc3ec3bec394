/** A cell's code: an editor while it is near the viewport, the same text without one elsewhere. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { StaticCode } from "../editor/highlight.tsx";
import { failuresOf } from "../notebook/failures.ts";
import { codeWarningsOf } from "../notebook/findings.ts";
import { proseRange } from "../notebook/markdown.ts";
import type { CellState } from "../notebook/state.ts";
import { useWorkbench } from "./context.ts";
import { type FocusRequest, requestFor } from "./focus.ts";

interface Properties {
  readonly cell: ReadonlySignal<CellState>;
  readonly isNear: boolean;
  readonly isAround: boolean;
}

export function Code({ cell, isNear, isAround }: Properties) {
  const { focus, documents } = useWorkbench();
  const id = cell.peek().id;
  const place = useRef<HTMLDivElement>(null);
  const [isMounted, setMounted] = useState(false);
  const [touched, setTouched] = useState<{ x: number; y: number } | null>(null);
  const wanted = useComputed(() => requestFor(focus.request.value, id, "editor")).value;
  const isWanted =
    documents.ready.value && (isNear || wanted !== null || touched !== null || documents.focused(cell.peek()).value);

  useLayoutEffect(() => {
    if (!isWanted || place.current === null) return;
    const unmount = documents.mount(cell.peek(), place.current);
    setMounted(true);
    return () => {
      unmount();
      setMounted(false);
    };
  }, [isWanted]);

  useLayoutEffect(() => {
    const view = documents.view(id);
    if (wanted === null || view === null) return;
    focus.request.value = null;
    const selection = selectionOf(wanted.caret, view.state.doc.length);
    view.focus();
    view.dispatch({ ...(selection === null ? {} : { selection }), scrollIntoView: true });
  });

  // A click on code that had no editor yet puts the caret where it would have been.
  useLayoutEffect(() => {
    const view = documents.view(id);
    if (touched === null || view === null) return;
    setTouched(null);
    view.focus();
    view.dispatch({ selection: { anchor: view.posAtCoords(touched, false) } });
  }, [touched, isMounted]);

  useLiveProse(cell, isMounted);
  useGivenNames(cell, isMounted);

  const marks = failuresOf(cell.value);
  const markKey = JSON.stringify(marks);
  useEffect(() => {
    documents.mark(id, marks);
  }, [markKey, isMounted]);

  useFindings(cell, isMounted);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: an editor takes its place; the keyboard gets there by the cell
    <div
      ref={place}
      class="cell-code"
      onMouseDown={(event) => {
        if (isMounted || event.button !== 0) return;
        event.preventDefault();
        setTouched({ x: event.clientX, y: event.clientY });
      }}
    >
      {!isMounted && <Standing text={documents.text(cell.peek()).value} plain={!isAround} />}
    </div>
  );
}

/** What stands there until the editor does; prose without the call around it, as in the editor. */
function Standing({ text, plain }: { text: string; plain: boolean }) {
  const prose = proseRange(text);
  if (prose === null) return <StaticCode text={text} plain={plain} />;
  const lines = text.slice(prose.from, prose.to).split("\n");
  const shown = lines.map((line) => line.replace(/^ +/, (spaces) => spaces.slice(prose.indent)));
  return <StaticCode text={shown.join("\n")} plain />;
}

/** What `quire check` found is underlined. */
function useFindings(cell: ReadonlySignal<CellState>, isMounted: boolean): void {
  const { documents, store } = useWorkbench();
  const id = cell.peek().id;
  const found = useComputed(() => store.findings.value.get(id)).value;
  const isDrawn = useRef(false);
  useEffect(() => {
    const warnings = codeWarningsOf(store.findings.peek(), id);
    if (!isMounted || (warnings.length === 0 && !isDrawn.current)) return;
    isDrawn.current = warnings.length > 0;
    documents.showFindings(id, warnings);
  }, [found, isMounted]);
}

/** While one works in a cell, it shows which of its names come from others; they lead there (F12, Ctrl+click). */
function useGivenNames(cell: ReadonlySignal<CellState>, isMounted: boolean): void {
  const { documents, links, store } = useWorkbench();
  const id = cell.peek().id;
  const isFocused = isMounted && documents.focused(cell.peek()).value;
  useEffect(() => {
    if (!isFocused) return;
    const release = links.use();
    const stop = store.links.subscribe(() => documents.nameGiven(id, links.givenTo(id)));
    return () => {
      stop();
      release();
      documents.nameGiven(id, []);
    };
  }, [isFocused]);
}

const PREVIEW_MS = 200;

/** Prose that nothing is filled into is shown while it is written: it costs nothing, and nobody depends on it. */
function useLiveProse(cell: ReadonlySignal<CellState>, isMounted: boolean): void {
  const { documents, focus, store } = useWorkbench();
  const id = cell.peek().id;
  const text = documents.text(cell.peek()).value;
  const isTyping = isMounted && documents.focused(cell.peek()).value;
  const shown = useRef(text);
  useEffect(() => {
    const isLive = isTyping && text !== shown.current && proseRange(text)?.isFilled === false;
    if (!isLive) return;
    const timer = setTimeout(() => {
      if (store.kernel.peek().status === "dead" || store.connection.peek() !== "open") return;
      shown.current = text;
      focus.editing.value = id; // what it shows does not take the place of what is being written
      documents.afterPush(id, () => store.ask({ kind: "runCells", cells: [id] }));
    }, PREVIEW_MS);
    return () => clearTimeout(timer);
  }, [text, isTyping]);
}

function selectionOf(
  caret: FocusRequest["caret"],
  length: number,
): { readonly anchor: number; readonly head: number } | null {
  if (caret === "keep") return null;
  const within = (at: number): number => Math.min(at, length);
  if (typeof caret === "object") return { anchor: within(caret.from), head: within(caret.to) };
  const at = caret === "start" ? 0 : caret === "end" ? length : within(caret);
  return { anchor: at, head: at };
}
