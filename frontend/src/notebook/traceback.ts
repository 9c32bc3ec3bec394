/** The traceback that the kernel sends, and how it is read. Pure. */
import type { CellId, Output } from "../protocol/generated.ts";

export const TRACEBACK = "application/vnd.quire.traceback+json";

export interface Frame {
  readonly cell: CellId | null;
  readonly name: string;
  readonly file: string;
  /** Counted from 1: within the cell when it is one of a cell, else within the file. */
  readonly line: number;
  readonly source: string;
  readonly own: boolean;
}

export interface Traceback {
  readonly error: string;
  readonly message: string;
  readonly note: string;
  readonly frames: readonly Frame[];
  /** What it was raised from, or while handling. */
  readonly cause: Traceback | null;
  /** True for `raise … from …`. */
  readonly explicit: boolean;
  /** Those of an exception group, and how many more it has. */
  readonly members: readonly Traceback[];
  readonly missing: number;
  /** The package that would bring the module that is missing; empty when nobody can tell. */
  readonly install: string;
}

const MOST_CAUSES = 20;

const read = new WeakMap<Output, Traceback | null>();

/** Null when the output is no traceback, or one that cannot be read. */
export function tracebackOf(output: Output | null): Traceback | null {
  if (output === null || output.mime !== TRACEBACK) return null;
  const known = read.get(output);
  if (known !== undefined) return known;
  const traceback = parseTraceback(output.text);
  read.set(output, traceback);
  return traceback;
}

export function parseTraceback(text: string): Traceback | null {
  return tracebackFrom(parsed(text), 0);
}

/** What the kernel says of an exception, as a part of any output; `depth` is that within other exceptions. */
export function tracebackFrom(json: unknown, depth: number): Traceback | null {
  if (!isRecord(json) || typeof json.error !== "string" || depth > MOST_CAUSES) return null;
  return {
    error: json.error,
    message: string(json.message),
    note: string(json.note),
    frames: Array.isArray(json.frames) ? json.frames.filter(isRecord).map(frameFrom) : [],
    cause: tracebackFrom(json.cause, depth + 1),
    explicit: json.explicit === true,
    members: membersFrom(json.members, depth + 1),
    missing: typeof json.missing === "number" ? json.missing : 0,
    install: string(json.install),
  };
}

function membersFrom(json: unknown, depth: number): readonly Traceback[] {
  const found = Array.isArray(json) ? json.map((member) => tracebackFrom(member, depth)) : [];
  return found.filter((member) => member !== null);
}

function frameFrom(frame: Record<string, unknown>): Frame {
  const { cell, cellLine, line } = frame;
  return {
    cell: typeof cell === "string" ? cell : null,
    name: string(frame.name),
    file: string(frame.file),
    line: [cellLine, line].find((number) => typeof number === "number") ?? 0,
    source: string(frame.source),
    own: frame.own === true,
  };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : null;
  } catch {
    return null;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}
