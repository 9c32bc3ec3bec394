import { history, undo } from "@codemirror/commands";
import { ChangeSet, type EditorState, type Transaction } from "@codemirror/state";
import { describe, expect, test } from "vitest";
import { applyChanges } from "../notebook/text.ts";
import type { Update } from "../protocol/generated.ts";
import { accepted, createState, overtaken, unconfirmed } from "./sync.ts";

/** The session's side: rebases what comes late, remembers all. */
class Authority {
  text: string;
  readonly updates: Update[] = [];

  constructor(text: string) {
    this.text = text;
  }

  push(version: number, updates: readonly Update[]): readonly Update[] {
    const since = this.updates.slice(version).map((update) => ChangeSet.fromJSON(update.changes));
    const fresh: Update[] = [];
    for (const update of updates) {
      let changes = ChangeSet.fromJSON(update.changes);
      for (const [index, other] of since.entries()) {
        const mapped = changes.map(other);
        since[index] = other.map(changes, true);
        changes = mapped;
      }
      fresh.push({ clientId: update.clientId, changes: changes.toJSON() });
    }
    for (const update of fresh) this.text = applyChanges(this.text, update.changes);
    this.updates.push(...fresh);
    return fresh;
  }
}

const typed = (state: EditorState, at: number, text: string): EditorState =>
  state.update({ changes: { from: at, insert: text } }).state;
const read = (state: EditorState): string => state.doc.toString();
const stateOf = (transaction: Transaction | null, before: EditorState): EditorState => transaction?.state ?? before;

describe("updates", () => {
  test("what was typed is sent, and confirmed when it comes back", () => {
    const state = typed(createState("ab", []), 1, "X");
    const sent = unconfirmed(state, "me");
    expect(sent).toEqual([{ clientId: "me", changes: [1, [0, "X"], 1] }]);
    const confirmed = accepted(state, sent, "me").state;
    expect(read(confirmed)).toBe("aXb");
    expect(unconfirmed(confirmed, "me")).toEqual([]);
  });

  test("another page's updates come in around what was typed", () => {
    const state = typed(createState("ab", []), 2, "!");
    const next = accepted(state, [{ clientId: "other", changes: [[0, ">"], 2] }], "me").state;
    expect(read(next)).toBe(">ab!");
    expect(unconfirmed(next, "me")).toEqual([{ clientId: "me", changes: [3, [0, "!"]] }]);
  });

  test("carriage returns are characters like others, so that offsets agree with the session", () => {
    const state = createState("a\r\nb\rc", []);
    expect(read(state)).toBe("a\r\nb\rc");
    expect(unconfirmed(typed(state, 6, "d"), "me")).toEqual([{ clientId: "me", changes: [6, [0, "d"]] }]);
  });

  test("two pages and a session that rebases end with one text", () => {
    let seed = 3;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let round = 0; round < 60; round += 1) {
      const session = new Authority("start\n");
      const pages = ["p", "q"].map((name) => ({ name, state: createState("start\n", []), version: 0 }));
      for (let step = 0; step < 30; step += 1) {
        const page = pages[random(2)];
        if (page === undefined) continue;
        const choice = random(3);
        if (choice === 0) page.state = typed(page.state, random(page.state.doc.length + 1), "abc\n"[random(4)] ?? "");
        if (choice === 1) {
          const sent = unconfirmed(page.state, page.name);
          session.push(page.version, sent);
        }
        if (choice !== 0) {
          const news = session.updates.slice(page.version);
          page.state = accepted(page.state, news, page.name).state;
          page.version = session.updates.length;
        }
      }
      for (const page of pages) {
        page.state = accepted(page.state, session.updates.slice(page.version), page.name).state;
        page.version = session.updates.length;
        session.push(page.version, unconfirmed(page.state, page.name));
      }
      for (const page of pages) {
        page.state = accepted(page.state, session.updates.slice(page.version), page.name).state;
        expect(read(page.state)).toBe(session.text);
      }
    }
  });
});

describe("after the connection was lost", () => {
  test("with nothing typed, the session's text is shown", () => {
    const state = createState("ab", []);
    expect(read(stateOf(overtaken(state, "ab", "aXb", 0), state))).toBe("aXb");
    expect(overtaken(state, "ab", "ab", 0)).toBeNull();
  });

  test("what was typed meanwhile is on top of the session's text, once, and waits to be sent", () => {
    const state = typed(createState("ab", []), 2, "mine");
    const next = stateOf(overtaken(state, "ab", ">ab", 0), state);
    expect(read(next)).toBe(">abmine");
    expect(unconfirmed(next, "me")).toEqual([{ clientId: "me", changes: [3, [0, "mine"]] }]);
  });

  test("updates that had arrived without our hearing of it are not sent again", () => {
    const sent = typed(createState("ab", []), 2, "1");
    const state = typed(sent, 3, "2");
    const next = stateOf(overtaken(state, "ab", "ab1", 1), state);
    expect(read(next)).toBe("ab12");
    expect(unconfirmed(next, "me")).toEqual([{ clientId: "me", changes: [3, [0, "2"]] }]);
  });

  test("updates that had not arrived are sent again", () => {
    const state = typed(typed(createState("ab", []), 2, "1"), 3, "2");
    const next = stateOf(overtaken(state, "ab", "ab", 1), state);
    expect(unconfirmed(next, "me")).toHaveLength(2);
  });

  test("updates that arrived among others are recognised", () => {
    const state = typed(createState("ab\ncd\n", []), 2, "mine");
    const next = stateOf(overtaken(state, "ab\ncd\n", "abmine\ncd\nelse\n", 1), state);
    expect(read(next)).toBe("abmine\ncd\nelse\n");
    expect(unconfirmed(next, "me")).toEqual([]);
  });

  test("undo still takes back what was typed, and not what others wrote", () => {
    let state = typed(createState("ab", history()), 2, "mine");
    state = stateOf(overtaken(state, "ab", "other ab", 0), state);
    undo({
      state,
      dispatch: (transaction) => {
        state = transaction.state;
      },
    });
    expect(read(state)).toBe("other ab");
  });

  test("no keystroke is lost, whatever happened on the other side", () => {
    const theirs = ["", "x", "ab", "completely\nother\n", "abmine", "zabz"];
    for (const text of theirs) {
      for (const inFlight of [0, 1]) {
        const state = typed(createState("ab", []), 2, "mine");
        const next = stateOf(overtaken(state, "ab", text, inFlight), state);
        expect(read(next)).toContain("mine");
      }
    }
  });
});
