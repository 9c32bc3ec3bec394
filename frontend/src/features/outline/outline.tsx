/** The outline: headings and named cells, with the one that is being read marked. */
import "./outline.css";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useWorkbench } from "../../cells/context.ts";
import { type Entry, outlineOf } from "./entries.ts";

/** Below the top bar; what is above it has been read. */
const READING_LINE = 120;

export default function Outline() {
  const { focus, store } = useWorkbench();
  const entries = useComputed(() => {
    const { order, cells } = store.state.value;
    return outlineOf(
      order.map((id) => cells.get(id)).filter((cell) => cell !== undefined),
      plainText,
    );
  });
  const current = useSignal(-1);
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        current.value = currentAmong(entries.peek());
      });
    };
    look();
    addEventListener("scroll", look, { passive: true });
    const stop = entries.subscribe(look);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", look);
      stop();
    };
  }, []);
  if (entries.value.length === 0) {
    return <p class="panel-empty">Headings of your texts and the names of your cells appear here.</p>;
  }
  return (
    <ul class="outline">
      {entries.value.map((entry, at) => (
        <li key={`${entry.cell} ${entry.index} ${entry.kind}`}>
          <button
            type="button"
            class="outline-entry"
            data-kind={entry.kind}
            style={{ paddingLeft: `${(entry.level - 1) * 14 + 10}px` }}
            aria-current={at === current.value ? "location" : undefined}
            onClick={() => {
              focus.goTo(entry.cell);
              requestAnimationFrame(() => elementOf(entry)?.scrollIntoView({ block: "start" }));
            }}
          >
            {entry.title === "" ? "untitled" : entry.title}
          </button>
        </li>
      ))}
    </ul>
  );
}

function elementOf(entry: Entry): Element | null {
  const cell = document.querySelector(`[data-cell="${entry.cell}"]`);
  if (cell === null || entry.kind === "cell") return cell;
  return cell.querySelectorAll(".cell-output :is(h1, h2, h3, h4, h5, h6)")[entry.index] ?? cell;
}

function currentAmong(entries: readonly Entry[]): number {
  let current = -1;
  for (const [at, entry] of entries.entries()) {
    const top = elementOf(entry)?.getBoundingClientRect().top;
    if (top === undefined) continue;
    if (top > READING_LINE) break;
    current = at;
  }
  return current;
}

function plainText(html: string): string {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.textContent?.trim() ?? "";
}
