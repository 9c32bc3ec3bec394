/** Find and replace in the code of all cells: a bar at the top right. */
import "./search.css";
import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { IconNode } from "lucide";
import { CaseSensitive, ChevronDown, ChevronUp, Regex, WholeWord, X } from "lucide";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useWorkbench, type Workbench } from "../../cells/context.ts";
import { Icon } from "../../ui/icon.tsx";
import { type Found, useFinding } from "./finding.ts";
import { patternOf, replaced, type Wanted } from "./matching.ts";
import { type Place, paint, scrollTo, wipe } from "./paint.ts";

export default function Search() {
  const bench = useWorkbench();
  const { surface } = bench;
  const text = useSignal(surface.findRequest.peek().text);
  const by = useSignal("");
  const options = useSignal({ isRegex: false, isCaseSensitive: false, isWord: false });
  const at = useSignal(0);
  const wanted = useComputed<Wanted>(() => ({ text: text.value, ...options.value }));
  const pattern = useComputed(() => patternOf(wanted.value));
  const isRegex = useComputed(() => options.value.isRegex);
  /** What was typed leads to its first match as soon as that is known; what changes later does not. */
  const isLeading = useRef(false);
  const { found, isTooSlow } = useFinding(bench, pattern, isRegex, () => {
    if (isLeading.current) show(bench, current.peek());
    isLeading.current = false;
  });
  const places = useComputed(() =>
    [...found.value].flatMap(([cell, stretches]) => stretches.map((stretch): Place => ({ cell, ...stretch }))),
  );
  const current = useComputed(() => places.value[Math.min(at.value, places.value.length - 1)] ?? null);
  const field = useRef<HTMLInputElement>(null);

  usePainting(bench, found, current);
  useLayoutEffect(() => {
    const stop = surface.findRequest.subscribe((request) => {
      if (request.text !== "") text.value = request.text;
      field.current?.focus();
      field.current?.select();
    });
    return stop;
  }, []);

  const go = (step: number): void => {
    const count = places.peek().length;
    if (count === 0) return;
    at.value = (Math.min(at.peek(), count - 1) + step + count) % count;
    show(bench, current.peek());
  };
  const close = (): void => {
    const place = current.peek();
    surface.isFinding.value = false;
    if (place !== null) bench.focus.goToCode(place.cell, place.from, place.to);
  };
  const replace = (all: boolean): void => {
    const expression = pattern.peek();
    if (!(expression instanceof RegExp)) return;
    const place = current.peek();
    const targets = all ? [...found.peek().keys()] : place === null ? [] : [place.cell];
    for (const id of targets) {
      const cell = bench.store.cell(id)?.peek();
      if (cell === undefined || cell.type === "stray") continue;
      const code = bench.focus.textOf(cell);
      const from = all ? null : (place?.from ?? null);
      bench.documents.retype(cell, replaced(code, expression, wanted.peek(), by.peek(), from));
    }
    if (!all) show(bench, current.peek());
  };
  const slow = isTooSlow.value ? "takes too long: write it another way" : null;
  const problem = typeof pattern.value === "string" ? pattern.value : slow;
  return (
    <search
      class="search"
      aria-label="find and replace"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <div class="search-line">
        <input
          ref={field}
          type="text"
          aria-label="find"
          placeholder="find in all cells"
          spellcheck={false}
          aria-invalid={problem !== null}
          value={text.value}
          onInput={(event) => {
            at.value = 0;
            isLeading.current = true;
            text.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
          }}
        />
        <Choice options={options} name="isCaseSensitive" label="match case" icon={CaseSensitive} />
        <Choice options={options} name="isWord" label="whole words" icon={WholeWord} />
        <Choice options={options} name="isRegex" label="regular expression" icon={Regex} />
        <span class="search-count" role="status">
          {problem ?? countOf(text.value, places.value.length, at.value)}
        </span>
        <Step label="previous match (Shift+Enter)" icon={ChevronUp} onClick={() => go(-1)} />
        <Step label="next match (Enter)" icon={ChevronDown} onClick={() => go(1)} />
        <Step label="close (Escape)" icon={X} onClick={close} />
      </div>
      <div class="search-line">
        <input
          type="text"
          aria-label="replace by"
          placeholder="replace by"
          spellcheck={false}
          value={by.value}
          onInput={(event) => {
            by.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") replace(event.ctrlKey || event.metaKey);
          }}
        />
        <button type="button" class="button" disabled={places.value.length === 0} onClick={() => replace(false)}>
          replace
        </button>
        <button type="button" class="button" disabled={places.value.length === 0} onClick={() => replace(true)}>
          replace all
        </button>
      </div>
    </search>
  );
}

type Options = Omit<Wanted, "text">;

interface ChoiceProperties {
  readonly options: Signal<Options>;
  readonly name: keyof Options;
  readonly label: string;
  readonly icon: IconNode;
}

function Choice({ options, name, label, icon }: ChoiceProperties) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-pressed={options.value[name]}
      aria-label={label}
      title={label}
      onClick={() => {
        options.value = { ...options.peek(), [name]: !options.peek()[name] };
      }}
    >
      <Icon icon={icon} size={16} />
    </button>
  );
}

function Step({ label, icon, onClick }: { label: string; icon: IconNode; onClick: () => void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon icon={icon} size={16} />
    </button>
  );
}

function countOf(text: string, count: number, at: number): string {
  if (text === "") return "";
  return count === 0 ? "nothing found" : `${Math.min(at, count - 1) + 1} of ${count}`;
}

/** What is folded away or shown as text comes to light. */
function show({ documents, focus, folds }: Workbench, place: Place | null): void {
  if (place === null) return;
  folds.reveal(place.cell);
  focus.editing.value = focus.readsAsText(place.cell) ? place.cell : null;
  requestAnimationFrame(() => {
    if (!scrollTo(documents, place)) requestAnimationFrame(() => scrollTo(documents, place));
  });
}

/** Once for each frame in which something of it may have changed. */
function usePainting(
  { documents }: Workbench,
  found: ReadonlySignal<Found>,
  current: ReadonlySignal<Place | null>,
): void {
  const frame = useRef(0);
  const soon = (): void => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => paint(documents, found.peek(), current.peek()));
  };
  useSignalEffect(() => {
    if (found.value !== null || current.value !== null) soon();
  });
  useEffect(() => {
    const page = document.querySelector("main");
    const watcher = new MutationObserver(soon);
    if (page !== null) watcher.observe(page, { childList: true, subtree: true, characterData: true });
    addEventListener("scroll", soon, { passive: true });
    return () => {
      watcher.disconnect();
      removeEventListener("scroll", soon);
      cancelAnimationFrame(frame.current);
      wipe();
    };
  }, []);
}
