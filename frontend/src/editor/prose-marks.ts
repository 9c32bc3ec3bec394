/** How prose looks in an editor: what is hidden around and beside it, and its markdown told apart. */
import type { EditorState, Range } from "@codemirror/state";
import { Decoration, type DecorationSet } from "@codemirror/view";
import { highlightTree } from "@lezer/highlight";
import { parser } from "@lezer/markdown";
import type { ProseRange } from "../notebook/markdown.ts";
import { highlighter } from "./highlighter.ts";

interface ProseLine {
  /** Where its visible text begins in the document, and in the prose without indentation. */
  readonly at: number;
  readonly start: number;
  readonly text: string;
}

const hidden = Decoration.replace({});

/** The call around the prose, and the indentation of its lines. */
export function hiddenParts(state: EditorState, range: ProseRange): DecorationSet {
  const parts: Range<Decoration>[] = [];
  const hide = (from: number, to: number): void => {
    if (to > from) parts.push(hidden.range(from, to));
  };
  const lines = linesOf(state, range);
  hide(0, lines[0]?.at ?? range.from);
  for (const line of lines.slice(1)) hide(state.doc.lineAt(line.at).from, line.at);
  hide(range.to, state.doc.length);
  return Decoration.set(parts, true);
}

export function markdownMarks(state: EditorState, range: ProseRange): DecorationSet {
  const lines = linesOf(state, range);
  const text = lines.map((line) => line.text).join("\n");
  const marks: Range<Decoration>[] = [];
  highlightTree(parser.parse(text), highlighter, (from, to, classes) => {
    for (const line of lines) {
      const start = Math.max(from, line.start);
      const end = Math.min(to, line.start + line.text.length);
      if (end <= start) continue;
      const shift = line.at - line.start;
      marks.push(Decoration.mark({ class: classes }).range(start + shift, end + shift));
    }
  });
  return Decoration.set(marks, true);
}

function linesOf(state: EditorState, range: ProseRange): readonly ProseLine[] {
  const lines: ProseLine[] = [];
  let start = 0;
  for (let number = state.doc.lineAt(range.from).number; number <= state.doc.lineAt(range.to).number; number++) {
    const line = state.doc.line(number);
    const at = Math.max(range.from, line.from + Math.min(range.indent, leadingSpaces(line.text)));
    const text = state.sliceDoc(at, Math.max(at, Math.min(line.to, range.to)));
    lines.push({ at, start, text });
    start += text.length + 1;
  }
  return lines;
}

export function leadingSpaces(text: string): number {
  return text.length - text.trimStart().length;
}
