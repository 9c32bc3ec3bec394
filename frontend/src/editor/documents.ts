/** The texts being edited: one document per cell, which outlives its view, its cell's place and the connection. */
import type { EditorState, Transaction } from "@codemirror/state";
import type { EditorView, ViewUpdate } from "@codemirror/view";
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { LineMark } from "../notebook/failures.ts";
import type { CellState, NotebookState } from "../notebook/state.ts";
import type { Asked, NotebookStore } from "../notebook/store.ts";
import { differenceOf } from "../notebook/text.ts";
import type { CellId, FindingView, Notice, Update } from "../protocol/generated.ts";
import type { EditorKit } from "./kit.ts";
import { Presence } from "./presence.ts";

class CellDocument {
  readonly id: CellId;
  readonly text: Signal<string>;
  readonly focused = signal(false);
  version: number;
  /** How many of the unconfirmed updates are on their way. */
  inFlight = 0;
  view: EditorView | null = null;
  /** What waits until everything typed so far is on its way. */
  waiting: (() => void)[] = [];
  #state: EditorState | null = null;

  constructor(cell: CellState) {
    this.id = cell.id;
    this.version = cell.version;
    this.text = signal(cell.code);
  }

  /** Null until the text was first edited or shown in an editor: then there is nothing unconfirmed either. */
  get state(): EditorState | null {
    return this.view?.state ?? this.#state;
  }

  set state(state: EditorState | null) {
    this.#state = state;
  }

  dispatch(transaction: Transaction): void {
    if (this.view !== null) {
      this.view.dispatch(transaction);
      return;
    }
    this.#state = transaction.state;
    if (transaction.docChanged) this.text.value = transaction.state.doc.toString();
  }
}

export class CellDocuments {
  readonly #store: NotebookStore;
  readonly #documents = new Map<CellId, CellDocument>();
  readonly #presence: Presence;
  #kit: EditorKit | null = null;
  /** True as soon as cells can be edited. */
  readonly ready = signal(false);

