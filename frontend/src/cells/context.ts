/** What the components of a notebook share. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { CellDocuments } from "../editor/documents.ts";
import type { Formatting } from "../editor/formatting.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { Clipboard } from "./clipboard.ts";
import type { Exporting } from "./exporting.ts";
import type { Focus } from "./focus.ts";
import type { Folds } from "./folds.ts";
import type { Help } from "./help.ts";
import type { EditHistory } from "./history.ts";
import type { Links } from "./links.ts";
import type { Placing } from "./placing.ts";
import type { Registry } from "./registry.ts";
import type { Running } from "./running.ts";
import type { Selection } from "./selection.ts";
import type { Settings } from "./settings.ts";
import type { Surface } from "./surface.ts";

export interface Workbench {
  readonly store: NotebookStore;
  readonly documents: CellDocuments;
  readonly focus: Focus;
  readonly selection: Selection;
  readonly folds: Folds;
  readonly history: EditHistory;
  readonly links: Links;
  readonly running: Running;
  readonly placing: Placing;
  readonly clipboard: Clipboard;
  readonly formatting: Formatting;
  readonly exporting: Exporting;
  readonly help: Help;
  readonly settings: Settings;
  readonly surface: Surface;
  readonly registry: Registry;
}

export const WorkbenchContext = createContext<Workbench | null>(null);

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (workbench === null) throw new Error("a component of the notebook stands outside of it");
  return workbench;
}
