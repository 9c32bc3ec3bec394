/** Cells as they travel through the clipboard: as code for everybody, with all they are for another notebook. Pure. */
import { markdownCode } from "../notebook/markdown.ts";
import type { CellState } from "../notebook/state.ts";
import type { NewCell } from "../protocol/generated.ts";

export type Clip = Omit<NewCell, "cell">;

/** Marks our own cells in HTML, which travels between tabs, browsers and programs. */
const MARK = "data-quire-cells";

export function clipOf(cell: CellState, text: string): Clip {
  const name = cell.type === "cell" || cell.type === "unparsable" ? cell.name : "_";
  return { code: text, type: "cell", name, hideCode: cell.hideCode, disabled: cell.disabled };
}

export function textOf(clips: readonly Clip[]): string {
  return clips.map((clip) => clip.code).join("\n\n");
}

export function htmlOf(clips: readonly Clip[]): string {
  return `<pre ${MARK}="${escaped(JSON.stringify(clips))}">${escaped(textOf(clips))}</pre>`;
}

/** The cells in what was pasted: ours, those of another kind of notebook, or one with the text as its code. */
export function clipsFrom(text: string, html: string): readonly Clip[] {
  const found = new RegExp(`${MARK}="([^"]*)"`).exec(html);
  const ours = found === null ? [] : clipsOf(parsed(unescaped(found[1] ?? "")));
  if (ours.length > 0) return ours;
  const theirs = /^\s*[[{]/.test(text) ? jupyterClips(parsed(text)) : [];
  if (theirs.length > 0) return theirs;
  const code = text.replace(/\r\n?/g, "\n").replace(/\s+$/, "");
  return code === "" ? [] : [clip({ code })];
}

function clipsOf(value: unknown): readonly Clip[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof field(item, "code") === "string").map(clip);
}

/** One cell, a list of cells, or a whole notebook, as Jupyter writes them. */
function jupyterClips(value: unknown): readonly Clip[] {
  const cells = field(value, "cells");
  const list: readonly unknown[] = Array.isArray(cells) ? cells : Array.isArray(value) ? value : [value];
  const clips = list.map(jupyterClip);
  return clips.every((one) => one !== null) ? clips : [];
}

function jupyterClip(cell: unknown): Clip | null {
  const source = field(cell, "source");
  const kind = field(cell, "cell_type");
  if (typeof kind !== "string" || !(typeof source === "string" || Array.isArray(source))) return null;
  const text = typeof source === "string" ? source : source.join("");
  return clip({ code: kind === "code" ? text : markdownCode(text) });
}

function clip(value: unknown): Clip {
  const name = field(value, "name");
  return {
    code: String(field(value, "code")),
    type: "cell",
    name: typeof name === "string" && /^\w+$/.test(name) ? name : "_",
    hideCode: field(value, "hideCode") === true,
    disabled: field(value, "disabled") === true,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}

function unescaped(text: string): string {
  return text.replace(/&(?:quot|lt|gt|amp|#34|#39);/g, (entity) => {
    if (entity === "&#39;") return "'";
    if (entity === "&#34;") return '"';
    return Object.keys(ENTITIES).find((sign) => ENTITIES[sign] === entity) ?? entity;
  });
}
