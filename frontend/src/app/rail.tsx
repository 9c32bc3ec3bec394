/** The rail on the left with an icon for each panel, and the panel that is open beside it; a sheet on narrow windows. */
import { effect, useSignalEffect } from "@preact/signals";
import { X } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { useWorkbench } from "../cells/context.ts";
import { hasRoom } from "../cells/surface.ts";
import { Icon } from "../ui/icon.tsx";
import { Lazy } from "../ui/lazy.tsx";
import { PANELS, type Panel } from "./panels.ts";

const NARROWEST = 200;
const WIDEST = 0.6;
const STEP = 24;

export function Rail() {
  const { focus, registry, surface } = useWorkbench();
  const open = PANELS.find((panel) => panel.id === surface.panel.value);
  // The page makes room: one number, read by the style sheet.
  useSignalEffect(() => {
    const isOpen = PANELS.some((panel) => panel.id === surface.panel.value);
    const width = isOpen ? surface.panelWidth.value : 0;
    document.documentElement.style.setProperty("--panel", `${width}px`);
  });
  // Who jumps from a sheet wants to see where. At once: a request is taken before the next frame.
  useEffect(
    () =>
      effect(() => {
        if (focus.request.value !== null && !hasRoom()) surface.panel.value = null;
      }),
    [],
  );
  return (
    <>
      <nav class="rail" aria-label="panels">
        {PANELS.map((panel) => (
          <button
            key={panel.id}
            type="button"
            class="icon-button rail-button"
            aria-pressed={panel === open}
            aria-label={panel.label.toLowerCase()}
            title={registry.tip(`panel.${panel.id}`, panel.label.toLowerCase())}
            onClick={() => surface.togglePanel(panel.id)}
          >
            <Icon icon={panel.icon} />
          </button>
        ))}
      </nav>
      {open !== undefined && <OpenPanel key={open.id} panel={open} />}
    </>
  );
}

function OpenPanel({ panel }: { panel: Panel }) {
  const { surface } = useWorkbench();
  return (
    <aside class="panel" aria-label={panel.label.toLowerCase()}>
      <header class="panel-head">
        <h2>{panel.label}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label="close the panel"
          title="close the panel"
          onClick={() => surface.togglePanel(panel.id)}
        >
          <Icon icon={X} size={16} />
        </button>
      </header>
      <div class="panel-body">
        <Lazy load={panel.load} name={`the panel “${panel.label}”`} />
      </div>
      <Divider />
    </aside>
  );
}

/** Between panel and page; moves by pointer and by arrow keys. */
function Divider() {
  const { surface } = useWorkbench();
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const resize = (width: number): void =>
    surface.resizePanel(Math.min(Math.max(NARROWEST, width), Math.max(NARROWEST, innerWidth * WIDEST)));
  const width = surface.panelWidth.value;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      class="panel-divider"
      role="separator"
      aria-orientation="vertical"
      aria-label="width of the panel"
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      tabIndex={0}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        if (start.current !== null) resize(start.current.width + event.clientX - start.current.x);
      }}
      onPointerUp={() => {
        start.current = null;
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") resize(width - STEP);
        else if (event.key === "ArrowRight") resize(width + STEP);
        else return;
        event.preventDefault();
      }}
    />
  );
}
