/** What a cell printed, as lines: carriage returns overwrite, and only the last 5,000 lines are kept. Pure. */
import type { ConsoleText } from "../protocol/generated.ts";

export const KEPT_LINES = 5000;

export interface ConsoleLine {
  readonly stream: ConsoleText["stream"];
  readonly text: string;
  readonly late: boolean;
  /** The newline has come; what follows starts a line of its own. */
  readonly closed: boolean;
  /** A carriage return came last: the next text overwrites this one. */
  readonly rewound: boolean;
}

export interface ConsoleBook {
  readonly lines: readonly ConsoleLine[];
  /** How many earlier lines are gone. */
  readonly dropped: number;
}

export const emptyConsole: ConsoleBook = { lines: [], dropped: 0 };

/** The console after one more piece of text. */
export function printed(book: ConsoleBook, piece: ConsoleText): ConsoleBook {
  if (piece.text === "") return book;
  const lines = book.lines.slice();
  for (const part of piece.text.split(/(?<=\n)/)) write(lines, piece, part);
  const surplus = Math.max(0, lines.length - KEPT_LINES);
  return { lines: surplus > 0 ? lines.slice(surplus) : lines, dropped: book.dropped + surplus };
}

/** One part: text that ends with a newline, or the last text without one. */
function write(lines: ConsoleLine[], piece: ConsoleText, part: string): void {
  const closed = part.endsWith("\n");
  const open = openLine(lines, piece);
  if (open !== null) lines.pop();
  const body = closed ? part.replace(/\r?\n$/, "") : part;
  let text = open?.text ?? "";
  let rewound = open?.rewound ?? false;
  for (const [index, stretch] of body.split("\r").entries()) {
    if (index > 0) rewound = true;
    if (stretch === "") continue;
    text = rewound ? overwritten(text, stretch) : text + stretch;
    rewound = false;
  }
  const { stream, late } = open ?? piece;
  lines.push({ stream, text, late, closed, rewound: rewound && !closed });
}

function openLine(lines: readonly ConsoleLine[], piece: ConsoleText): ConsoleLine | null {
  const last = lines.at(-1);
  if (last === undefined || last.closed) return null;
  const isTyped = piece.stream === "stdin"; // behind the prompt, whoever has printed it
  return isTyped || (last.stream === piece.stream && last.late === piece.late) ? last : null;
}

/** The last line, when it is not closed: what stands before a field to type in; and the book without it. */
export function withoutPrompt(book: ConsoleBook): { readonly above: ConsoleBook; readonly prompt: string } {
  const last = book.lines.at(-1);
  if (last === undefined || last.closed) return { above: book, prompt: "" };
  return { above: { ...book, lines: book.lines.slice(0, -1) }, prompt: last.text };
}

/** A terminal overwrites column by column; with escape sequences columns are unknown, and the new text replaces all. */
function overwritten(before: string, after: string): string {
  if (before.includes("\x1b") || after.includes("\x1b")) return after;
  return after + before.slice(after.length);
}