  constructor(store: NotebookStore) {
    this.#store = store;
    this.#presence = new Presence(store);
    store.follow((notice, before, after) => this.#follow(notice, before, after));
  }

  editWith(kit: EditorKit): void {
    this.#kit = kit;
    this.ready.value = true;
  }

  /** The cell's text as it stands in its editor. */
  text(cell: CellState): ReadonlySignal<string> {
    return this.#of(cell).text;
  }

  focused(cell: CellState): ReadonlySignal<boolean> {
    return this.#of(cell).focused;
  }

  /** How many updates the text has seen when those on their way have arrived; null for a cell that nobody knows. */
  version(id: CellId): number | null {
    const document = this.#documents.get(id);
    return document === undefined ? null : document.version + document.inFlight;
  }

  view(id: CellId): EditorView | null {
    return this.#documents.get(id)?.view ?? null;
  }

  /** Show the cell's editor in `parent`; what it held when it was last shown is all there. */
  mount(cell: CellState, parent: HTMLElement): () => void {
    const document = this.#of(cell);
    const kit = this.#loaded();
    const view = kit.show(document.state ?? this.#create(document), parent);
    document.view = view;
    const carets = this.#presence.others(cell.id);
    const stop = effect(() => kit.showCarets(view, carets.value));
    return () => {
      stop();
      this.#presence.move(cell.id, null);
      document.state = view.state;
      document.view = null;
      document.focused.value = false;
      view.destroy();
    };
  }

  /** Change a cell's text here, as if somebody had typed the difference: it can be undone, and goes to the session. */
  retype(cell: CellState, text: string): void {
    const document = this.#of(cell);
    const state = document.state ?? this.#create(document);
    const changes = differenceOf(state.doc.toString(), text);
    if (changes.length === 0) return;
    document.dispatch(state.update({ changes, userEvent: "input" }));
    this.push(document.id);
  }

  nameGiven(id: CellId, names: readonly string[]): void {
    const view = this.view(id);
    if (view !== null) this.#kit?.nameGiven(view, names);
  }

  turnProse(id: CellId): void {
    const view = this.view(id);
    if (view !== null) this.#kit?.turnProse(view);
  }

  mark(id: CellId, marks: readonly LineMark[]): void {
    const view = this.view(id);
    if (view !== null) this.#kit?.mark(view, marks);
  }

  showFindings(id: CellId, findings: readonly FindingView[]): void {
    const view = this.view(id);
    if (view !== null) this.#kit?.showFindings(view, findings);
  }

  settle(id: CellId): void {
    const view = this.view(id);
    if (view !== null) this.#kit?.settle(view);
  }

  /** True when something typed here has not reached the session. */
  hasUnconfirmed(): boolean {
    for (const document of this.#documents.values()) if (this.#pending(document).length > 0) return true;
    return false;
  }

  /** Send what was typed; one push per cell is on its way at a time. */
  push(id: CellId): void {
    const document = this.#documents.get(id);
    if (document === undefined || document.state === null || document.inFlight > 0) return;
    const updates = this.#pending(document);
    const asked: Asked = { kind: "pushUpdates", cell: id, version: document.version, updates };
    if (updates.length > 0 && this.#store.ask(asked)) document.inFlight = updates.length;
    const waiting = document.waiting.splice(0);
    for (const go of waiting) go();
  }

  /** Do it after everything typed here so far was sent, so that what runs or is saved is what stands on the screen. */
  afterPush(id: CellId, go: () => void): void {
    const document = this.#documents.get(id);
    this.push(id);
    const offline = this.#store.connection.peek() !== "open";
    if (document === undefined || offline || this.#pending(document).length <= document.inFlight) go();
    else document.waiting.push(go);
  }

  afterPushOfAll(go: () => void): void {
    this.afterPushOf([...this.#documents.keys()], go);
  }

  afterPushOf(cells: readonly CellId[], go: () => void): void {
    const documents = cells.map((id) => this.#documents.get(id)).filter((document) => document !== undefined);
    const behind = documents.filter((document) => this.#pending(document).length > 0);
    let left = behind.length;
    if (left === 0) go();
    for (const document of behind) {
      this.afterPush(document.id, () => {
        left -= 1;
        if (left === 0) go();
      });
    }
  }

  #of(cell: CellState): CellDocument {
    const known = this.#documents.get(cell.id);
    if (known !== undefined) return known;
    const document = new CellDocument(cell);
    this.#documents.set(cell.id, document);
    return document;
  }

  #create(document: CellDocument): EditorState {
    const onUpdate = (update: ViewUpdate): void => this.#changed(document, update);
    document.state = this.#loaded().create(document.id, document.text.peek(), onUpdate);
    return document.state;
  }

  #changed(document: CellDocument, update: ViewUpdate): void {
    if (update.focusChanged) document.focused.value = update.view.hasFocus;
    if (update.focusChanged || update.selectionSet || update.docChanged) this.#placeCaret(document.id, update);
    if (!update.docChanged) return;
    document.text.value = update.state.doc.toString();
    // Not now: a view must not be told of an answer while it is still updating.
    queueMicrotask(() => this.push(document.id));
  }

  #placeCaret(cell: CellId, update: ViewUpdate): void {
    const { anchor, head } = update.state.selection.main;
    this.#presence.move(cell, update.view.hasFocus ? { cell, anchor, head } : null);
  }

  #follow(notice: Notice, before: NotebookState, after: NotebookState): void {
    switch (notice.kind) {
      case "notebookOpened":
        this.#reopen(before, after);
        return;
      case "cellReplaced":
      case "cellAdded":
        this.#overtake(notice.cell.id, before, after);
        return;
      case "updatesAccepted":
      case "updatesRefused":
        this.#receive(notice.cell, notice.version, notice.updates, after.clientId, notice.kind === "updatesRefused");
        return;
      default:
    }
  }

  #receive(id: CellId, version: number, updates: readonly Update[], clientId: string, refused: boolean): void {
    const document = this.#documents.get(id);
    if (document === undefined) return;
    const fresh = updates.slice(Math.max(0, document.version - version));
    document.version += fresh.length;
    if (refused || fresh.some((update) => update.clientId === clientId)) document.inFlight = 0;
    if (document.state === null) {
      const code = this.#store.state.peek().cells.get(id)?.code;
      if (code !== undefined) document.text.value = code;
      return;
    }
    document.dispatch(this.#loaded().accepted(document.state, fresh, clientId));
    queueMicrotask(() => this.push(id));
  }

  /** The session says what the whole text is; what we typed and it does not have is put on top. */
  #overtake(id: CellId, before: NotebookState, after: NotebookState): void {
    const document = this.#documents.get(id);
    const cell = after.cells.get(id);
    if (document === undefined || cell === undefined) return;
    const { inFlight, state } = document;
    document.version = cell.version;
    document.inFlight = 0;
    if (state === null) {
      document.text.value = cell.code;
      return;
    }
    const base = before.cells.get(id)?.code ?? cell.code;
    const transaction = this.#loaded().overtaken(state, base, cell.code, inFlight);
    if (transaction !== null) document.dispatch(transaction);
    queueMicrotask(() => this.push(id));
  }

  #reopen(before: NotebookState, after: NotebookState): void {
    for (const document of this.#documents.values()) {
      if (after.cells.has(document.id)) this.#overtake(document.id, before, after);
      else if (this.#pending(document).length > 0) this.#rescue(document, before, after);
    }
  }

  /** The cell is gone or has another id now: its unsent text goes to the cell that has its old text, or to a new one. */
  #rescue(document: CellDocument, before: NotebookState, after: NotebookState): void {
    this.#documents.delete(document.id);
    const mine = document.text.peek();
    const base = before.cells.get(document.id)?.code;
    const heirs = [...after.cells.values()].filter((cell) => !before.cells.has(cell.id));
    if (heirs.some((cell) => cell.code === mine)) return;
    const heir = heirs.find((cell) => cell.code === base);
    queueMicrotask(() => {
      if (heir === undefined) {
        this.#store.addCell(after.order.at(-1) ?? null, mine);
        this.#store.say("warning", "the cell you were typing in is gone; its text is kept in a new cell at the end");
        return;
      }
      const successor = this.#of(heir);
      const state = successor.state ?? this.#create(successor);
      successor.dispatch(state.update({ changes: { from: 0, to: state.doc.length, insert: mine } }));
      this.push(successor.id);
    });
  }

  /** What was typed and is not confirmed. */
  #pending(document: CellDocument): readonly Update[] {
    const clientId = this.#store.state.peek().clientId;
    return document.state === null ? [] : this.#loaded().unconfirmed(document.state, clientId);
  }

  /** There are no editor states before the kit is there. */
  #loaded(): EditorKit {
    if (this.#kit === null) throw new Error("the editor was asked for before it was fetched");
    return this.#kit;
  }
}
