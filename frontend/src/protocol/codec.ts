/** Frames: msgpack arrays of messages. The server checks what arrives there; what arrives here is our own server's. */
import { Decoder, Encoder } from "@msgpack/msgpack";
import type { Command, Notice } from "./generated.ts";

const encoder = new Encoder({ ignoreUndefined: true });
const decoder = new Decoder();

export function encodeCommands(commands: readonly Command[]): Uint8Array<ArrayBuffer> {
  return encoder.encode(commands);
}

/** Raises when the frame is not an array of maps with a `kind`. */
export function decodeNotices(frame: ArrayBuffer): readonly Notice[] {
  const decoded = decoder.decode(new Uint8Array(frame));
  if (!Array.isArray(decoded) || !decoded.every(isMessage)) throw new TypeError("the frame is not a list of messages");
  return decoded;
}

function isMessage(value: unknown): value is Notice {
  return typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
}
