/** The palette: every action by a few letters, and a way to every cell. */
import "./palette.css";
import { Search } from "lucide";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useWorkbench, type Workbench } from "../../cells/context.ts";
import { canPerform, labelOf, perform } from "../../cells/registry.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { isTexts, remember, remembered } from "../../ui/memory.ts";
import { definedNames, type Found, findOffers, type Offer, stretches } from "./entries.ts";

const REMEMBERED = 12;

export default function Palette() {
  const bench = useWorkbench();
  const close = (): void => {
    bench.surface.dialog.value = null;
  };
  return (
    <Dialog label="command palette" kind="palette" onClose={close}>
      <Body bench={bench} close={close} />
    </Dialog>
  );
}

function Body({ bench, close }: { bench: Workbench; close: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const offers = useMemo(() => [...actionsOf(bench), ...cellsOf(bench)], []);
  const recent = useMemo(() => remembered("recent-actions", isTexts) ?? [], []);
  const found = useMemo(() => findOffers(offers, query, recent), [query]);
  const chosen = Math.min(at, found.length - 1);
  useLayoutEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen, found]);
  const run = (offer: Offer): void => {
    remember("recent-actions", [offer.key, ...recent.filter((key) => key !== offer.key)].slice(0, REMEMBERED));
    close();
    // After the dialog has given the focus back.
    requestAnimationFrame(offer.run);
  };
  return (
    <>
      <label class="palette-field">
        <Icon icon={Search} size={16} />
        <input
          autofocus
          type="text"
          role="combobox"
          aria-label="what to do or where to go"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={`palette-${chosen}`}
          placeholder="what to do, or where to go"
          spellcheck={false}
          autocomplete="off"
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
            const offer = found[chosen]?.offer;
            if (step !== undefined && found.length > 0) setAt(moved(chosen, step, found.length));
            else if (event.key === "Enter" && offer !== undefined) run(offer);
            else return;
            event.preventDefault();
          }}
        />
      </label>
      <div ref={list} id="palette-list" class="palette-list" role="listbox" aria-label="found" tabIndex={-1}>
        {found.map((one, index) => (
          <Line key={one.offer.key} found={one} index={index} isChosen={index === chosen} onRun={run} onPoint={setAt} />
        ))}
      </div>
      {found.length === 0 && <p class="palette-none">Nothing is called so.</p>}
    </>
  );
}

interface LineProperties {
  readonly found: Found;
  readonly index: number;
  readonly isChosen: boolean;
  readonly onRun: (offer: Offer) => void;
  readonly onPoint: (index: number) => void;
}

function Line({ found, index, isChosen, onRun, onPoint }: LineProperties) {
  const { offer, at } = found;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
    <div
      id={`palette-${index}`}
      class="palette-line"
      role="option"
      aria-selected={isChosen}
      onClick={() => onRun(offer)}
      onPointerMove={() => !isChosen && onPoint(index)}
    >
      <span class="palette-label">
        {stretches(offer.label, at).map((part, place) =>
          part.found ? <mark key={place}>{part.text}</mark> : <span key={place}>{part.text}</span>,
        )}
      </span>
      <span class="palette-hint">{offer.hint}</span>
      {offer.keys !== "" && <kbd>{offer.keys}</kbd>}
    </div>
  );
}

/** Around the ends by single steps, up to them by larger ones. */
function moved(at: number, step: number, count: number): number {
  if (Math.abs(step) === 1) return (at + step + count) % count;
  return Math.min(Math.max(0, at + step), count - 1);
}

function actionsOf(bench: Workbench): readonly Offer[] {
  const cell = bench.selection.current.peek();
  return bench.registry.actions
    .filter((action) => action.name !== "global.commandPalette" && canPerform(bench, action, cell))
    .map((action) => ({
      key: action.name,
      label: labelOf(bench, action, cell),
      hint: action.group.toLowerCase(),
      keys: bench.registry.keysOf(action.name),
      run: () => perform(bench, action, cell),
    }));
}

/** Cells by their names, and by what they define. */
function cellsOf(bench: Workbench): readonly Offer[] {
  const { order, cells } = bench.store.state.peek();
  return order.flatMap((id, at) => {
    const cell = cells.get(id);
    if (cell === undefined) return [];
    const go = (name: string, hint: string): Offer => ({
      key: `cell ${id} ${name}`,
      label: name,
      hint,
      keys: "",
      run: () => bench.focus.goTo(id),
    });
    const named = cell.name === "_" ? [] : [go(cell.name, `cell ${at + 1}`)];
    const place = cell.name === "_" ? `defined in cell ${at + 1}` : `defined in ${cell.name}`;
    const defined = definedNames(bench.focus.textOf(cell)).filter((name) => name !== cell.name);
    return [...named, ...defined.map((name) => go(name, place))];
  });
}
