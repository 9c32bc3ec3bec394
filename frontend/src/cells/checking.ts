/** Asks the session for what `quire check` finds, with every connection anew: another connection is another page to it. */
import type { NotebookStore } from "../notebook/store.ts";

export function followFindings(store: NotebookStore): void {
  // Not now: a whole state is being taken up.
  const ask = (): void =>
    queueMicrotask(() => {
      if (store.connection.peek() === "open") store.ask({ kind: "followFindings", follow: true });
    });
  store.follow((notice) => {
    if (notice.kind === "notebookOpened") ask();
  });
  store.connection.subscribe((status) => {
    if (status === "open") ask();
  });
}
