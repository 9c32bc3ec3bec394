/** What the components of a notebook share. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { CellDocuments } from "../editor/documents.ts";
import type { NotebookStore } from "../notebook/store.ts";
import type { CellActions } from "./actions.ts";

export interface Workbench {
  readonly store: NotebookStore;
  readonly documents: CellDocuments;
  readonly actions: CellActions;
}

export const WorkbenchContext = createContext<Workbench | null>(null);

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (workbench === null) throw new Error("a component of the notebook stands outside of it");
  return workbench;
}
