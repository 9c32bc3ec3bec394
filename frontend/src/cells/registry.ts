/** Every action of the page in one table: keys, menus, tooltips, palette and the page of shortcuts read it. */

import type { CellId } from "../protocol/generated.ts";
import { isApple, isCombination, type KeyPress, keyLabel, matches, normalized } from "../ui/keys.ts";
import type { Workbench } from "./context.ts";

export const GROUPS = ["Run", "Cells", "Go", "Find", "View", "Notebook", "Kernel", "Settings"] as const;
export type Group = (typeof GROUPS)[number];

interface ActionBase {
  /** As in the configuration of keys. */
  readonly name: string;
  readonly label: string;
  readonly group: Group;
  /** Work everywhere, also while typing. */
  readonly keys?: readonly string[];
  /** Work while a cell as a whole has the focus. */
  readonly commandKeys?: readonly string[];
}

/** `run` answers false when the key means nothing here and may go on. */
export interface CellAction extends ActionBase {
  readonly about: "cell";
  /** What the menu of this cell says instead of the label. */
  readonly says?: (bench: Workbench, cell: CellId) => string;
  readonly applies?: (bench: Workbench, cell: CellId) => boolean;
  readonly run: (bench: Workbench, cell: CellId) => unknown;
}

export interface NotebookAction extends ActionBase {
  readonly about: "notebook";
  readonly says?: (bench: Workbench) => string;
  readonly applies?: (bench: Workbench) => boolean;
  readonly run: (bench: Workbench) => unknown;
}

export type Action = CellAction | NotebookAction;

/** Where the key was pressed. `field`: something of its own that takes keys, such as a text field in an output. */
export type Place = "editor" | "cell" | "field" | "elsewhere";

export interface Complaint {
  readonly key: string;
  readonly message: string;
}

export class Registry {
  readonly actions: readonly Action[];
  /** What is wrong with the keys that somebody configured. */
  readonly complaints: readonly Complaint[];
  readonly #byName: ReadonlyMap<string, Action>;

  /** `complaints`: about the configuration that the keys come from. */
  constructor(
    actions: readonly Action[],
    overrides: Readonly<Record<string, string>> = {},
    complaints: readonly string[] = [],
  ) {
    const names = new Set(actions.map((action) => action.name));
    const wrong = Object.entries(overrides).filter(([name, key]) => !names.has(name) || !isReadable(key));
    this.actions = actions.map((action) => withKeys(action, overrides[action.name]));
    this.#byName = new Map(this.actions.map((action) => [action.name, action]));
    this.complaints = [
      ...complaints.map((message) => ({ key: "", message })),
      ...wrong.map(([name, key]) => ({
        key,
        message: names.has(name) ? `\`${key}\` is not a key, for \`${name}\`` : `there is no action \`${name}\``,
      })),
      ...clashes(this.actions),
    ];
  }

  get(name: string): Action | undefined {
    return this.#byName.get(name);
  }

  /** The action's first key as people on this machine know it; empty when it has none. */
  keysOf(name: string): string {
    const action = this.#byName.get(name);
    const key = action?.keys?.[0] ?? action?.commandKeys?.[0];
    return key === undefined ? "" : keyLabel(key, isApple(navigator.platform));
  }

  /** A label for a button, with its key. */
  tip(name: string, label = this.#byName.get(name)?.label.toLowerCase() ?? ""): string {
    const keys = this.keysOf(name);
    return keys === "" ? label : `${label} (${keys})`;
  }

  /** What the key may mean at this place, in the order of the table. */
  find(press: KeyPress, place: Place, apple: boolean): readonly Action[] {
    return this.actions.filter((action) => {
      if (place === "elsewhere" && action.about === "cell") return false;
      if (action.keys?.some((key) => mayMean(key, place) && matches(key, press, apple))) return true;
      const isCommand = place === "cell" || place === "elsewhere";
      return isCommand && action.commandKeys?.some((key) => matches(key, press, apple)) === true;
    });
  }
}

/** Do it, about this cell. False when it does not apply here, or has nothing to do. */
export function perform(bench: Workbench, action: Action, cell: CellId | null): boolean {
  if (action.about === "notebook") return action.applies?.(bench) !== false && action.run(bench) !== false;
  if (cell === null || action.applies?.(bench, cell) === false) return false;
  return action.run(bench, cell) !== false;
}

export function canPerform(bench: Workbench, action: Action, cell: CellId | null): boolean {
  if (action.about === "notebook") return action.applies?.(bench) !== false;
  return cell !== null && bench.store.cell(cell) !== undefined && action.applies?.(bench, cell) !== false;
}

export function labelOf(bench: Workbench, action: Action, cell: CellId | null): string {
  if (action.about === "notebook") return action.says?.(bench) ?? action.label;
  return (cell === null ? undefined : action.says?.(bench, cell)) ?? action.label;
}

/** A field has a meaning of its own for everything without Mod. */
function mayMean(key: string, place: Place): boolean {
  return place !== "field" || /^(?:Mod|Ctrl)-/.test(key);
}

/** Several keys are divided by spaces; an empty text takes the key away. */
function withKeys(action: Action, override: string | undefined): Action {
  if (override === undefined || !isReadable(override)) return action;
  const keys = override.split(" ").filter(Boolean).map(normalized);
  // A key without a modifier would be typed into code.
  const isPlain = (key: string): boolean => !/^(?:Mod|Ctrl|Alt)-|^(?:Shift-)?F\d+$/.test(key);
  return { ...action, keys: keys.filter((key) => !isPlain(key)), commandKeys: keys.filter(isPlain) };
}

function isReadable(override: string): boolean {
  return override.split(" ").filter(Boolean).every(isCombination);
}

function clashes(actions: readonly Action[]): readonly Complaint[] {
  const owners = new Map<string, string[]>();
  for (const action of actions) {
    for (const key of new Set([...(action.keys ?? []), ...(action.commandKeys ?? [])].map(normalized))) {
      owners.set(key, [...(owners.get(key) ?? []), action.label]);
    }
  }
  return [...owners]
    .filter(([, labels]) => labels.length > 1)
    .map(([key, labels]) => ({ key, message: `\`${key}\` is the key of several actions: ${labels.join(", ")}` }));
}
