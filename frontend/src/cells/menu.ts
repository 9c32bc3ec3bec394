/** Actions as the items of a menu. */
import type { CellId } from "../protocol/generated.ts";
import type { MenuItem } from "../ui/menu.tsx";
import type { Workbench } from "./context.ts";
import { canPerform, labelOf, perform } from "./registry.ts";
import { CELL_MENU } from "./table.ts";

export function menuOf(
  bench: Workbench,
  groups: readonly (readonly string[])[],
  cell: CellId | null,
): readonly (readonly MenuItem[])[] {
  return groups.map((names) =>
    names.flatMap((name): readonly MenuItem[] => {
      const action = bench.registry.get(name);
      if (action === undefined) return [];
      const keys = bench.registry.keysOf(name);
      return [
        {
          label: labelOf(bench, action, cell),
          action: () => perform(bench, action, cell),
          disabled: !canPerform(bench, action, cell),
          ...(keys === "" ? {} : { keys }),
        },
      ];
    }),
  );
}

export function cellMenu(bench: Workbench, cell: CellId): readonly (readonly MenuItem[])[] {
  return menuOf(bench, CELL_MENU, cell);
}
