/** What the server says about the files of its folder, and how it is asked. Mirrors `server/file_routes.py`. */
import { askServer, post } from "./asking.ts";

export type FileKind = "notebook" | "file" | "folder";

/** A notebook of another format, beside what can be made. */
export type EntryKind = FileKind | "foreign";

export interface FileEntry {
  readonly path: string;
  readonly name: string;
  readonly kind: EntryKind;
  readonly size: number;
  /** Seconds since the epoch. */
  readonly modified: number;
}

/** What a file is, in words, and where its conversion would go; `taken` is a better name that something has already. */
export interface Offer {
  readonly what: string;
  readonly to: string;
  readonly taken: string;
}

/** `notes`: what the reader of the new notebook should know. */
export interface Conversion {
  readonly entry: FileEntry;
  readonly notes: readonly string[];
}

export interface RunningNotebook {
  /** Empty for the notebook that the command named. */
  readonly path: string;
  readonly name: string;
  readonly seconds: number;
  readonly memory: number | null;
  readonly pages: number;
}

export interface RecentNotebook {
  /** Empty for one outside of the folder: the server does not open it, `command` does. */
  readonly path: string;
  readonly name: string;
  readonly folder: string;
  readonly command: string;
  /** Seconds since the epoch. */
  readonly opened: number;
}

export interface HomeData {
  readonly folder: string;
  readonly notebooks: readonly FileEntry[];
  /** Notebooks of other formats. */
  readonly foreign: readonly FileEntry[];
  readonly running: readonly RunningNotebook[];
  readonly recent: readonly RecentNotebook[];
  readonly complete: boolean;
}

export class FileService {
  readonly #base: string;

  constructor(base: string) {
    this.#base = base;
  }

  readonly home = (): Promise<HomeData> => this.#post("home/list", {});
  readonly stop = (path: string): Promise<unknown> => this.#post("home/stop", { path });
  readonly list = (path: string): Promise<readonly FileEntry[]> => this.#post("files/list", { path });
  readonly create = (path: string, kind: FileKind): Promise<FileEntry> => this.#post("files/create", { path, kind });
  readonly rename = (path: string, to: string): Promise<FileEntry> => this.#post("files/rename", { path, to });
  readonly remove = (path: string): Promise<unknown> => this.#post("files/delete", { path });

  readonly offer = (path: string): Promise<Offer> => this.#post("files/offer", { path });
  readonly convert = (path: string, to: string): Promise<Conversion> => this.#post("files/convert", { path, to });

  readonly upload = (path: string, file: Blob, replace: boolean): Promise<FileEntry> =>
    askServer(this.#base, `files/upload/${encoded(path)}${replace ? "?replace=1" : ""}`, { method: "PUT", body: file });

  download(path: string): string {
    return `${this.#base}/api/files/download/${encoded(path)}`;
  }

  notebook(path: string): string {
    return path === "" ? `${this.#base}/` : `${this.#base}/edit/${encoded(path)}`;
  }

  /** The page that explains a rule of `quire check`. */
  rule(code: string): string {
    return `${this.#base}/rules/${code}`;
  }

  #post<T>(what: string, body: unknown): Promise<T> {
    return post(this.#base, what, body);
  }
}

/** The service of the server that this page came from. */
export function pageService(root: Document): FileService {
  const json: unknown = JSON.parse(root.getElementById("quire-page")?.textContent ?? "{}");
  const base: unknown = typeof json === "object" && json !== null ? Reflect.get(json, "base") : "";
  return new FileService(typeof base === "string" ? base : "");
}

/** The question before a file is converted. */
export function offerWords(path: string, { what, to, taken }: Offer): string {
  const name = (text: string): string => text.split("/").at(-1) ?? text;
  const instead = taken === "" ? "" : ` (${taken} is there already)`;
  return `${name(path)} is ${what}. Convert it to ${name(to)} beside it${instead}, and open that?`;
}

export function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
