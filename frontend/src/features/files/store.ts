/** What the panel of files knows, and what it asks of the server. */
import { signal } from "@preact/signals";
import { Refused } from "../../protocol/asking.ts";
import type { Conversion, FileEntry, FileKind, FileService, Offer } from "../../protocol/files.ts";
import { type Folders, joined, parentOf } from "./tree.ts";

export const LARGEST_UPLOAD = 100 * 1024 * 1024;

/** A question or a field that stands in the tree. */
export type Doing =
  | { readonly what: "create"; readonly kind: FileKind; readonly folder: string }
  | { readonly what: "rename" | "delete"; readonly path: string }
  | { readonly what: "convert"; readonly path: string; readonly offer: Offer }
  | { readonly what: "converted"; readonly conversion: Conversion }
  | { readonly what: "replace"; readonly folder: string; readonly files: readonly File[] }
  | null;

export class FileStore {
  readonly service: FileService;
  readonly folders = signal<Folders>({ inside: new Map(), open: new Set() });
  readonly current = signal("");
  readonly doing = signal<Doing>(null);
  readonly said = signal("");

  constructor(service: FileService) {
    this.service = service;
  }

  look = (folder: string): Promise<void> =>
    this.#try(async () => {
      const entries = await this.service.list(folder);
      const { inside, open } = this.folders.peek();
      this.folders.value = { inside: new Map(inside).set(folder, entries), open };
    });

  lookAgain = (): void => {
    for (const folder of ["", ...this.folders.peek().open]) void this.look(folder);
  };

  openFolder = (folder: string): void => {
    this.#setOpen((open) => open.add(folder));
    void this.look(folder);
  };

  closeFolder = (folder: string): void => this.#setOpen((open) => open.delete(folder));

  toggle = (folder: string): void =>
    this.folders.peek().open.has(folder) ? this.closeFolder(folder) : this.openFolder(folder);

  create = (folder: string, name: string, kind: FileKind): Promise<void> => {
    const whole = kind === "notebook" && !/\.(?:py|md|markdown|qmd)$/.test(name) ? `${name}.py` : name;
    return this.#change(() => this.service.create(joined(folder, whole), kind), folder);
  };

  rename = (path: string, name: string): Promise<void> =>
    this.#change(() => this.service.rename(path, joined(parentOf(path), name)), parentOf(path));

  remove = (path: string): Promise<void> =>
    this.#change(async () => {
      await this.service.remove(path);
      return null;
    }, parentOf(path));

  /** Ask what the file is, then whether to convert it. */
  offer = (path: string): Promise<void> =>
    this.#try(async () => {
      this.doing.value = { what: "convert", path, offer: await this.service.offer(path) };
    });

  /** What there is to know is read first; a notebook without it is opened at once. */
  convert = (path: string, to: string, open: (notebook: string) => void): Promise<void> =>
    this.#change(async () => {
      const conversion = await this.service.convert(path, to);
      if (conversion.notes.length === 0) open(conversion.entry.path);
      else this.doing.value = { what: "converted", conversion };
      return conversion.entry;
    }, parentOf(path));

  /** Never over a file that is there, unless somebody has said so. */
  upload = async (folder: string, files: Iterable<File>, replace = false): Promise<void> => {
    const known = new Set((this.folders.peek().inside.get(folder) ?? []).map((entry) => entry.name));
    const large: string[] = [];
    const there: File[] = [];
    for (const file of files) {
      if (file.size > LARGEST_UPLOAD) large.push(file.name);
      else if (!replace && known.has(file.name)) there.push(file);
      else await this.#change(() => this.service.upload(joined(folder, file.name), file, replace), folder);
    }
    if (there.length > 0) this.doing.value = { what: "replace", folder, files: there };
    if (large.length > 0) this.said.value = `larger than 100 MiB: ${large.join(", ")}`;
  };

  #change(work: () => Promise<FileEntry | null>, folder: string): Promise<void> {
    this.doing.value = null;
    return this.#try(async () => {
      const entry = await work();
      if (folder !== "") this.#setOpen((open) => open.add(folder));
      await this.look(folder);
      if (entry !== null) this.current.value = entry.path;
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.said.value = "";
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.said.value = error.message;
    }
  }

  #setOpen(change: (open: Set<string>) => void): void {
    const open = new Set(this.folders.peek().open);
    change(open);
    this.folders.value = { inside: this.folders.peek().inside, open };
  }
}
