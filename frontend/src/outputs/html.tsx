/** Markup from a value or from `qr.md`, sanitised by the kernel's side and looked through once more here. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { fragmentOf } from "../ui/markup.ts";
import { morphChildren } from "./morph.ts";

export function HtmlOutput({ html, inline = false }: { html: string; inline?: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef("");
  useLayoutEffect(() => {
    const target = place.current;
    if (target === null || shown.current === html) return;
    const fragment = fragmentOf(html);
    if (shown.current === "") target.replaceChildren(fragment);
    else morphChildren(target, fragment);
    shown.current = html;
    // What is wider than the column scrolls, also by keyboard.
    for (const table of target.querySelectorAll("table")) if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  }, [html]);
  return <div ref={place} class={inline ? "output-html-inline" : "output-html"} />;
}
