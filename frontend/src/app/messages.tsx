/** Lines that come and go by themselves: what the session says, and the notebook's own toasts. */
import "./messages.css";
import { X } from "lucide";
import { useEffect } from "preact/hooks";
import type { Message } from "../notebook/state.ts";
import type { NotebookStore } from "../notebook/store.ts";
import { Icon } from "../ui/icon.tsx";
import { withCode } from "../ui/quoted.tsx";

/** What was refused or went wrong stays until it is dismissed. */
const INFO_MS = 6000;
const WARNING_MS = 12_000;

export function Messages({ store }: { store: NotebookStore }) {
  return (
    <>
      {store.messages.value.map((message) => (
        <Toast key={message.id} message={message} store={store} />
      ))}
    </>
  );
}

function Toast({ message, store }: { message: Message; store: NotebookStore }) {
  useEffect(() => {
    if (message.level === "error") return;
    const timer = setTimeout(() => store.dismiss(message.id), message.level === "info" ? INFO_MS : WARNING_MS);
    return () => clearTimeout(timer);
  }, [message.id]);
  return (
    <p class="toast" data-level={message.level}>
      <span>
        {message.title !== "" && <strong>{withCode(message.title)}</strong>} {withCode(message.message)}
      </span>
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
