/** The one place where the state lives: applies notices, offers each part as a signal, sends commands. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ConnectionStatus } from "../protocol/connection.ts";
import type {
  AskCode,
  CellId,
  CodeAnswer,
  Command,
  ElementId,
  Notice,
  PackagesListed,
  RunsListed,
} from "../protocol/generated.ts";
import { freshCellId } from "./ids.ts";
import { dismissMessage, reduce, withMessage } from "./reduce.ts";
import { blankCell, blankNotebook, type CellState, type NotebookState } from "./state.ts";

/** A command before it gets its number. */
export type Asked = Command extends infer C ? (C extends Command ? Omit<C, "request"> : never) : never;

/** A place in the code of a cell, and what is asked about it. */
export type CodeQuestion = Omit<AskCode, "kind" | "request">;

/** Called after each notice, with the state before and after it. */
export type Follower = (notice: Notice, before: NotebookState, after: NotebookState) => void;

export class NotebookStore {
  readonly #state = signal<NotebookState>(blankNotebook);
  readonly #cells = new Map<CellId, Signal<CellState>>();
  readonly #elements = new Map<ElementId, Signal<unknown>>();
  readonly #followers: Follower[] = [];
  readonly #refusals = new Map<number, () => void>();
  readonly #questions = new Map<number, (notice: Notice | null) => void>();
  #send: (commands: readonly Command[]) => boolean = () => false;
  #request = 0;
  #moved = new Map<ElementId, unknown>();
  #frame = 0;
  /** Server's clock minus ours, in seconds: the smallest lead seen is the best guess. */
  #clockLead = Number.NEGATIVE_INFINITY;

