import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NotebookStore } from "../notebook/store.ts";
import type { Command, NotebookOpened } from "../protocol/generated.ts";
import { Presence } from "./presence.ts";

const opening: NotebookOpened = {
  kind: "notebookOpened",
  epoch: "e",
  clientId: "me",
  path: "a.py",
  title: "",
  cells: [],
  kernel: "idle",
  save: "saved",
  saveMessage: "",
  elements: {},
  quireVersion: "0",
  carrier: "python",
  lazy: false,
  pages: [],
  memory: null,
  debuggable: null,
};
const other = { clientId: "other", caret: null };

function connected(pages: NotebookOpened["pages"] = []) {
  const store = new NotebookStore();
  const sent: Command[] = [];
  store.sendTo((commands) => {
    sent.push(...commands);
    return true;
  });
  store.connection.value = "open";
  const presence = new Presence(store);
  store.apply([{ ...opening, pages }]);
  return { store, presence, sent };
}

const caret = (head: number) => ({ cell: "a", anchor: 0, head });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("presence", () => {
  test("says nothing while nobody else is here", () => {
    const { presence, sent } = connected();
    presence.move("a", caret(1));
    vi.runAllTimers();
    expect(sent).toEqual([]);
  });

  test("tells the last of many moves, once", () => {
    const { presence, sent } = connected([other]);
    for (let head = 0; head < 50; head++) presence.move("a", caret(head));
    vi.runAllTimers();
    expect(sent).toMatchObject([{ kind: "moveCaret", caret: caret(49) }]);
  });

  test("a newcomer makes it tell", () => {
    const { store, presence, sent } = connected();
    presence.move("a", caret(3));
    store.apply([{ kind: "pageMoved", page: other }]);
    vi.runAllTimers();
    expect(sent).toMatchObject([{ kind: "moveCaret", caret: caret(3) }]);
  });

  test("leaving a cell counts only for the cell that has the caret", () => {
    const { presence, sent } = connected([other]);
    presence.move("a", caret(1));
    presence.move("b", null);
    vi.runAllTimers();
    expect(sent).toHaveLength(1);
    presence.move("a", null);
    vi.runAllTimers();
    expect(sent.at(-1)).toMatchObject({ kind: "moveCaret", caret: null });
  });

  test("others are shown in the cell where they type, until they leave", () => {
    const { store, presence } = connected([other]);
    const here = presence.others("a");
    store.apply([{ kind: "pageMoved", page: { clientId: "other", caret: caret(2) } }]);
    expect(here.value).toEqual([caret(2)]);
    expect(presence.others("b").value).toEqual([]);
    store.apply([{ kind: "pageLeft", clientId: "other" }]);
    expect(here.value).toEqual([]);
  });
});
