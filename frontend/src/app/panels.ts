/** The panels beside the page: each is a feature that is fetched when it is first opened. */
import { FolderTree, type IconNode, ListTree, Package, TriangleAlert, Variable, Workflow } from "lucide";
import type { Action } from "../cells/registry.ts";
import type { Part } from "../ui/lazy.tsx";

export interface Panel {
  readonly id: string;
  readonly label: string;
  readonly icon: IconNode;
  readonly keys?: readonly string[];
  readonly load: () => Promise<Part>;
}

export const PANELS: readonly Panel[] = [
  {
    id: "outline",
    label: "Outline",
    icon: ListTree,
    keys: ["Alt-Shift-o"],
    load: () => import("../features/outline/outline.tsx"),
  },
  {
    id: "problems",
    label: "Problems",
    icon: TriangleAlert,
    keys: ["Alt-Shift-p"],
    load: () => import("../features/problems/problems.tsx"),
  },
  {
    id: "variables",
    label: "Variables",
    icon: Variable,
    keys: ["Alt-Shift-v"],
    load: () => import("../features/variables/variables.tsx"),
  },
  {
    id: "graph",
    label: "Dependencies",
    icon: Workflow,
    keys: ["Mod-Shift-i"],
    load: () => import("../features/graph/graph.tsx"),
  },
  {
    id: "packages",
    label: "Packages",
    icon: Package,
    keys: ["Alt-Shift-k"],
    load: () => import("../features/packages/packages.tsx"),
  },
  {
    id: "files",
    label: "Files",
    icon: FolderTree,
    keys: ["Alt-Shift-f"],
    load: () => import("../features/files/files.tsx"),
  },
];

export const panelActions: readonly Action[] = [
  ...PANELS.map(
    (panel): Action => ({
      name: `panel.${panel.id}`,
      label: `Panel: ${panel.label}`,
      group: "View",
      about: "notebook",
      ...(panel.keys === undefined ? {} : { keys: panel.keys }),
      run: ({ surface }) => surface.togglePanel(panel.id),
    }),
  ),
  {
    name: "global.toggleSidebar",
    label: "Show or hide the panel",
    group: "View",
    about: "notebook",
    keys: ["Mod-Shift-s"],
    run: ({ surface }) => surface.showPanels(),
  },
];
