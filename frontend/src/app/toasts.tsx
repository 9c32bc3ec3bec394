/** Lines that come and go: what the session says, and the offer to undo a deletion. */
import { X } from "lucide";
import { useEffect } from "preact/hooks";
import { useWorkbench } from "../cells/context.ts";
import type { Message } from "../notebook/state.ts";
import { Icon } from "../ui/icon.tsx";
import { withCode } from "../ui/quoted.tsx";

/** What was refused or went wrong stays until it is dismissed. */
const INFO_MS = 6000;
const WARNING_MS = 12_000;

export function Toasts() {
  const { placing, registry, store } = useWorkbench();
  return (
    <div class="toasts" role="status">
      {store.messages.value.map((message) => (
        <Toast key={message.id} message={message} />
      ))}
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

function Toast({ message }: { message: Message }) {
  const { store } = useWorkbench();
  useEffect(() => {
    if (message.level === "error") return;
    const timer = setTimeout(() => store.dismiss(message.id), message.level === "info" ? INFO_MS : WARNING_MS);
    return () => clearTimeout(timer);
  }, [message.id]);
  return (
    <p class="toast" data-level={message.level}>
      <span>{withCode(message.message)}</span>
      <button
        type="button"
        class="icon-button"
        aria-label="dismiss"
        title="dismiss"
        onClick={() => store.dismiss(message.id)}
      >
        <Icon icon={X} size={14} />
      </button>
    </p>
  );
}
