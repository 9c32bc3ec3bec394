/** The page of a folder: puts the service and the list together. */
import "../styles/tokens.css";
import "../styles/base.css";
import "../ui/ui.css";
import { render } from "preact";
import { HomePage } from "../features/home/home.tsx";
import { FileService } from "../protocol/files.ts";
import { applyTheme } from "../ui/theme.ts";
import { readPage } from "./page.ts";

applyTheme();
requestAnimationFrame(() => setTimeout(() => import("../styles/fonts.css")));

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no place for its list");
root.classList.add("home");
render(<HomePage service={new FileService(readPage(document).base)} />, root);
