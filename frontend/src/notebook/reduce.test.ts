import { describe, expect, test } from "vitest";
import type { CellView, NotebookOpened, Notice, ProblemView } from "../protocol/generated.ts";
import { KEPT_LINES } from "./console.ts";
import { dismissMessage, reduce } from "./reduce.ts";
import {
  blankCell,
  blankNotebook,
  type NotebookState,
  neighbour,
  problemCount,
  progressOf,
  staleCount,
  waitingCell,
} from "./state.ts";

function view(id: string, code = "", options: Partial<CellView> = {}): CellView {
  return { ...blankCell(id, code, "cell"), stale: false, edited: false, ...options };
}

function opening(...cells: CellView[]): NotebookOpened {
  return {
    kind: "notebookOpened",
    epoch: "e1",
    clientId: "me",
    path: "a.py",
    title: "A",
    cells,
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
}

function notebook(...cells: CellView[]): NotebookState {
  return reduce(blankNotebook, opening(...cells));
}

function told(state: NotebookState, ...notices: Notice[]): NotebookState {
  return notices.reduce(reduce, state);
}

const abc = () => notebook(view("a", "x = 1"), view("b", "y = x"), view("c"));
const cell = (state: NotebookState, id: string) => {
  const found = state.cells.get(id);
  if (found === undefined) throw new Error(`no cell ${id}`);
  return found;
};

describe("opening", () => {
  test("shows the cells in order", () => {
    expect(abc().order).toEqual(["a", "b", "c"]);
    expect(cell(abc(), "a").code).toBe("x = 1");
  });

  test("replaces what the page had", () => {
    const again = told(abc(), opening(view("d")));
    expect(again.order).toEqual(["d"]);
    expect(again.cells.size).toBe(1);
  });

  test("tells editors that their text was replaced", () => {
    expect(cell(told(abc(), opening(view("a", "x = 2"))), "a").replaced).toBe(cell(abc(), "a").replaced + 1);
  });

  test("forgets what can be brought back when the server is another one", () => {
    const deleted = told(abc(), { kind: "cellRemoved", cell: "a", restorable: true });
    expect(told(deleted, opening(view("b"))).restorable).toEqual(["a"]);
    expect(told(deleted, { ...opening(view("b")), epoch: "e2" }).restorable).toEqual([]);
  });
});

describe("text", () => {
  const update = { clientId: "me", changes: [1, [1, "=="], 3] };

  test("accepted updates change the confirmed text and its version", () => {
    const next = told(abc(), { kind: "updatesAccepted", cell: "a", version: 0, updates: [update] });
    expect(cell(next, "a")).toMatchObject({ code: "x=== 1", version: 1 });
  });

  test("updates seen before are skipped", () => {
    const once = told(abc(), { kind: "updatesAccepted", cell: "a", version: 0, updates: [update] });
    const twice = told(once, { kind: "updatesRefused", cell: "a", version: 0, updates: [update] });
    expect(cell(twice, "a")).toMatchObject({ code: "x=== 1", version: 1 });
  });

  test("a gap is not passed over in silence", () => {
    expect(() => told(abc(), { kind: "updatesAccepted", cell: "a", version: 3, updates: [update] })).toThrow(
      RangeError,
    );
  });

  test("a replaced cell is replaced as a whole", () => {
    const next = told(abc(), { kind: "cellReplaced", cell: view("a", "z", { version: 7 }) });
    expect(cell(next, "a")).toMatchObject({ code: "z", version: 7, replaced: cell(abc(), "a").replaced + 1 });
  });
});

describe("structure", () => {
  test("a cell comes in below another, at the top, and at the end when the other is gone", () => {
    const added = (where: string | null) => told(abc(), { kind: "cellAdded", cell: view("n"), after: where }).order;
    expect(added("a")).toEqual(["a", "n", "b", "c"]);
    expect(added(null)).toEqual(["n", "a", "b", "c"]);
    expect(added("gone")).toEqual(["a", "b", "c", "n"]);
  });

  test("a cell that the page added already stays one cell", () => {
    const notice: Notice = { kind: "cellAdded", cell: view("n"), after: "a" };
    expect(told(abc(), notice, notice).order).toEqual(["a", "n", "b", "c"]);
  });

  test("a removed cell can come back", () => {
    const gone = told(abc(), { kind: "cellRemoved", cell: "b", restorable: true });
    expect(gone.order).toEqual(["a", "c"]);
    expect(gone.restorable).toEqual(["b"]);
    const back = told(gone, { kind: "cellAdded", cell: view("b"), after: "a" });
    expect(back.restorable).toEqual([]);
    expect(back.order).toEqual(["a", "b", "c"]);
  });

  test("a cell that cannot come back is not offered", () => {
    expect(told(abc(), { kind: "cellRemoved", cell: "b", restorable: false }).restorable).toEqual([]);
  });

  test("a cell moves", () => {
    expect(told(abc(), { kind: "cellMoved", cell: "c", after: null }).order).toEqual(["c", "a", "b"]);
    expect(told(abc(), { kind: "cellMoved", cell: "a", after: "c" }).order).toEqual(["b", "c", "a"]);
    expect(told(abc(), { kind: "cellMoved", cell: "gone", after: "c" }).order).toEqual(["a", "b", "c"]);
  });

  test("name, options and title change", () => {
    const next = told(
      abc(),
      { kind: "cellRenamed", cell: "a", name: "load" },
      { kind: "cellConfigured", cell: "a", hideCode: true, disabled: true },
      { kind: "titleChanged", title: "B" },
    );
    expect(cell(next, "a")).toMatchObject({ name: "load", hideCode: true, disabled: true });
    expect(next.title).toBe("B");
  });

  test("neighbours are found, and there are none beyond the ends", () => {
    expect(neighbour(abc(), "b", 1)).toBe("c");
    expect(neighbour(abc(), "a", -1)).toBeNull();
    expect(neighbour(abc(), "gone", 1)).toBeNull();
  });
});

describe("running", () => {
  const queued: Notice = { kind: "cellsQueued", cells: ["a", "b", "c"] };
  const started = (id: string): Notice => ({ kind: "cellStarted", cell: id, started: 5, debugs: false });
  const finished = (id: string): Notice => ({
    kind: "cellFinished",
    cell: id,
    outcome: "succeeded",
    duration: 2,
    stale: false,
    costs: { cpu: 1, memory: 4096, peak: 8192 },
  });

  test("a cell is queued, runs and ends", () => {
    const waiting = told(abc(), queued);
    expect(cell(waiting, "b").activity).toBe("queued");
    const running = told(waiting, started("a"));
    expect(cell(running, "a")).toMatchObject({ activity: "running", started: 5 });
    expect(cell(told(running, finished("a")), "a")).toMatchObject({
      activity: "idle",
      outcome: "succeeded",
      duration: 2,
      memory: 4096,
      started: null,
    });
  });

  test("progress counts what ended in this run", () => {
    const second = told(abc(), queued, started("a"), finished("a"), started("b"));
    expect(progressOf(second)).toMatchObject({ current: 2, total: 3 });
    expect(progressOf(second).running?.id).toBe("b");
    const done = told(second, finished("b"), started("c"), finished("c"));
    expect(progressOf(done)).toMatchObject({ current: 1, total: 0, running: null });
  });

  test("many runs told at once do what they do apart", () => {
    const shown: Notice = {
      kind: "outputChanged",
      cell: "a",
      output: { mime: "text/plain", text: "1", blob: new Uint8Array() },
    };
    const apart = told(abc(), queued, started("a"), shown, finished("a"), started("b"), finished("b"));
    const together = told(abc(), queued, {
      kind: "cellsRan",
      cells: ["a", "b"],
      durations: [2, 2],
      memory: [4096, 4096],
      outputs: { a: { mime: "text/plain", text: "1", blob: new Uint8Array() } },
    });
    expect(together).toEqual(apart);
  });

  test("a cell that will not run keeps what its last run took", () => {
    const before = notebook(view("a", "", { duration: 3, memory: 7 }));
    const cancelled = { outcome: "cancelled", duration: null, stale: true, costs: null } as const;
    const next = told(before, { kind: "cellFinished", cell: "a", ...cancelled });
    expect(cell(next, "a")).toMatchObject({ outcome: "cancelled", duration: 3, memory: 7, stale: true });
  });

  test("queueing does not hide that a cell runs", () => {
    expect(cell(told(abc(), started("a"), queued), "a").activity).toBe("running");
  });

  test("a kernel that starts knows no value that was set", () => {
    const set = told(abc(), { kind: "elementsChanged", values: { "a-0": 7 } });
    const next = told(set, { kind: "kernelChanged", status: "starting", message: "", memory: null });
    expect(next.elements.size).toBe(0);
  });

  test("a kernel that is idle or dead runs nothing", () => {
    const running = told(abc(), queued, started("a"));
    for (const status of ["idle", "dead", "starting"] as const) {
      const next = told(running, { kind: "kernelChanged", status, message: "m", memory: 5 });
      expect([...next.cells.values()].map((one) => one.activity)).toEqual(["idle", "idle", "idle"]);
      expect(next.kernel).toEqual({ status, message: "m", memory: 5 });
    }
    const busy: Notice = { kind: "kernelChanged", status: "busy", message: "", memory: null };
    expect(cell(told(running, busy), "a").activity).toBe("running");
  });

  test("a cell that waits for input is known as long as it does", () => {
    const asking = told(abc(), started("b"), {
      kind: "inputChanged",
      cell: "b",
      input: { number: 1, password: false },
    });
    expect(waitingCell(asking)).toBe("b");
    expect(waitingCell(told(asking, { kind: "inputChanged", cell: "b", input: null }))).toBeNull();
  });

  test("looking into a failure clears nothing", () => {
    const wrote: Notice = {
      kind: "consoleWritten",
      cell: "a",
      console: { stream: "stdout", text: "hi\n", late: false },
    };
    const failed = told(abc(), started("a"), wrote, finished("a"), { kind: "tracebackKept", cell: "a" });
    expect(failed.debuggable).toBe("a");
    const debugging = told(failed, { kind: "cellStarted", cell: "a", started: 9, debugs: true });
    expect(cell(debugging, "a")).toMatchObject({ activity: "running", started: 9 });
    expect(cell(debugging, "a").console.lines.map((line) => line.text)).toEqual(["hi"]);
  });

  test("the console is cleared when a run begins and kept when it ends", () => {
    const wrote: Notice = {
      kind: "consoleWritten",
      cell: "a",
      console: { stream: "stdout", text: "hi\n", late: false },
    };
    const ran = told(abc(), started("a"), wrote, finished("a"));
    expect(cell(ran, "a").console.lines.map((line) => line.text)).toEqual(["hi"]);
    expect(cell(told(ran, started("a")), "a").console.lines).toEqual([]);
  });

  test("the console of a cell is bounded", () => {
    const text = "line\n".repeat(KEPT_LINES + 10);
    const next = told(abc(), { kind: "consoleWritten", cell: "a", console: { stream: "stdout", text, late: false } });
    expect(cell(next, "a").console).toMatchObject({ dropped: 10 });
    expect(cell(next, "a").console.lines).toHaveLength(KEPT_LINES);
  });

  test("an output comes and goes", () => {
    const output = { mime: "text/plain", text: "1", blob: new Uint8Array() };
    const shown = told(abc(), { kind: "outputChanged", cell: "a", output });
    expect(cell(shown, "a").output).toBe(output);
    expect(cell(told(shown, { kind: "outputChanged", cell: "a", output: null }), "a").output).toBeNull();
  });

  test("staleness and edits are marked on the cells named", () => {
    const next = told(
      abc(),
      { kind: "cellsStale", cells: ["a", "gone"], stale: true },
      { kind: "cellsEdited", cells: ["b"], edited: true },
    );
    expect(cell(next, "a").stale).toBe(true);
    expect(cell(next, "b").edited).toBe(true);
    expect(staleCount(next)).toBe(2);
    expect(staleCount(told(next, { kind: "cellsStale", cells: ["a"], stale: false }))).toBe(1);
  });
});

describe("the rest of the page", () => {
  const problem: ProblemView = {
    type: "DefinedTwice",
    name: "x",
    cells: ["a", "b"],
    message: "m",
    fixes: [],
    line: null,
    column: null,
    blocks: true,
  };

  test("problems come and go, and one problem in two cells is one", () => {
    const troubled = told(abc(), { kind: "problemsChanged", problems: { a: [problem], b: [problem] } });
    expect(cell(troubled, "a").problems).toEqual([problem]);
    expect(problemCount(troubled)).toBe(1);
    expect(problemCount(told(troubled, { kind: "problemsChanged", problems: { a: [], b: [] } }))).toBe(0);
  });

  test("values of elements are added to those known", () => {
    const next = told(
      abc(),
      { kind: "elementsChanged", values: { "a-0": 1, "a-1": 2 } },
      { kind: "elementsChanged", values: { "a-0": 3 } },
    );
    expect(Object.fromEntries(next.elements)).toEqual({ "a-0": 3, "a-1": 2 });
  });

  test("a conflict is shown until saving goes on", () => {
    const conflict = told(
      abc(),
      { kind: "saveChanged", status: "conflict", message: "" },
      { kind: "conflictFound", disk: "d", page: "p" },
    );
    expect(conflict.conflict).toEqual({ disk: "d", page: "p" });
    expect(told(conflict, { kind: "saveChanged", status: "conflict", message: "" }).conflict).not.toBeNull();
    const settled = told(conflict, { kind: "saveChanged", status: "saved", message: "" });
    expect(settled.conflict).toBeNull();
    expect(settled.save).toEqual({ status: "saved", message: "" });
  });

  test("a refusal is said, a success is not", () => {
    expect(told(abc(), { kind: "commandAnswered", request: 1, refused: "" }).messages).toEqual([]);
    const refused = told(abc(), { kind: "commandAnswered", request: 1, refused: "no" });
    expect(refused.messages).toEqual([{ id: 1, level: "warning", message: "no", title: "" }]);
    expect(dismissMessage(refused, 1).messages).toEqual([]);
  });

  test("what was said twice is shown once, and only the newest few", () => {
    const say = (message: string): Notice => ({ kind: "notified", level: "info", message });
    const many = told(abc(), ...["a", "b", "a", "c", "d", "e", "f"].map(say));
    expect(many.messages.map((one) => one.message)).toEqual(["a", "c", "d", "e", "f"]);
    expect(new Set(many.messages.map((one) => one.id)).size).toBe(5);
  });

  test("notices about a cell that is gone change nothing", () => {
    const next = told(
      abc(),
      { kind: "cellStarted", cell: "gone", started: 1, debugs: false },
      { kind: "cellRemoved", cell: "gone", restorable: true },
    );
    expect(next.order).toEqual(["a", "b", "c"]);
    expect(next.restorable).toEqual([]);
  });

  test("a notice that only a newer server knows is not the end of the page", () => {
    const notice: unknown = { kind: "somethingNew" };
    expect(reduce(abc(), notice as Notice).order).toEqual(["a", "b", "c"]);
  });

  test("the state before a notice stays as it was", () => {
    const before = abc();
    const copy = structuredClone(before);
    told(before, { kind: "cellRemoved", cell: "a", restorable: true }, { kind: "cellsQueued", cells: ["b"] });
    expect(before).toEqual(copy);
  });
});

test("the installer's words are kept while it works, and its end says what to know", () => {
  const told_ = (status: "working" | "done" | "failed", message: string, ...lines: string[]): Notice =>
    ({ kind: "installerChanged", status, message, lines }) as const;
  const working = told(
    abc(),
    told_("working", "installing `a`"),
    told_("working", "", "one"),
    told_("working", "", "two"),
  );
  expect(working.installer).toEqual({ status: "working", message: "installing `a`", lines: ["one", "two"] });
  expect(told(working, told_("failed", "no such package")).installer?.message).toBe("no such package");
  expect(told(working, told_("done", ""), told_("working", "removing `a`")).installer?.lines).toEqual([]);
});
