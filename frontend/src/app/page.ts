/** What the server wrote into the page for us. */
import { KEYMAPS, type Preferences, RUN_MODES, WIDTHS } from "../cells/settings.ts";
import type { Notice } from "../protocol/generated.ts";
import { THEMES } from "../ui/theme.ts";

export interface Page {
  /** The path of the socket. */
  readonly socket: string;
  readonly base: string;
  readonly title: string;
  /** True when there is a home to go to. */
  readonly home: boolean;
  /** What the session calls this page, when it was served with all of the notebook in it. */
  readonly page: string;
  readonly preferences: Preferences;
  /** For the styles that the editor writes. */
  readonly nonce: string;
}

export function readPage(root: Document): Page {
  const block = root.getElementById("quire-page")?.textContent ?? "{}";
  const nonce = root.querySelector<HTMLMetaElement>('meta[name="quire-nonce"]')?.content ?? "";
  return pageOf(block, nonce);
}

export function pageOf(block: string, nonce: string): Page {
  const json: unknown = JSON.parse(block);
  const given = typeof json === "object" && json !== null ? { ...json } : {};
  const text = (name: string): string => {
    const value: unknown = Reflect.get(given, name);
    return typeof value === "string" ? value : "";
  };
  return {
    socket: text("socket"),
    base: text("base"),
    title: text("title"),
    page: text("page"),
    home: Reflect.get(given, "home") === true,
    preferences: preferencesOf(given, text),
    nonce,
  };
}

const CODE_SIZE = 13.5;

function preferencesOf(given: object, text: (name: string) => string): Preferences {
  const codeSize: unknown = Reflect.get(given, "codeSize");
  const overrides: unknown = Reflect.get(given, "overrides");
  const complaints: unknown = Reflect.get(given, "complaints");
  return {
    theme: oneOf(THEMES, text("theme"), "system"),
    width: oneOf(WIDTHS, text("width"), "compact"),
    codeSize: typeof codeSize === "number" ? codeSize : CODE_SIZE,
    keymap: oneOf(KEYMAPS, text("keymap"), "default"),
    onCellChange: oneOf(RUN_MODES, text("onCellChange"), "autorun"),
    formatOnSave: Reflect.get(given, "formatOnSave") === true,
    overrides: textsOf(overrides),
    origins: textsOf(Reflect.get(given, "origins")),
    file: text("settingsFile"),
    complaints: Array.isArray(complaints) ? complaints.filter((one) => typeof one === "string") : [],
  };
}

function oneOf<T extends string>(known: readonly T[], text: string, usual: T): T {
  return known.find((one) => one === text) ?? usual;
}

/** By their names; what is no text is left out. */
function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry) => typeof entry[1] === "string"));
}

/** What would have been the first frame of the socket: the page was served with it. */
export function servedNotices(block: string): readonly Notice[] {
  const json: unknown = JSON.parse(block);
  if (!Array.isArray(json)) throw new TypeError("the page was served without its notebook");
  return (json satisfies readonly unknown[] as readonly Notice[]).map(withBytes);
}

/** Bytes travel as base64 in JSON. */
function withBytes(notice: Notice): Notice {
  if (notice.kind !== "notebookOpened") return notice;
  const cells = notice.cells.map((cell) =>
    cell.output === null ? cell : { ...cell, output: { ...cell.output, blob: bytesOf(cell.output.blob) } },
  );
  return { ...notice, cells };
}

function bytesOf(base64: unknown): Uint8Array {
  if (typeof base64 !== "string" || base64 === "") return new Uint8Array();
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The same host as the page, encrypted when the page is. */
export function socketAddress(path: string, location: { readonly protocol: string; readonly host: string }): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${path}`;
}
