/** What is said at the edge of the page, and the offer to undo a deletion. */
import { useWorkbench } from "../cells/context.ts";
import { Messages } from "./messages.tsx";

export function Toasts() {
  const { placing, registry, store } = useWorkbench();
  return (
    <div class="toasts" role="status">
      <Messages store={store} />
      {placing.offered.value !== null && (
        <p class="toast">
          <span>{placing.offered.value}</span>
          <button type="button" class="link" onClick={() => placing.undo()}>
            undo <kbd>{registry.keysOf("notebook.undo")}</kbd>
          </button>
        </p>
      )}
    </div>
  );
}
