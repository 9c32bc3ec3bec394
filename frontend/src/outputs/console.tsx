/** What a cell printed: at most twenty lines high, follows its end while you are there, can be folded. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type ConsoleBook, type ConsoleLine, KEPT_LINES } from "../notebook/console.ts";
import { hasAnsi } from "./ansi.ts";
import { AnsiText } from "./text.tsx";

/** Lines are drawn in blocks, so that one more line redraws one block. */
const BLOCK = 200;
/** So many lines are seen at once; below that there is nothing to scroll, and asking for heights costs a layout. */
const VISIBLE = 20;

interface Properties {
  readonly book: ConsoleBook;
  /** What follows the last line; null or false for nothing. */
  readonly children?: ComponentChildren;
}

export function ConsoleOutput({ book, children }: Properties) {
  const [isOpen, setOpen] = useState(true);
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && follows.current && book.lines.length >= VISIBLE) element.scrollTop = element.scrollHeight;
  }, [book]);
  const total = book.dropped + book.lines.length;
  return (
    <div class="console" data-open={isOpen}>
      {(total > 5 || !isOpen) && (
        <button
          type="button"
          class="console-fold"
          aria-expanded={isOpen}
          title={isOpen ? "fold the console" : "show the console"}
          onClick={() => setOpen(!isOpen)}
        >
          {total.toLocaleString("en")} lines
        </button>
      )}
      {isOpen && (
        <div
          ref={scroller}
          class="console-text"
          role="log"
          aria-label="console"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reachable by keyboard
          tabIndex={0}
          onScroll={(event) => {
            const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
            follows.current = scrollHeight - scrollTop - clientHeight < 24;
          }}
        >
          {book.dropped > 0 && (
            <p class="console-dropped">
              {book.dropped.toLocaleString("en")} earlier lines are not kept; the last {KEPT_LINES.toLocaleString("en")}{" "}
              are
            </p>
          )}
          {blocksOf(book).map((block) => (
            <Block key={block.number} lines={block.lines} />
          ))}
          {children}
        </div>
      )}
    </div>
  );
}

export interface LineBlock {
  readonly number: number;
  readonly lines: readonly ConsoleLine[];
}

/** Blocks keep their number while earlier lines go. */
export function blocksOf(book: ConsoleBook): readonly LineBlock[] {
  const blocks: LineBlock[] = [];
  let at = 0;
  while (at < book.lines.length) {
    const number = Math.floor((book.dropped + at) / BLOCK);
    const end = Math.min(book.lines.length, (number + 1) * BLOCK - book.dropped);
    blocks.push({ number, lines: book.lines.slice(at, end) });
    at = end;
  }
  return blocks;
}

function Block({ lines }: { lines: readonly ConsoleLine[] }) {
  const first = lines[0];
  const last = lines.at(-1);
  // A block only ever changes at its ends.
  return useMemo(
    () => (
      <pre>
        {stretchesOf(lines).map((stretch) => (
          <span key={stretch.at} class={stretch.look}>
            {hasAnsi(stretch.text) ? <AnsiText text={stretch.text} /> : stretch.text}
          </span>
        ))}
      </pre>
    ),
    [first, last, lines.length],
  );
}

/** Neighbouring lines of one stream are one piece of text: ten thousand lines are a handful of nodes. */
function stretchesOf(lines: readonly ConsoleLine[]) {
  const stretches: { at: number; look: string; text: string }[] = [];
  for (const [at, line] of lines.entries()) {
    const look = `console-${line.stream}${line.late ? " console-late" : ""}`;
    const text = `${line.text}\n`;
    const last = stretches.at(-1);
    if (last !== undefined && last.look === look) last.text += text;
    else stretches.push({ at, look, text });
  }
  return stretches;
}
