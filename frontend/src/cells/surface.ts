/** What is open on the page beside the notebook: one dialog, one panel, the bar that finds; and whether code is shown. */
import { signal } from "@preact/signals";
import { isNumber, isText, remember, remembered } from "../ui/memory.ts";

export type Dialog = "palette" | "shortcuts" | "settings";

const PANEL_WIDTH = 300;

export class Surface {
  readonly dialog = signal<Dialog | null>(null);
  /** The id of the panel beside the page. */
  readonly panel = signal<string | null>(remembered("panel", isText));
  readonly panelWidth = signal(remembered("panel-width", isNumber) ?? PANEL_WIDTH);
  readonly isFinding = signal(false);
  /** The notebook as those see it who only use it: without code and tools. */
  readonly isPreview = signal(false);

  toggleDialog = (dialog: Dialog): void => {
    this.dialog.value = this.dialog.peek() === dialog ? null : dialog;
  };

  togglePanel = (panel: string): void => {
    this.panel.value = this.panel.peek() === panel ? null : panel;
    remember("panel", this.panel.peek());
  };

  resizePanel = (width: number): void => {
    this.panelWidth.value = Math.round(width);
    remember("panel-width", this.panelWidth.peek());
  };
}
