/** Highlighted code without an editor: for cells far from the viewport and for statements nobody may edit. */
import { highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/python";
import type { ComponentChild } from "preact";
import { useMemo } from "preact/hooks";
import { highlighter } from "./highlighter.ts";

/** The same boxes as an editor's, so that nothing moves when one takes its place. */
export function StaticCode({ text, plain }: { text: string; plain: boolean }) {
  return useMemo(() => <pre class="code code-static">{plain ? text : highlighted(text)}</pre>, [text, plain]);
}

export function highlighted(text: string): readonly ComponentChild[] {
  const pieces: ComponentChild[] = [];
  highlightCode(
    text,
    parser.parse(text),
    highlighter,
    (piece, classes) => pieces.push(classes === "" ? piece : <span class={classes}>{piece}</span>),
    () => pieces.push("\n"),
  );
  return pieces;
}
