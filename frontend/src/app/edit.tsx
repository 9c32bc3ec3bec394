/** The page that edits a notebook: puts store, documents, socket and components together. */
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/code.css";
import "../styles/prose.css";
import "../ui/ui.css";
import "../outputs/outputs.css";
import "../widgets/widgets.css";
import "../cells/cells.css";
import "../cells/question.css";
import "../cells/runs.css";
import "./page.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { followFindings } from "../cells/checking.ts";
import { WorkbenchContext } from "../cells/context.ts";
import { listenToNames } from "../cells/definitions.ts";
import { DropLine } from "../cells/drop-line.tsx";
import { Settings } from "../cells/settings.ts";
import { cellActions } from "../cells/table.ts";
import { makeWorkbench } from "../cells/workbench.ts";
import { defineFrame } from "../outputs/frame.ts";
import { post } from "../protocol/asking.ts";
import { Connection } from "../protocol/connection.ts";
import { MenuAtPoint } from "../ui/menu.tsx";
import { setTheme, theme } from "../ui/theme.ts";
import { defineElement } from "../widgets/quire-element.tsx";
import { arrive } from "./arrival.ts";
import { KernelBanner, SaveBanner, StartingBanner } from "./banner.tsx";
import { ConflictPanel } from "./conflict-panel.tsx";
import { Dialogs } from "./dialogs.tsx";
import { listenToKeys } from "./keyboard.ts";
import { Notebook } from "./notebook.tsx";
import { readPage, servedNotices, socketAddress } from "./page.ts";
import { applyPreferences } from "./preferences.ts";
import { Rail } from "./rail.tsx";
import { StatusLine } from "./status-line.tsx";
import { notebookActions } from "./table.ts";
import { Toasts } from "./toasts.tsx";
import { TopBar } from "./top-bar.tsx";

const page = readPage(document);
const { preferences } = page;
const settings = new Settings(preferences, theme.peek(), (name, value) =>
  post(page.base, "settings/change", { name, value }),
);
const bench = makeWorkbench([...cellActions, ...notebookActions], preferences, settings);
const { documents, focus, placing, store } = bench;

effect(() => {
  const values = settings.values.value;
  setTheme(values.theme, settings.setBy("theme") === "");
  applyPreferences(values, document.documentElement);
});
let mode = settings.values.peek().onCellChange;
effect(() => {
  const { onCellChange } = settings.values.value;
  if (onCellChange !== mode) bench.running.setLazy(onCellChange === "lazy"); // this notebook too, not only the next ones
  mode = onCellChange;
});
effect(() => {
  const trouble = settings.trouble.value;
  // The dialog says it itself.
  if (trouble !== "" && bench.surface.dialog.peek() !== "settings")
    store.say("warning", `not written down: ${trouble}`);
});
defineElement(store);
defineFrame(page.base);

const once = page.page === "" ? "" : `?page=${page.page}`;
const connection = new Connection(
  socketAddress(page.socket, location),
  {
    onNotices: (notices) => store.apply(notices),
    onStatus: (status) => {
      store.connection.value = status;
      if (status === "open") queueMicrotask(() => store.flushElements());
    },
    onEnd: (reason) => store.say("error", `${reason}; reload the page to open it again`),
    onFailure: (error) => {
      store.say("warning", "something arrived that this page could not follow; it has started afresh");
      reportError(error);
    },
  },
  once,
);
store.sendTo((commands) => connection.send(commands));
store.apply(servedNotices(document.getElementById("quire-notebook")?.textContent ?? "[]"));
connection.open();

for (const complaint of preferences.complaints) store.say("warning", complaint);

addEventListener("online", () => connection.retryNow());
addEventListener("beforeunload", (event) => {
  if (documents.hasUnconfirmed()) event.preventDefault();
});
listenToKeys(bench);
bench.clipboard.listen();
listenToNames(bench);
followFindings(store);

effect(() => {
  const isPreview = bench.surface.isPreview.value;
  if (isPreview) document.documentElement.dataset.preview = "true";
  else delete document.documentElement.dataset.preview;
});

effect(() => {
  const path = store.path.value;
  document.title = store.title.value || path.split(/[\\/]/).at(-1) || page.title || "Quire";
});

// The cells are shown while the editor is on its way.
arrive(
  () => import("../editor/kit.ts"),
  store.connection,
  ({ makeKit }) => {
    const kit = makeKit(page.nonce, {
      leave: focus.goTo,
      goUp: (cell) => focus.step(cell, -1, "editor"),
      goDown: (cell) => focus.step(cell, 1, "editor"),
      remove: (cell) => placing.remove([cell]),
      restore: placing.undo,
      save: () => bench.running.save(),
      ask: (question) => store.askCode(question),
    });
    documents.editWith(kit);
    effect(() => {
      kit
        .setKeymap(settings.values.value.keymap)
        .catch(() => store.say("error", "these keys could not be fetched; reload the page"));
    });
  },
  () => store.say("warning", "the editor could not be fetched; it comes with the next connection"),
);

// Fonts come after the page is there; their fallbacks have the same measures.
requestAnimationFrame(() => setTimeout(() => import("../styles/fonts.css")));

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no place for the notebook");
const places = [...root.querySelectorAll<HTMLElement>(".stretch")];
const top = scrollY;
root.replaceChildren();
render(
  <WorkbenchContext.Provider value={bench}>
    <TopBar page={page} />
    <Rail />
    <main class="page">
      <StartingBanner />
      <KernelBanner />
      <SaveBanner />
      <ConflictPanel />
      <Notebook served={places} />
      <MenuAtPoint />
    </main>
    <StatusLine />
    <Toasts />
    <DropLine />
    <Dialogs />
  </WorkbenchContext.Provider>,
  root,
);
// While the page was short for a moment, the browser may have scrolled up.
if (top > 0) scrollTo({ top, behavior: "instant" });
