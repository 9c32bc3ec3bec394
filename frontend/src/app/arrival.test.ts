import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { arrive } from "./arrival.ts";

/** A part that can be fetched when `reachable` says so. */
function fetching(): {
  state: { reachable: boolean };
  load: () => Promise<string>;
  use: (part: string) => void;
  late: () => void;
} {
  const state = { reachable: false };
  const load = vi.fn(() => (state.reachable ? Promise.resolve("part") : Promise.reject(new Error("unreachable"))));
  return { state, load, use: vi.fn(), late: vi.fn() };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

test("a part that can be fetched is used once", async () => {
  const { state, load, use, late } = fetching();
  state.reachable = true;
  arrive(load, signal("open"), use, late);
  await settled();
  expect(use).toHaveBeenCalledExactlyOnceWith("part");
  expect(late).not.toHaveBeenCalled();
});

test.each(["open", "lost"])("a part that was out of reach (%s) comes with the next connection", async (before) => {
  const { state, load, use, late } = fetching();
  const connection = signal(before);
  arrive(load, connection, use, late);
  await settled();
  expect(late).toHaveBeenCalledTimes(1);
  expect(load).toHaveBeenCalledTimes(1);

  connection.value = "lost";
  connection.value = "open";
  await settled();
  expect(load).toHaveBeenCalledTimes(2);
  expect(use).not.toHaveBeenCalled();

  connection.value = "lost";
  state.reachable = true;
  connection.value = "open";
  await settled();
  expect(use).toHaveBeenCalledExactlyOnceWith("part");

  connection.value = "lost";
  connection.value = "open";
  await settled();
  expect(load).toHaveBeenCalledTimes(3);
});
