/** What stands where a value was too large to send: its size and what to do. */
import { isRecord } from "../notebook/traceback.ts";

export const MESSAGE = "application/vnd.quire.message+json";

export function parseMessage(text: string): { readonly title: string; readonly body: string } {
  try {
    const json: unknown = JSON.parse(text);
    if (isRecord(json)) return { title: String(json.title ?? ""), body: String(json.body ?? "") };
  } catch {
    // Falls through: the text itself is the best that can be shown.
  }
  return { title: "", body: text };
}

export function MessageOutput({ text }: { text: string }) {
  const { title, body } = parseMessage(text);
  return (
    <div class="output-message" role="note">
      {title !== "" && <strong>{title}</strong>}
      <p>{body}</p>
    </div>
  );
}
