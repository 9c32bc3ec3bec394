/** States in words, for the top bar and the status line. Pure. */
import type { ConnectionStatus } from "../protocol/connection.ts";
import type { KernelStatus, SaveStatus } from "../protocol/generated.ts";
import { size } from "../ui/size.ts";

const SAVE_WORDS: Record<SaveStatus, string> = {
  saved: "saved",
  unsaved: "not saved yet",
  saving: "saving",
  failed: "cannot save",
  conflict: "not saved: the file was changed on disk too",
};

export function saveWords(status: SaveStatus, message: string, connection: ConnectionStatus): string {
  if (connection === "connecting") return "";
  if (connection === "ended") return "not connected";
  if (connection === "lost") return "kept in this page until the server is back";
  // The reason stands in a banner.
  return message === "" || status === "failed" ? SAVE_WORDS[status] : message;
}

const KERNEL_WORDS: Record<KernelStatus, string> = {
  starting: "kernel is starting",
  idle: "idle",
  busy: "busy",
  dead: "kernel has stopped",
};

export function kernelWords(status: KernelStatus, current: number, total: number): string {
  return status === "busy" && total > 0 ? `running cell ${Math.min(current, total)} of ${total}` : KERNEL_WORDS[status];
}

/** Of the kernel's process; empty while that is not known. */
export function memoryWords(bytes: number | null): string {
  return bytes === null ? "" : size(bytes);
}

export function connectionWords(status: ConnectionStatus): string {
  if (status === "connecting") return "connecting";
  if (status === "ended") return "stopped";
  return status === "open" ? "connected" : "connection lost, trying again";
}

export function problemWords(count: number): string {
  if (count === 0) return "no problems";
  return count === 1 ? "1 problem" : `${count} problems`;
}

export function warningWords(count: number): string {
  return count === 1 ? "1 warning" : `${count} warnings`;
}

/** Empty when this is the only page. */
export function presenceWords(others: number): string {
  if (others === 0) return "";
  return others === 1 ? "open in another page" : `open in ${others} other pages`;
}
