/** What stands beside a cell: on the left the run button, on the right its name, its state and its menu. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { Ellipsis, Play, Square } from "lucide";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CellState } from "../notebook/state.ts";
import { elapsed, now } from "../ui/clock.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { requestFor } from "./actions.ts";
import { useWorkbench } from "./context.ts";
import { durationOf, lookOf, phraseOf } from "./look.ts";
import { cellMenu } from "./menu.ts";
import { keysOf } from "./shortcuts.ts";

interface Properties {
  readonly cell: ReadonlySignal<CellState>;
}

export function RunButton({ cell }: Properties) {
  const { actions } = useWorkbench();
  const { id, activity, type } = cell.value;
  if (type === "stray") return null;
  const busy = activity === "running";
  const label = busy ? `interrupt (${keysOf("interrupt")})` : `run (${keysOf("run")})`;
  return (
    <button
      type="button"
      class="icon-button cell-run"
      aria-label={label}
      title={label}
      onClick={() => (busy ? actions.interrupt() : actions.run(id))}
    >
      <Icon icon={busy ? Square : Play} size={16} />
    </button>
  );
}

export function Margin({ cell }: Properties) {
  const workbench = useWorkbench();
  const { id, type, hint, hideCode } = cell.value;
  return (
    <div class="cell-margin">
      {type !== "stray" && (
        <Menu
          label="cell menu"
          button={<Icon icon={Ellipsis} size={16} />}
          groups={() => cellMenu(workbench, cell.peek())}
          note={hint}
        />
      )}
      {type === "setup" || type === "stray" ? <span class="cell-kind">{type}</span> : <Name cell={cell} />}
      {(type === "function" || type === "class") && (
        <span title={hint === "" ? undefined : hint}>{type}, importable</span>
      )}
      <State key={id} cell={cell} />
      {hideCode && (
        <button type="button" class="cell-name" data-named={false} onClick={() => workbench.actions.edit(id)}>
          code is hidden
        </button>
      )}
    </div>
  );
}

function Name({ cell }: Properties) {
  const { actions } = useWorkbench();
  const { id, name } = cell.value;
  const [isEdited, setEdited] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const isAsked = useComputed(() => requestFor(actions.focus.value, id, "name") !== null).value;
  useLayoutEffect(() => {
    if (!isAsked) return;
    actions.focus.value = null;
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
        title={`rename (${keysOf("rename")})`}
        onClick={() => setEdited(true)}
      >
        {isNamed ? name : "name"}
      </button>
    );
  }
  const finish = (text: string | null): void => {
    setEdited(false);
    if (text !== null) actions.rename(id, text);
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
        if (event.key === "Escape" || event.key === "Enter") actions.goTo(id);
      }}
    />
  );
}

function State({ cell }: Properties) {
  const { store } = useWorkbench();
  const state = cell.value;
  const phrase = phraseOf(state);
  const time = durationOf(state);
  const look = lookOf(state);
  if (look === "running") {
    // Reading the clock here and nowhere else redraws this line alone.
    const seconds = now.value >= 0 && state.started !== null ? store.secondsSince(state.started) : 0;
    return <span class="cell-state">{elapsed(seconds)}</span>;
  }
  return (
    <span class="cell-state" data-look={look}>
      {look === "queued" ? phrase : [phrase, time].filter((part) => part !== "").join(" · ")}
    </span>
  );
}
