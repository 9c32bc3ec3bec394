/** What is open on the page beside the notebook: one dialog, one panel, the bar that finds; and whether code is shown. */
import { signal } from "@preact/signals";
import { isNumber, isText, remember, remembered } from "../ui/memory.ts";

export type DialogName = "palette" | "settings" | "shortcuts";

const PANEL_WIDTH = 300;
/** A window without room for a panel beside the page does not open with one over it. */
const ROOM = "(width >= 900px)";

/** True when a panel stands beside the page, not over it. */
export function hasRoom(): boolean {
  return matchMedia(ROOM).matches;
}

export class Surface {
  readonly dialog = signal<DialogName | null>(null);
  /** The id of the panel beside the page. */
  readonly panel = signal<string | null>(hasRoom() ? remembered("panel", isText) : null);
  readonly panelWidth = signal(remembered("panel-width", isNumber) ?? PANEL_WIDTH);
  readonly isFinding = signal(false);
  /** Set anew each time somebody asks to find; the text is what was selected. */
  readonly findRequest = signal({ text: "" });
  /** The notebook as those see it who only use it: without code and tools. */
  readonly isPreview = signal(false);
  lastPanel: string | null = null;

  toggleDialog = (dialog: DialogName): void => {
    this.dialog.value = this.dialog.peek() === dialog ? null : dialog;
  };

  togglePanel = (panel: string): void => {
    this.lastPanel = panel;
    this.panel.value = this.panel.peek() === panel ? null : panel;
    remember("panel", this.panel.peek());
  };

  openPanel = (panel: string): void => {
    if (this.panel.peek() !== panel) this.togglePanel(panel);
  };

  /** The last panel, or the first of all: whatever shows that there are panels. */
  showPanels = (first = "outline"): void => this.togglePanel(this.panel.peek() ?? this.lastPanel ?? first);

  find = (text: string): void => {
    this.findRequest.value = { text };
    this.isFinding.value = true;
  };

  resizePanel = (width: number): void => {
    this.panelWidth.value = Math.round(width);
    remember("panel-width", this.panelWidth.peek());
  };
}
