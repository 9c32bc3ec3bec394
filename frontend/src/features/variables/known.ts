/** What is known of the variables: told as differences, shown filtered and sorted. Pure. */
import type { Variable, VariablesChanged } from "../../protocol/generated.ts";

export type Known = ReadonlyMap<string, Variable>;
/** `cells` is the order of the notebook. */
export type Column = "cells" | "name" | "type";

export interface Sorting {
  readonly by: Column;
  readonly descending: boolean;
}

export function withChanges(known: Known, { changed, gone, all }: Omit<VariablesChanged, "kind">): Known {
  const next = new Map(all ? [] : known);
  for (const name of gone) next.delete(name);
  for (const variable of changed) next.set(variable.name, variable);
  return next;
}

/** Pressing a column sorts by it, then the other way round, then as the notebook does. */
export function nextSorting(sorting: Sorting, by: Column): Sorting {
  if (sorting.by !== by) return { by, descending: false };
  return sorting.descending ? { by: "cells", descending: false } : { by, descending: true };
}

/** Those whose name, type or value holds the words. `order` is that of the cells. */
export function shownOf(known: Known, words: string, sorting: Sorting, order: readonly string[]): readonly Variable[] {
  const wanted = words.trim().toLowerCase();
  const places = new Map(order.map((cell, at) => [cell, at]));
  const placeOf = ({ cells }: Variable): number => places.get(cells[0] ?? "") ?? order.length;
  const rows = [...known.values()].filter(({ name, type, value }) =>
    `${name}\n${type}\n${value}`.toLowerCase().includes(wanted),
  );
  const compare = (one: Variable, other: Variable): number =>
    (sorting.by === "cells" ? placeOf(one) - placeOf(other) : one[sorting.by].localeCompare(other[sorting.by])) ||
    one.name.localeCompare(other.name);
  return rows.sort(sorting.descending ? (one, other) => compare(other, one) : compare);
}
