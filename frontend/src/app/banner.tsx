/** What has to be known before anything else, wherever the page is scrolled to: the kernel is gone or hears nobody, saving has stopped. */
import { useWorkbench } from "../cells/context.ts";
import { withCode } from "../ui/quoted.tsx";

/** The kernel waits for its environment. */
export function StartingBanner() {
  const { status, message } = useWorkbench().store.kernel.value;
  if (status !== "starting" || message === "") return null;
  return (
    <section class="banner" data-kind="stale" role="status">
      <p>{withCode(message)}</p>
    </section>
  );
}

export function KernelBanner() {
  const { running, store } = useWorkbench();
  const { status, message } = store.kernel.value;
  const isDead = status === "dead";
  // A kernel that works has something to say only when the cell that runs does not end.
  if (!isDead && (status !== "busy" || message === "")) return null;
  return (
    <section class="banner" data-kind={isDead ? "error" : "stale"} role="alert">
      <p>
        {withCode(message === "" ? "the kernel has stopped; what it computed is gone, the notebook is not" : message)}
      </p>
      <button
        type="button"
        class="button"
        data-kind="primary"
        title="runs again what had run, but not the cell that had to be ended or ended the kernel, nor what needs it"
        onClick={() => running.restart("again")}
      >
        restart and run
      </button>
      <button type="button" class="button" onClick={() => running.restart("none")}>
        restart only
      </button>
    </section>
  );
}

/** The disk is full, or nobody may write there: what is in the page is safe as long as the server is. */
export function SaveBanner() {
  const { running, store } = useWorkbench();
  const { status, message } = store.save.value;
  if (status !== "failed") return null;
  return (
    <section class="banner" role="alert">
      <p>{withCode(message)}</p>
      <button type="button" class="button" onClick={running.save}>
        try again
      </button>
    </section>
  );
}

/** Leads to the panel with the two texts, which stands at the top of the page. */
export function ConflictBanner({ onCompare }: { onCompare: () => void }) {
  return (
    <section class="banner" data-kind="stale" role="alert">
      <p>the file was changed on disk and here; saving has stopped until one of the two is chosen</p>
      <button type="button" class="button" onClick={onCompare}>
        compare
      </button>
    </section>
  );
}
