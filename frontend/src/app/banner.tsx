/** What has to be known before anything else: the kernel is gone. */
import { useWorkbench } from "../cells/context.ts";
import { withCode } from "../ui/quoted.tsx";

export function KernelBanner() {
  const { actions, store } = useWorkbench();
  const { status, message } = store.kernel.value;
  if (status !== "dead") return null;
  return (
    <section class="banner" role="alert">
      <p>
        {withCode(message === "" ? "the kernel has stopped; what it computed is gone, the notebook is not" : message)}
      </p>
      <button type="button" class="button" data-kind="primary" onClick={() => actions.restart(true)}>
        restart and run
      </button>
      <button type="button" class="button" onClick={() => actions.restart(false)}>
        restart only
      </button>
    </section>
  );
}
