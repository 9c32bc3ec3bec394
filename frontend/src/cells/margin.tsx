/** What stands beside a cell: on the left the run button and the handle, on the right its name, its state and its menu. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { Ellipsis, GripVertical, Play, Square } from "lucide";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CellState } from "../notebook/state.ts";
import { elapsed, now } from "../ui/clock.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { useWorkbench } from "./context.ts";
import { startDrag } from "./drag.ts";
import { requestFor } from "./focus.ts";
import { FoldButton } from "./folded.tsx";
import { Importable } from "./importable.tsx";
import { lookOf, phraseOf } from "./look.ts";
import { cellMenu } from "./menu.ts";
import { Runs } from "./runs.tsx";
import { Warnings } from "./warnings.tsx";

interface Properties {
  readonly cell: ReadonlySignal<CellState>;
}

export function LeftMargin({ cell }: Properties) {
  const bench = useWorkbench();
  const { id, type } = cell.value;
  if (type === "stray") return null;
  return (
    <div class="cell-left">
      {type !== "setup" && (
        // The keyboard moves cells by its own keys; the handle is for the pointer.
        <button
          type="button"
          class="icon-button cell-handle"
          tabIndex={-1}
          aria-label="drag to move the cell"
          title={`drag to move (${bench.registry.keysOf("cell.moveUp")}, ${bench.registry.keysOf("cell.moveDown")})`}
          onPointerDown={(event) => startDrag(bench, id, event)}
        >
          <Icon icon={GripVertical} size={14} />
        </button>
      )}
      <RunButton cell={cell} />
      <FoldButton cell={cell.value} />
    </div>
  );
}

function RunButton({ cell }: Properties) {
  const { registry, running, selection } = useWorkbench();
  const { id, activity } = cell.value;
  const busy = activity === "running";
  const label = busy ? registry.tip("global.interrupt") : registry.tip("cell.run");
  return (
    <button
      type="button"
      class="icon-button cell-run"
      aria-label={label}
      title={label}
      onClick={() => (busy ? running.interrupt() : running.run(selection.around(id)))}
    >
      <Icon icon={busy ? Square : Play} size={16} />
    </button>
  );
}

export function Margin({ cell }: Properties) {
  const workbench = useWorkbench();
  const { id, type, hideCode } = cell.value;
  return (
    <div class="cell-margin">
      {type !== "stray" && (
        <Menu label="cell menu" button={<Icon icon={Ellipsis} size={16} />} groups={() => cellMenu(workbench, id)} />
      )}
      {type === "setup" || type === "stray" ? <span class="cell-kind">{type}</span> : <Name cell={cell} />}
      <Importable cell={cell} />
      <State key={id} cell={cell} />
      <Warnings cell={id} />
      {hideCode && (
        <button type="button" class="cell-name" data-named={false} onClick={() => workbench.focus.edit(id)}>
          code is hidden
        </button>
      )}
    </div>
  );
}

function Name({ cell }: Properties) {
  const { focus, placing, registry } = useWorkbench();
  const { id, name } = cell.value;
  const [isEdited, setEdited] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const isAsked = useComputed(() => requestFor(focus.request.value, id, "name") !== null).value;
  useLayoutEffect(() => {
    if (!isAsked) return;
    focus.request.value = null;
    setEdited(true);
  }, [isAsked]);
  useLayoutEffect(() => field.current?.select(), [isEdited]);
  const isNamed = name !== "_";
  if (!isEdited) {
    return (
      <button
        type="button"
        class="cell-name"
        data-named={isNamed}
        title={registry.tip("cell.rename")}
        onClick={() => setEdited(true)}
      >
        {isNamed ? name : "name"}
      </button>
    );
  }
  const finish = (text: string | null): void => {
    setEdited(false);
    if (text !== null) placing.rename(id, text);
  };
  return (
    <input
      ref={field}
      class="cell-name-field"
      aria-label="cell name"
      placeholder="name"
      spellcheck={false}
      defaultValue={isNamed ? name : ""}
      onBlur={(event) => isEdited && finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") finish(null);
        if (event.key === "Enter") finish(event.currentTarget.value);
        if (event.key === "Escape" || event.key === "Enter") focus.goTo(id);
      }}
    />
  );
}

function State({ cell }: Properties) {
  const { store } = useWorkbench();
  const state = cell.value;
  const phrase = phraseOf(state);
  const look = lookOf(state);
  if (look === "running") {
    // Reading the clock here and nowhere else redraws this line alone.
    const seconds = now.value >= 0 && state.started !== null ? store.secondsSince(state.started) : 0;
    return <div class="cell-state">{state.input === null ? elapsed(seconds) : "waits for input"}</div>;
  }
  return (
    <div class="cell-state" data-look={look}>
      {phrase !== "" && <span>{phrase}</span>}
      {look !== "queued" && <Runs cell={cell} />}
    </div>
  );
}
