/** A menu on the platform's popover: opens at its button or at a point, moves by arrow keys, gives the focus back. */
import { type Signal, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface MenuItem {
  readonly label: string;
  readonly action: () => void;
  /** As shown, for example `Ctrl+S`. */
  readonly keys?: string;
  readonly disabled?: boolean;
  /** For a choice among others: whether it holds. */
  readonly checked?: boolean;
}

type Groups = readonly (readonly MenuItem[])[];

interface Properties {
  /** The name for screen readers, and the tooltip. */
  readonly label: string;
  readonly button: ComponentChildren;
  readonly groups: () => Groups;
}

const GAP = 4;
const MARGIN = 8;

export function Menu({ label, button, groups }: Properties) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!isOpen) return;
    // The items are there before the panel is shown; it has a size only afterwards.
    const frame = requestAnimationFrame(() => {
      if (opener.current === null || panel.current === null) return;
      place(panel.current, opener.current.getBoundingClientRect());
      itemsOf(panel.current)[0]?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [isOpen]);
  return (
    <>
      <button
        ref={opener}
        type="button"
        class="icon-button"
        popovertarget={id}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
        title={label}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        class="menu"
        popover="auto"
        role="menu"
        aria-label={label}
        onBeforeToggle={(event) => setOpen(event.newState === "open")}
        onKeyDown={(event) => moveFocus(event, panel.current)}
      >
        {isOpen && <Items groups={groups()} onChosen={() => panel.current?.hidePopover()} />}
      </div>
    </>
  );
}

interface PointMenu {
  readonly label: string;
  readonly groups: Groups;
  readonly at: { readonly x: number; readonly y: number };
}

const asked: Signal<PointMenu | null> = signal(null);

/** Open a menu at a point of the window, as for a right click. `MenuAtPoint` must be on the page. */
export function openMenuAt(menu: PointMenu): void {
  asked.value = menu;
}

export function MenuAtPoint() {
  const panel = useRef<HTMLDivElement>(null);
  const menu = asked.value;
  useLayoutEffect(() => {
    const element = panel.current;
    if (menu === null || element === null) return;
    element.showPopover();
    place(element, new DOMRect(menu.at.x, menu.at.y - GAP, 0, 0), "left");
    itemsOf(element)[0]?.focus();
  }, [menu]);
  if (menu === null) return null;
  return (
    <div
      ref={panel}
      class="menu"
      popover="auto"
      role="menu"
      aria-label={menu.label}
      tabIndex={-1}
      onToggle={(event) => {
        if (event.newState === "closed" && asked.peek() === menu) asked.value = null;
      }}
      onKeyDown={(event) => moveFocus(event, panel.current)}
    >
      <Items groups={menu.groups} onChosen={() => panel.current?.hidePopover()} />
    </div>
  );
}

function Items({ groups, onChosen }: { groups: Groups; onChosen: () => void }) {
  return groups
    .filter((group) => group.length > 0)
    .map((group) => (
      <fieldset key={group[0]?.label} class="menu-group">
        {group.map((item) => (
          <Item key={item.label} item={item} onChosen={onChosen} />
        ))}
      </fieldset>
    ));
}

function Item({ item, onChosen }: { item: MenuItem; onChosen: () => void }) {
  const choice = item.checked === undefined ? {} : { "aria-checked": item.checked };
  return (
    <button
      type="button"
      class="menu-item"
      role={item.checked === undefined ? "menuitem" : "menuitemradio"}
      {...choice}
      disabled={item.disabled}
      tabIndex={-1}
      onClick={() => {
        onChosen();
        item.action();
      }}
    >
      <span>{item.label}</span>
      {item.keys !== undefined && <kbd>{item.keys}</kbd>}
    </button>
  );
}

function itemsOf(panel: HTMLElement): HTMLButtonElement[] {
  return [...panel.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
}

function moveFocus(event: KeyboardEvent, panel: HTMLElement | null): void {
  if (panel === null) return;
  const items = itemsOf(panel);
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const steps: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const next = steps[event.key];
  if (event.key === "Tab") panel.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}

/** Below the anchor and within the window; above it when there is no room. */
export function place(panel: HTMLElement, anchor: DOMRect, align: "left" | "right" = "right"): void {
  const { width, height } = panel.getBoundingClientRect();
  const below = anchor.bottom + GAP;
  const top = below + height > innerHeight - MARGIN ? Math.max(MARGIN, anchor.top - GAP - height) : below;
  const wanted = align === "left" ? anchor.left : anchor.right - width;
  const left = Math.min(Math.max(MARGIN, wanted), innerWidth - width - MARGIN);
  panel.style.top = `${top}px`;
  panel.style.left = `${Math.max(MARGIN, left)}px`;
}