  readonly state: ReadonlySignal<NotebookState> = this.#state;
  readonly connection = signal<ConnectionStatus>("connecting");
  readonly order = computed(() => this.#state.value.order);
  readonly positions = computed(() => new Map(this.order.value.map((id, index) => [id, index])));
  readonly opened = computed(() => this.#state.value.opened);
  readonly path = computed(() => this.#state.value.path);
  readonly version = computed(() => this.#state.value.quireVersion);
  readonly carrier = computed(() => this.#state.value.carrier);
  readonly title = computed(() => this.#state.value.title);
  readonly kernel = computed(() => this.#state.value.kernel);
  readonly lazy = computed(() => this.#state.value.lazy);
  readonly debuggable = computed(() => this.#state.value.debuggable);
  readonly installer = computed(() => this.#state.value.installer);
  readonly findings = computed(() => this.#state.value.findings);
  readonly links = computed(() => this.#state.value.links);
  readonly save = computed(() => this.#state.value.save);
  readonly pages = computed(() => this.#state.value.pages);
  readonly conflict = computed(() => this.#state.value.conflict);
  readonly messages = computed(() => this.#state.value.messages);
  readonly restorable = computed(() => this.#state.value.restorable);

  /** Where commands go; false when there is nobody to hear them. */
  sendTo(send: (commands: readonly Command[]) => boolean): void {
    this.#send = send;
  }

  /** Returns how to stop following. */
  follow(follower: Follower): () => void {
    this.#followers.push(follower);
    return () => {
      const at = this.#followers.indexOf(follower);
      if (at !== -1) this.#followers.splice(at, 1);
    };
  }

  apply(notices: readonly Notice[]): void {
    batch(() => {
      for (const notice of notices) {
        const before = this.#state.value;
        const after = reduce(before, notice);
        this.#state.value = after;
        if (notice.kind === "commandAnswered") this.#settle(notice.request, notice.refused !== "");
        if (notice.kind === "codeAnswered" || notice.kind === "runsListed" || notice.kind === "packagesListed")
          this.#answer(notice.request, notice);
        if (notice.kind === "notebookOpened") this.#answerNothing();
        if (notice.kind === "cellStarted") this.#compareClocks(notice.started);
        for (const follower of [...this.#followers]) follower(notice, before, after);
      }
      this.#publish();
    });
  }

  /** The signal of one cell; undefined when the notebook does not have it. */
  cell(id: CellId): ReadonlySignal<CellState> | undefined {
    const known = this.#cells.get(id);
    if (known !== undefined) return known;
    const cell = this.#state.peek().cells.get(id);
    if (cell === undefined) return undefined;
    const fresh = signal(cell);
    this.#cells.set(id, fresh);
    return fresh;
  }

  /** The value set for an element, undefined as long as its markup's own value holds. */
  element(id: ElementId): ReadonlySignal<unknown> {
    let known = this.#elements.get(id);
    if (known === undefined) {
      known = signal(this.#state.peek().elements.get(id));
      this.#elements.set(id, known);
    }
    return known;
  }

  /** A value set by hand: shown at once in every copy, sent with the newest others once per frame. */
  setElement(id: ElementId, value: unknown): void {
    this.apply([{ kind: "elementsChanged", values: { [id]: value } }]);
    this.#moved.set(id, value);
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.flushElements());
  }

  /** Send the values that wait. Without a connection they wait on. */
  flushElements(): void {
    this.#frame = 0;
    if (this.#moved.size === 0) return;
    const values = Object.fromEntries(this.#moved);
    if (this.#send([{ kind: "setElements", values, request: ++this.#request }])) this.#moved = new Map();
  }

  /** Ask the session. Without a connection it says so, and answers false. */
  ask(asked: Asked, refused?: () => void): boolean {
    const request = ++this.#request;
    if (!this.#send([{ ...asked, request }])) {
      if (asked.kind !== "pushUpdates") this.say("warning", "not connected: this can be done when the server is back");
      return false;
    }
    if (refused !== undefined) this.#refusals.set(request, refused);
    return true;
  }

  /** What is at a place in the code? Null when nobody can say: no connection, or it broke meanwhile. */
  askCode(asked: CodeQuestion): Promise<CodeAnswer | null> {
    return this.#askFor({ kind: "askCode", ...asked }).then((notice) =>
      notice?.kind === "codeAnswered" ? notice.answer : null,
    );
  }

  /** What did the runs of the cell take? Null as above. */
  askRuns(cell: CellId): Promise<RunsListed | null> {
    return this.#askFor({ kind: "listRuns", cell }).then((notice) => (notice?.kind === "runsListed" ? notice : null));
  }

  /** What is installed where the cells run? Null as above. */
  askPackages(): Promise<PackagesListed | null> {
    return this.#askFor({ kind: "listPackages" }).then((notice) => (notice?.kind === "packagesListed" ? notice : null));
  }

  /** A new cell outside of any history, as a place for text that has none. */
  addCell(after: CellId | null, code: string): void {
    const cell = freshCellId();
    const fresh = { cell, code, type: "cell", name: "_", hideCode: false, disabled: false } as const;
    if (!this.ask({ kind: "addCells", cells: [fresh], after })) return;
    this.apply([{ kind: "cellAdded", cell: blankCell(cell, code, "cell"), after }]);
  }

  say(level: "info" | "warning" | "error", message: string): void {
    this.#state.value = withMessage(this.#state.value, level, message);
  }

  dismiss(id: number): void {
    this.#state.value = dismissMessage(this.#state.value, id);
  }

  /** Seconds since the moment `started` of the server's clock. */
  secondsSince(started: number): number {
    const lead = Number.isFinite(this.#clockLead) ? this.#clockLead : 0;
    return Math.max(0, Date.now() / 1000 - started + lead);
  }

  #compareClocks(started: number): void {
    this.#clockLead = Math.max(this.#clockLead, started - Date.now() / 1000);
  }

  /** The notice that answers; null when none will. */
  #askFor(asked: Asked): Promise<Notice | null> {
    const request = ++this.#request;
    if (!this.#send([{ ...asked, request }])) return Promise.resolve(null);
    return new Promise((resolve) => this.#questions.set(request, resolve));
  }

  #answer(request: number, answer: Notice | null): void {
    this.#questions.get(request)?.(answer);
    this.#questions.delete(request);
  }

  /** Everything begins anew: answers to what was asked before will not come. */
  #answerNothing(): void {
    for (const request of [...this.#questions.keys()]) this.#answer(request, null);
  }

  #settle(request: number, refused: boolean): void {
    if (refused) {
      this.#refusals.get(request)?.();
      this.#answer(request, null);
    }
    this.#refusals.delete(request);
  }

  /** Bring the signals up to date; only those that changed wake anybody. */
  #publish(): void {
    const { cells, elements } = this.#state.peek();
    for (const [id, known] of this.#cells) {
      const cell = cells.get(id);
      if (cell === undefined) this.#cells.delete(id);
      else known.value = cell;
    }
    for (const [id, known] of this.#elements) known.value = elements.get(id);
  }
}
