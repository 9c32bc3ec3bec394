/** Where a cell reads from its standard input: a field behind the prompt. Like a terminal, it knows what was typed before. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { CellState } from "../notebook/state.ts";
import { AnsiText } from "../outputs/text.tsx";
import { useWorkbench } from "./context.ts";
import { requestFor } from "./focus.ts";

interface Properties {
  readonly cell: ReadonlySignal<CellState>;
  readonly prompt: string;
}

const TEXT = { type: "text" } as const;
const PASSWORD = { type: "password" } as const;

/** What was typed in this page, the oldest first; no passwords. */
const typed: string[] = [];

/** Between two questions the field stays where somebody types in it, so that the next answer does not go astray. */
export function Question({ cell, prompt }: Properties) {
  const { focus, store } = useWorkbench();
  const { id, input, activity } = cell.value;
  const [isFocused, setFocused] = useState(false);
  const place = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const cameFrom = useRef<HTMLElement | null>(null);
  const isShown = input !== null || (isFocused && activity === "running");
  const isAsked = useComputed(() => requestFor(focus.request.value, id, "input") !== null).value;
  useLayoutEffect(() => {
    // Only somebody who is in this cell already is taken along.
    if (place.current?.closest("[data-cell]")?.contains(document.activeElement)) field.current?.focus();
  }, [isShown]);
  useLayoutEffect(() => {
    // What was printed since the last answer has pushed it down.
    if (isFocused) field.current?.scrollIntoView({ block: "nearest" });
  }, [input?.number]);
  useLayoutEffect(() => {
    return () => {
      if (document.activeElement !== field.current) return;
      if (cameFrom.current?.isConnected === true) cameFrom.current.focus();
      else focus.goTo(id);
    };
  }, []);
  useLayoutEffect(() => {
    if (!isAsked) return;
    focus.request.value = null;
    field.current?.focus();
  }, [isAsked]);
  const answer = (text: string | null): void => {
    if (input === null || !store.ask({ kind: "answerInput", cell: id, number: input.number, text })) return;
    if (text !== null && text !== "" && !input.password) typed.push(text);
    if (field.current === null) return;
    field.current.value = "";
    delete field.current.dataset.at;
  };
  if (!isShown) return null;
  return (
    <form
      ref={place}
      class="question"
      data-waits={input !== null}
      onSubmit={(event) => {
        event.preventDefault();
        answer(field.current?.value ?? "");
      }}
    >
      <label>
        {prompt === "" ? <span class="unseen">input</span> : <AnsiText text={prompt} />}
        <input
          ref={field}
          {...(input?.password === true ? PASSWORD : TEXT)}
          placeholder={input === null ? "" : hintFor(prompt)}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onFocus={(event) => {
            cameFrom.current = event.relatedTarget instanceof HTMLElement ? event.relatedTarget : null;
            setFocused(true);
          }}
          onBlur={() => setFocused(false)}
          onKeyDown={(event) => {
            const { currentTarget } = event;
            if (event.key === "d" && event.ctrlKey && currentTarget.value === "") answer(null);
            else if (!recall(event.key, currentTarget)) return;
            event.preventDefault();
          }}
          onPaste={(event) => {
            const text = event.clipboardData?.getData("text/plain") ?? "";
            if (!text.includes("\n")) return;
            event.preventDefault();
            answer((event.currentTarget.value + text).replaceAll(/\r\n?/g, "\n").replace(/\n$/, ""));
          }}
        />
      </label>
      {input !== null && (
        <button type="button" class="question-end" title="nothing more will come (Ctrl+D)" onClick={() => answer(null)}>
          end
        </button>
      )}
    </form>
  );
}

function hintFor(prompt: string): string {
  if (prompt === "(Pdb) ") return "n next line, s into the call, c continue, q quit, h help";
  return "Enter answers, Ctrl+D ends the input";
}

/** The arrows walk through what was typed before. False when the key means nothing here. */
function recall(key: string, field: HTMLInputElement): boolean {
  if ((key !== "ArrowUp" && key !== "ArrowDown") || field.type === "password") return false;
  const at = Number(field.dataset.at ?? typed.length);
  const next = Math.min(typed.length, Math.max(0, at + (key === "ArrowUp" ? -1 : 1)));
  field.dataset.at = String(next);
  field.value = typed[next] ?? "";
  return true;
}
