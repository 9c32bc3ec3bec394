/** The tree as lines: which are seen, and where the keys lead. Pure. */
import type { FileEntry } from "../../protocol/files.ts";

export interface Folders {
  /** What is in each folder that was looked into, by its path; the top is empty. */
  readonly inside: ReadonlyMap<string, readonly FileEntry[]>;
  readonly open: ReadonlySet<string>;
}

export interface Line {
  readonly entry: FileEntry;
  /** 1 at the top. */
  readonly level: number;
}

export function linesOf(folders: Folders, folder = "", level = 1): readonly Line[] {
  return (folders.inside.get(folder) ?? []).flatMap((entry) => [
    { entry, level },
    ...(entry.kind === "folder" && folders.open.has(entry.path) ? linesOf(folders, entry.path, level + 1) : []),
  ]);
}

/** The folder that something is in; empty at the top. */
export function parentOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

export function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Where new things go: into the folder that is chosen, or beside the file. */
export function targetOf(lines: readonly Line[], current: string): string {
  const entry = lines.find((line) => line.entry.path === current)?.entry;
  if (entry === undefined) return "";
  return entry.kind === "folder" ? entry.path : parentOf(entry.path);
}

export type Move = { readonly go: string } | { readonly open: string } | { readonly close: string } | null;

/** What an arrow means on the line `current`. */
export function moved(key: string, lines: readonly Line[], folders: Folders, current: string): Move {
  const at = lines.findIndex((line) => line.entry.path === current);
  const to = (index: number): Move => {
    const line = lines[index];
    return line === undefined ? null : { go: line.entry.path };
  };
  const entry = lines[at]?.entry;
  if (key === "ArrowDown") return to(at + 1);
  if (key === "ArrowUp") return to(Math.max(0, at - 1));
  if (key === "Home") return to(0);
  if (key === "End") return to(lines.length - 1);
  if (entry === undefined) return null;
  const isOpen = folders.open.has(entry.path);
  if (key === "ArrowRight" && entry.kind === "folder") return isOpen ? to(at + 1) : { open: entry.path };
  if (key !== "ArrowLeft") return null;
  if (entry.kind === "folder" && isOpen) return { close: entry.path };
  return parentOf(entry.path) === "" ? null : { go: parentOf(entry.path) };
}
