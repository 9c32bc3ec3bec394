/** All keys by group, with a search, what clashes, and how to have others. */
import "./shortcuts.css";
import { useMemo, useState } from "preact/hooks";
import { useWorkbench } from "../../cells/context.ts";
import { type Action, GROUPS } from "../../cells/registry.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { fuzzyMatch } from "../../ui/fuzzy.ts";
import { isApple, keyLabel } from "../../ui/keys.ts";
import { withCode } from "../../ui/quoted.tsx";

export default function Shortcuts() {
  const { registry, surface } = useWorkbench();
  const [query, setQuery] = useState("");
  const found = useMemo(() => registry.actions.filter((action) => isFound(action, query)), [query]);
  return (
    <Dialog
      label="keyboard shortcuts"
      kind="shortcuts"
      onClose={() => {
        surface.dialog.value = null;
      }}
    >
      <header class="shortcuts-head">
        <h2>Keys</h2>
        <input
          autofocus
          type="text"
          class="shortcuts-search"
          aria-label="search the keys"
          placeholder="search"
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <section class="shortcuts-body" tabIndex={0} aria-label="keys">
        {registry.complaints.length > 0 && (
          <ul class="shortcuts-complaints" aria-label="keys that cannot work">
            {registry.complaints.map((complaint) => (
              <li key={complaint.message}>{withCode(complaint.message)}</li>
            ))}
          </ul>
        )}
        <div class="shortcuts-groups">
          {GROUPS.map((group) => {
            const actions = found.filter((action) => action.group === group);
            return actions.length === 0 ? null : <GroupOfKeys key={group} name={group} actions={actions} />;
          })}
        </div>
        {found.length === 0 && <p class="palette-none">No action is called so.</p>}
        <p class="shortcuts-note">
          Escape leads from the code to the cell as a whole; letters and arrows work there. Another key for an action:
          under <code>[keymap.overrides]</code> in <code>quire.toml</code>, for example{" "}
          <code>"cell.run" = "Mod-Enter F5"</code>; the name of each action is its tooltip here.
        </p>
      </section>
    </Dialog>
  );
}

function GroupOfKeys({ name, actions }: { name: string; actions: readonly Action[] }) {
  const apple = isApple(navigator.platform);
  return (
    <section>
      <h3>{name}</h3>
      <dl>
        {actions.map((action) => (
          <div key={action.name} title={action.name}>
            <dt>{action.label}</dt>
            <dd>
              {[...(action.keys ?? []), ...(action.commandKeys ?? [])].map((key) => (
                <kbd key={key}>{keyLabel(key, apple)}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function isFound(action: Action, query: string): boolean {
  const apple = isApple(navigator.platform);
  const keys = [...(action.keys ?? []), ...(action.commandKeys ?? [])].map((key) => keyLabel(key, apple)).join(" ");
  return (
    query.trim() === "" ||
    fuzzyMatch(action.label, query) !== null ||
    keys.toLowerCase().includes(query.trim().toLowerCase())
  );
}
