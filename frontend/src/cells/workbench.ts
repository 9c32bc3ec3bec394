/** Puts together what the components share. */
import { CellDocuments } from "../editor/documents.ts";
import { Formatting } from "../editor/formatting.ts";
import { NotebookStore } from "../notebook/store.ts";
import { Clipboard } from "./clipboard.ts";
import type { Workbench } from "./context.ts";
import { Exporting } from "./exporting.ts";
import { Focus } from "./focus.ts";
import { Folds } from "./folds.ts";
import { Help } from "./help.ts";
import { EditHistory } from "./history.ts";
import { Links } from "./links.ts";
import { Placing } from "./placing.ts";
import { type Action, Registry } from "./registry.ts";
import { Running } from "./running.ts";
import { Selection } from "./selection.ts";
import type { Preferences, Settings } from "./settings.ts";
import { Surface } from "./surface.ts";

export function makeWorkbench(
  actions: readonly Action[],
  { overrides, complaints }: Preferences,
  settings: Settings,
): Workbench {
  const store = new NotebookStore();
  const documents = new CellDocuments(store);
  const folds = new Folds(store);
  const selection = new Selection(store);
  const focus = new Focus(store, documents, folds, selection);
  const history = new EditHistory(store);
  const page = { store, documents, focus, folds, selection, history };
  const placing = new Placing(page);
  const formatting = new Formatting(store, documents);
  return {
    ...page,
    placing,
    running: new Running(page, formatting, settings),
    clipboard: new Clipboard(page, placing),
    formatting,
    exporting: new Exporting(store, documents),
    links: new Links(store),
    help: new Help(store, documents, focus),
    settings,
    surface: new Surface(),
    registry: new Registry(actions, overrides, complaints),
  };
}
