/** Parts of the page that come after it, from a server that may be gone just then. */
import { effect, type ReadonlySignal } from "@preact/signals";

/** Calls `use` when the part is there. Where it cannot be fetched, `late` is called, and each new connection tries again. */
export function arrive<Part>(
  load: () => Promise<Part>,
  connection: ReadonlySignal<string>,
  use: (part: Part) => void,
  late: () => void,
): void {
  load().then(use, () => {
    late();
    let isOld = connection.peek() === "open"; // it may be lost already, and nobody has heard of that yet
    const stop = effect(() => {
      const isOpen = connection.value === "open";
      if (!isOpen) isOld = false;
      if (isOpen && !isOld) {
        queueMicrotask(() => {
          stop();
          arrive(load, connection, use, late);
        });
      }
    });
  });
}
