/** The outputs of an app, from top to bottom, and a line at the foot when something is the matter with all of it. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { CellState } from "../notebook/state.ts";
import type { NotebookStore } from "../notebook/store.ts";
import { ConsoleOutput } from "../outputs/console.tsx";
import { MessageOutput } from "../outputs/message.tsx";
import { OutputView } from "../outputs/output.tsx";
import { Messages } from "./messages.tsx";

export function AppView({ store }: { store: NotebookStore }) {
  // Imports may take seconds: a page that stays blank looks broken.
  const isBare = useComputed(() => [...store.state.value.cells.values()].every((cell) => cell.output === null)).value;
  const isStarting = !store.opened.value || (isBare && store.kernel.value.status !== "idle");
  const hasEnded = store.connection.value === "ended" || store.kernel.value.status === "dead";
  return (
    <>
      <main class="app-page" aria-busy={store.kernel.value.status === "busy"}>
        {isStarting && !hasEnded && (
          <p class="app-waiting" role="status">
            starting
          </p>
        )}
        {store.order.value.map((id) => {
          const cell = store.cell(id);
          return cell && <AppCell key={id} cell={cell} />;
        })}
      </main>
      {store.connection.value !== "ended" && (
        <div class="toasts" role="status">
          <Messages store={store} />
        </div>
      )}
      <Foot store={store} />
    </>
  );
}

function AppCell({ cell }: { cell: ReadonlySignal<CellState> }) {
  const { id, output, console, code, outcome } = cell.value;
  const isWorking = useComputed(() => cell.value.activity !== "idle").value;
  const shown = useMemo(() => output !== null && <OutputView output={output} cell={id} onGoTo={goNowhere} />, [output]);
  const isBlocked = outcome === "blocked";
  if (output === null && console.lines.length === 0 && code === "" && !isBlocked) return null;
  return (
    <section class="app-cell" data-working={isWorking}>
      {code !== "" && <Code text={code} />}
      {isBlocked && <MessageOutput text={BLOCKED} />}
      {output !== null && !isBlocked && <div class="cell-output">{shown}</div>}
      {console.lines.length > 0 && <ConsoleOutput book={console} />}
    </section>
  );
}

const BLOCKED = JSON.stringify({
  title: "This part of the app cannot run",
  body: "Whoever runs it sees the reason in the editor.",
});

/** Frames of errors lead nowhere: there is no code to go to. */
function goNowhere(): void {}

/** Only there when the author lets visitors see it; the highlighter is fetched when it is opened. */
function Code({ text }: { text: string }) {
  const [isOpen, setOpen] = useState(false);
  const [loaded, setLoaded] = useState<{ View: ComponentType<{ text: string; plain: boolean }> } | null>(null);
  useEffect(() => {
    if (isOpen && loaded === null) {
      import("../editor/highlight.tsx").then((module) => setLoaded({ View: module.StaticCode }), reportError);
    }
  }, [isOpen]);
  return (
    <details class="app-code" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>code</summary>
      {loaded === null ? <pre class="code code-static">{text}</pre> : <loaded.View text={text} plain={false} />}
    </details>
  );
}

function Foot({ store }: { store: NotebookStore }) {
  const connection = store.connection.value;
  const said = store.messages.value.at(-1)?.message;
  if (store.kernel.value.status === "dead") return <Note text="this app has stopped" again />;
  if (connection === "ended") return <Note text={said ?? "this app has ended"} again />;
  if (connection === "lost") return <Note text="connection lost, trying again" />;
  return null;
}

function Note({ text, again = false }: { text: string; again?: boolean }) {
  return (
    <p class="app-note" role="status">
      {text}
      {again && (
        <button type="button" class="button" onClick={() => location.reload()}>
          start again
        </button>
      )}
    </p>
  );
}
