/** Which keys editors have: the usual ones, or those of vim, which are fetched when somebody wants them. */
import { Compartment, type EditorState, type Extension } from "@codemirror/state";
import { type EditorView, ViewPlugin } from "@codemirror/view";

export type KeymapName = "default" | "vim";

export class Keymaps {
  readonly #place = new Compartment();
  readonly #views = new Set<EditorView>();
  readonly #registered: Extension;
  readonly #save: () => void;
  #wanted: KeymapName = "default";
  #keys: Extension = [];

  /** `save`: what `:w` of vim does. */
  constructor(save: () => void) {
    this.#save = save;
    const views = this.#views;
    this.#registered = ViewPlugin.define((view) => {
      views.add(view);
      return { destroy: () => views.delete(view) };
    });
  }

  /** For every editor's state, before all other keys. */
  extension(): Extension {
    return [this.#place.of(this.#keys), this.#registered];
  }

  /** A state that was put away has the keys of that time. */
  current(state: EditorState): EditorState {
    if (this.#place.get(state) === this.#keys) return state;
    return state.update({ effects: this.#place.reconfigure(this.#keys) }).state;
  }

  async choose(name: KeymapName): Promise<void> {
    if (name === this.#wanted) return;
    this.#wanted = name;
    const keys = name === "vim" ? await this.#vim() : [];
    if (this.#wanted !== name) return; // another choice came while this one was fetched
    this.#keys = keys;
    for (const view of this.#views) view.dispatch({ effects: this.#place.reconfigure(keys) });
  }

  async #vim(): Promise<Extension> {
    const { Vim, vim } = await import("@replit/codemirror-vim");
    Vim.defineEx("write", "w", this.#save);
    return vim();
  }
}
