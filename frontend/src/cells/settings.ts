/** What somebody prefers: a change holds in this page at once, and is written into their file for all others. */
import { type Signal, signal } from "@preact/signals";
import type { KeymapName } from "../editor/keymaps.ts";
import type { Theme } from "../ui/theme.ts";

export const WIDTHS = ["compact", "medium", "full"] as const;
export type Width = (typeof WIDTHS)[number];
export const RUN_MODES = ["autorun", "lazy"] as const;
export type RunMode = (typeof RUN_MODES)[number];
export const KEYMAPS = ["default", "vim"] as const satisfies readonly KeymapName[];

/** Smaller code, or larger, nobody can read. */
export const CODE_SIZES = { least: 8, most: 32 } as const;

/** What can be changed in the page. */
export interface Values {
  readonly theme: Theme;
  readonly width: Width;
  /** Of code, in pixels. */
  readonly codeSize: number;
  readonly keymap: KeymapName;
  /** Whether what depends on a cell runs with it, or waits until somebody asks. */
  readonly onCellChange: RunMode;
  /** Whether all cells are formatted when somebody saves by hand. */
  readonly formatOnSave: boolean;
}

/** All that the configuration says. */
export interface Preferences extends Values {
  /** Keys by the names of actions. */
  readonly overrides: Readonly<Record<string, string>>;
  /** What is wrong with the configuration, in sentences. */
  readonly complaints: readonly string[];
  /** Where a setting has its value from, such as `user` or `notebook`, by its name in the file. */
  readonly origins: Readonly<Record<string, string>>;
  /** Where changes are written. */
  readonly file: string;
}

/** As they are called in the file. */
const NAMES: Readonly<Record<keyof Values, string>> = {
  theme: "display.theme",
  width: "display.default_width",
  codeSize: "display.code_editor_font_size",
  keymap: "keymap.preset",
  onCellChange: "runtime.on_cell_change",
  formatOnSave: "save.format_on_save",
};

/** What is stronger than the user's file, which is all that a page can write. */
const STRONGER: Readonly<Record<string, string>> = {
  project: "the project",
  notebook: "the notebook",
  environment: "the environment",
  flag: "the command line",
};

export type WriteSetting = (name: string, value: string | number | boolean) => Promise<unknown>;

export class Settings {
  readonly values: Signal<Values>;
  readonly file: string;
  /** Why the last change could not be written; empty when it was. */
  readonly trouble = signal("");
  readonly #origins: Readonly<Record<string, string>>;
  readonly #write: WriteSetting;
  #written: Promise<void> = Promise.resolve();

  /** `theme`: what this browser remembers, for when the configuration says nothing. */
  constructor(
    { width, codeSize, keymap, onCellChange, formatOnSave, ...given }: Preferences,
    theme: Theme,
    write: WriteSetting,
  ) {
    this.#origins = given.origins;
    this.#write = write;
    this.file = given.file;
    const isGiven = this.#origins[NAMES.theme] !== undefined;
    const chosen = isGiven ? given.theme : theme;
    this.values = signal({ theme: chosen, width, codeSize, keymap, onCellChange, formatOnSave });
  }

  /** Who has the last word over it, where that is not the user; else empty. */
  setBy(what: keyof Values): string {
    return STRONGER[this.#origins[NAMES[what]] ?? ""] ?? "";
  }

  /** Resolves when it is written, or `trouble` says why not. One after the other: the last one wins. */
  change<K extends keyof Values>(what: K, value: Values[K]): Promise<void> {
    if (this.setBy(what) !== "" || this.values.peek()[what] === value) return this.#written;
    this.values.value = { ...this.values.peek(), [what]: value };
    this.#written = this.#written.then(async () => {
      try {
        await this.#write(NAMES[what], value);
        this.trouble.value = "";
      } catch (error) {
        this.trouble.value = error instanceof Error ? error.message : String(error);
      }
    });
    return this.#written;
  }
}
