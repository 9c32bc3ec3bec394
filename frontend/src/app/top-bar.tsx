/** The bar at the top: where you are, whether it is saved, what can be done with the whole notebook. */
import { useComputed } from "@preact/signals";
import { CirclePlay, Eye, EyeOff, Menu as MenuIcon, PanelLeft, RotateCcw, Search, Square } from "lucide";
import { useState } from "preact/hooks";
import { useWorkbench } from "../cells/context.ts";
import { staleCount } from "../notebook/state.ts";
import { Icon, Mark } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { withCode } from "../ui/quoted.tsx";
import { notebookMenu } from "./notebook-menu.ts";
import type { Page } from "./page.ts";
import { saveWords } from "./words.ts";

export function TopBar({ page }: { page: Page }) {
  const workbench = useWorkbench();
  const { running, registry, store, surface } = workbench;
  const stale = useComputed(() => staleCount(store.state.value)).value;
  const isBusy = store.kernel.value.status === "busy";
  return (
    <header class="top-bar">
      {page.home ? (
        <a class="mark" href={`${page.base}/home`} aria-label="home" title="home">
          <Mark />
        </a>
      ) : (
        <span class="mark">
          <Mark />
        </span>
      )}
      <button
        type="button"
        class="icon-button panels-button"
        aria-label="panels"
        title={registry.tip("global.toggleSidebar", "panels")}
        onClick={() => surface.showPanels()}
      >
        <Icon icon={PanelLeft} />
      </button>
      <Title key={store.title.value} />
      <SaveState />
      <span class="top-space" />
      {stale > 0 && (
        <button type="button" class="stale-button" title={registry.tip("global.runStale")} onClick={running.stale}>
          run {stale} stale
        </button>
      )}
      <BarButton icon={CirclePlay} label={registry.tip("global.runAll")} onClick={running.all} />
      <BarButton
        icon={Square}
        label={registry.tip("global.interrupt")}
        disabled={!isBusy}
        onClick={running.interrupt}
      />
      <BarButton icon={RotateCcw} label="restart the kernel and run all" onClick={() => running.restart("all")} />
      <button
        type="button"
        class="icon-button palette-button"
        aria-label="command palette"
        title={registry.tip("global.commandPalette")}
        onClick={() => surface.toggleDialog("palette")}
      >
        <Icon icon={Search} />
      </button>
      <PreviewButton />
      <Menu label="notebook menu" button={<Icon icon={MenuIcon} />} groups={() => notebookMenu(workbench)} />
    </header>
  );
}

/** Stays on the page when all else is put away. */
function PreviewButton() {
  const { registry, surface } = useWorkbench();
  const isPreview = surface.isPreview.value;
  const label = registry.tip("global.hideCode", isPreview ? "back to the notebook" : "preview as an app");
  return (
    <button
      type="button"
      class="icon-button preview-button"
      aria-pressed={isPreview}
      aria-label={label}
      title={label}
      onClick={() => {
        surface.isPreview.value = !isPreview;
      }}
    >
      <Icon icon={isPreview ? EyeOff : Eye} />
    </button>
  );
}

interface BarButtonProperties {
  readonly icon: typeof Square;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

function BarButton({ icon, label, disabled = false, onClick }: BarButtonProperties) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      <Icon icon={icon} />
    </button>
  );
}

function Title() {
  const { store } = useWorkbench();
  const title = store.title.value;
  const [typed, setTyped] = useState(title);
  const placeholder = store.path.value.split(/[\\/]/).at(-1) ?? "";
  return (
    <>
      <h1 class="unseen">{title || placeholder}</h1>
      <input
        class="title"
        aria-label="title of the notebook"
        value={typed}
        placeholder={placeholder}
        // Where a field cannot grow with its text, this is near enough.
        size={Math.max(8, (typed || placeholder).length)}
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          if (typed.trim() !== title) store.ask({ kind: "setTitle", title: typed.trim() });
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") setTyped(title);
          if (event.key === "Enter") event.currentTarget.blur();
        }}
      />
    </>
  );
}

function SaveState() {
  const { store } = useWorkbench();
  const { status, message } = store.save.value;
  const words = saveWords(status, message, store.connection.value);
  return (
    <span class="save-state" data-status={status} role="status" title={words}>
      {withCode(words)}
    </span>
  );
}
