/** How one cell's editor state follows the session's text without losing what was typed meanwhile. Pure, no view. */
import { type Update as CollabUpdate, collab, receiveUpdates, sendableUpdates } from "@codemirror/collab";
import { ChangeSet, EditorState, type Extension, type Transaction } from "@codemirror/state";
import { differenceOf, type Hunk } from "../notebook/text.ts";
import type { Change, Update } from "../protocol/generated.ts";

/** Within an editor state we are always called so; the server's name for us changes with every connection. */
const US = "us";
const SERVER = "server";

/** Lines end with a newline only, so that offsets here and there are the same whatever the text holds. */
export function createState(text: string, extensions: Extension): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [EditorState.lineSeparator.of("\n"), collab({ clientID: US }), extensions],
  });
}

/** What was typed and is not confirmed, as the wire wants it. */
export function unconfirmed(state: EditorState, clientId: string): readonly Update[] {
  return sendableUpdates(state).map((update) => ({ clientId, changes: toWire(update.changes) }));
}

/** Updates that the session accepted, ours among them. */
export function accepted(state: EditorState, updates: readonly Update[], clientId: string): Transaction {
  return receiveUpdates(
    state,
    updates.map((update) => ({
      clientID: update.clientId === clientId ? US : update.clientId,
      changes: fromWire(update.changes),
    })),
  );
}

/**
 * The session's text is now `theirs`, we do not know by which updates; it was `base` when we last heard.
 *
 * 1. The updates on their way (the first `inFlight`) were either all accepted or none: whichever leaves the smaller
 *    difference to `theirs` is taken for what happened.
 * 2. That difference counts as an update by somebody else, and what we typed is rebased over it.
 */
export function overtaken(state: EditorState, base: string, theirs: string, inFlight: number): Transaction | null {
  const ours = sendableUpdates(state);
  const without = guess(base, [], theirs);
  const withOurs = guess(base, ours.slice(0, inFlight), theirs);
  const best = sizeOf(withOurs.hunks) < sizeOf(without.hunks) ? withOurs : without;
  const updates: CollabUpdate[] = best.accepted.map((update) => ({ clientID: US, changes: update.changes }));
  if (best.hunks.length > 0) {
    updates.push({ clientID: SERVER, changes: ChangeSet.of(best.hunks, best.text.length, "\n") });
  }
  return updates.length === 0 ? null : receiveUpdates(state, updates);
}

interface Guess {
  readonly accepted: readonly CollabUpdate[];
  readonly text: string;
  readonly hunks: readonly Hunk[];
}

function guess(base: string, accepted: readonly CollabUpdate[], theirs: string): Guess {
  const start = EditorState.create({ doc: base, extensions: EditorState.lineSeparator.of("\n") }).doc;
  const text = accepted.reduce((doc, update) => update.changes.apply(doc), start).toString();
  return { accepted, text, hunks: differenceOf(text, theirs) };
}

function sizeOf(hunks: readonly Hunk[]): number {
  return hunks.reduce((size, hunk) => size + (hunk.to - hunk.from) + hunk.insert.length, 0);
}

function fromWire(changes: readonly Change[]): ChangeSet {
  return ChangeSet.fromJSON(changes);
}

function toWire(changes: ChangeSet): readonly Change[] {
  const json: unknown = changes.toJSON();
  if (!isChanges(json)) throw new TypeError("the editor made a change set of an unknown form");
  return json;
}

function isChanges(json: unknown): json is readonly Change[] {
  return Array.isArray(json) && json.every((part) => typeof part === "number" || Array.isArray(part));
}
