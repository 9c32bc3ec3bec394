/** The socket to the session: sends commands, hands over notices, and comes back by itself when it is lost. */
import { decodeNotices, encodeCommands } from "./codec.ts";
import type { Command, Notice } from "./generated.ts";

/** `ended`: the server has said that there is nothing to come back to. */
export type ConnectionStatus = "connecting" | "open" | "lost" | "ended";

/** Codes from here on are the server's own: the notebook was stopped, or is not there. */
const FINAL_CODE = 4000;

/** The first notice of a connection is one of these. */
const FIRST: ReadonlySet<Notice["kind"]> = new Set(["notebookOpened", "pageConfirmed"]);

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5000;
/** A connection that lived this long starts again with the shortest wait. */
const SETTLED_MS = 3000;

export interface ConnectionEvents {
  readonly onNotices: (notices: readonly Notice[]) => void;
  readonly onStatus: (status: ConnectionStatus) => void;
  /** It ended for good; the server says why. */
  readonly onEnd?: (reason: string) => void;
  /** A frame that nobody could read, or a notice that could not be applied; the connection starts afresh. */
  readonly onFailure: (error: unknown) => void;
}

export function retryDelay(attempt: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
}

export class Connection {
  readonly #url: string;
  /** Added to the address of the first attempt only. */
  #once: string;
  readonly #events: ConnectionEvents;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Commands may leave only after the first notice: before it, the page does not know the notebook of this server. */
  #ready = false;
  #ended = false;

  constructor(url: string, events: ConnectionEvents, once = "") {
    this.#url = url;
    this.#once = once;
    this.#events = events;
  }

  open(): void {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#url + this.#once);
    this.#once = "";
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    const opened = Date.now();
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) => this.#receive(socket, event.data);
    socket.onclose = (event) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (this.#ready && Date.now() - opened > SETTLED_MS) this.#attempt = 0;
      this.#ready = false;
      if (event.code >= FINAL_CODE) {
        this.#ended = true;
        this.#events.onStatus("ended");
        this.#events.onEnd?.(event.reason);
        return;
      }
      this.#events.onStatus("lost");
      this.#timer = setTimeout(() => this.open(), retryDelay(this.#attempt++));
    };
  }

  /** Try at once, for example because the network came back. */
  retryNow(): void {
    if (this.#socket === null && !this.#ended) this.open();
  }

  /** False when there is no connection; nothing is queued, since the notebook may be another one when it is back. */
  send(commands: readonly Command[]): boolean {
    if (this.#socket === null || !this.#ready || this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(encodeCommands(commands));
    return true;
  }

  #receive(socket: WebSocket, frame: ArrayBuffer): void {
    if (this.#socket !== socket) return;
    try {
      const notices = decodeNotices(frame);
      if (!this.#ready && notices.some((notice) => FIRST.has(notice.kind))) {
        this.#ready = true;
        this.#events.onStatus("open");
      }
      this.#events.onNotices(notices);
    } catch (error) {
      this.#events.onFailure(error);
      socket.close();
    }
  }
}
