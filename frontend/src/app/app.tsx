/** The page of an app: what cells made, on paper, and nothing else. It can move elements; it knows no code. */
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/code.css";
import "../styles/prose.css";
import "../ui/ui.css";
import "../outputs/outputs.css";
import "../widgets/widgets.css";
import "./app.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { NotebookStore } from "../notebook/store.ts";
import { defineFrame } from "../outputs/frame.ts";
import { Connection } from "../protocol/connection.ts";
import { applyTheme } from "../ui/theme.ts";
import { defineElement } from "../widgets/quire-element.tsx";
import { AppView } from "./app-view.tsx";
import { readPage, socketAddress } from "./page.ts";
import { showQuery, tabName, tabStorage, visitPath } from "./visit.ts";

const page = readPage(document);
const store = new NotebookStore();

// Where the app has a look of its own, it was served with it.
if (document.documentElement.dataset.theme === undefined) applyTheme();
defineElement(store);
defineFrame(page.base);

const path = visitPath(page.socket, tabName(tabStorage()), location.search);
const connection = new Connection(socketAddress(path, location), {
  onNotices: (notices) => {
    if (notices.some((notice) => notice.kind === "appChanged")) location.reload();
    else store.apply(notices);
    for (const notice of notices) if (notice.kind === "queryChanged") showQuery(notice.query);
  },
  onStatus: (status) => {
    store.connection.value = status;
    if (status === "open") queueMicrotask(() => store.flushElements());
  },
  onEnd: (reason) => store.say("error", reason),
  onFailure: reportError,
});
store.sendTo((commands) => connection.send(commands));
connection.open();
addEventListener("online", () => connection.retryNow());

effect(() => {
  document.title = store.title.value || page.title || "App";
});

requestAnimationFrame(() => setTimeout(() => import("../styles/fonts.css")));

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no place for the app");
root.replaceChildren();
render(<AppView store={store} />, root);
