import { describe, expect, test } from "vitest";
import { divideIntoStretches, MOST_CELLS, type Stretch, USUAL_CELLS } from "./stretches.ts";

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `c${index}`);
const flat = (stretches: readonly Stretch[]): string[] => stretches.flatMap((stretch) => stretch.cells);

/** Cells that are in another stretch than before, and would be built anew. */
function rebuilt(before: readonly Stretch[], after: readonly Stretch[]): string[] {
  const homes = new Map(before.flatMap((stretch) => stretch.cells.map((cell) => [cell, stretch.key])));
  return after.flatMap((stretch) => stretch.cells.filter((cell) => (homes.get(cell) ?? stretch.key) !== stretch.key));
}

describe("stretches", () => {
  test("divide a notebook evenly", () => {
    const stretches = divideIntoStretches([], numbered(25));
    expect(stretches.map((stretch) => stretch.cells.length)).toEqual([USUAL_CELLS, USUAL_CELLS, 5]);
    expect(flat(stretches)).toEqual(numbered(25));
    expect(divideIntoStretches([], [])).toEqual([]);
  });

  test("a new cell at the top changes one of them", () => {
    const before = divideIntoStretches([], numbered(2000));
    const after = divideIntoStretches(before, ["new", ...numbered(2000)]);
    expect(flat(after)).toEqual(["new", ...numbered(2000)]);
    expect(rebuilt(before, after)).toEqual([]);
    expect(after.filter((stretch) => !before.includes(stretch))).toHaveLength(1);
  });

  test("one that grows too long is divided", () => {
    let stretches = divideIntoStretches([], numbered(USUAL_CELLS));
    let order = numbered(USUAL_CELLS);
    for (let index = 0; index < 3 * MOST_CELLS; index++) {
      order = [...order.slice(0, 5), `new${index}`, ...order.slice(5)];
      stretches = divideIntoStretches(stretches, order);
      expect(flat(stretches)).toEqual(order);
    }
    expect(Math.max(...stretches.map((stretch) => stretch.cells.length))).toBeLessThanOrEqual(MOST_CELLS);
  });

  test("whatever happens, the order is right and few cells are built anew", () => {
    let seed = 7;
    const random = (limit: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % limit;
    };
    let order = numbered(200);
    let stretches = divideIntoStretches([], order);
    for (let step = 0; step < 500; step++) {
      const from = random(order.length);
      const cell = order[from] ?? "";
      const others = order.filter((other) => other !== cell);
      const to = random(others.length + 1);
      if (step % 3 === 0) order = others;
      else if (step % 3 === 1) order = [...others.slice(0, to), cell, ...others.slice(to)];
      else order = [...order.slice(0, to), `n${step}`, ...order.slice(to)];
      const after = divideIntoStretches(stretches, order);
      expect(flat(after)).toEqual(order);
      expect(new Set(after.map((stretch) => stretch.key)).size).toBe(after.length);
      expect(rebuilt(stretches, after).length).toBeLessThanOrEqual(MOST_CELLS + 1);
      stretches = after;
    }
  });
});
