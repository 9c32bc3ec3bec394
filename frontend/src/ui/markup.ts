/** What markup may not bring into the page, once more behind the kernel's sanitiser. The rules are pure. */

const FORBIDDEN = new Set([
  "script",
  "iframe",
  "frame",
  "frameset",
  "object",
  "embed",
  "applet",
  "base",
  "link",
  "meta",
  "form",
  "portal",
  "template",
  "noscript",
]);

const ADDRESSES = new Set([
  "href",
  "src",
  "xlink:href",
  "action",
  "formaction",
  "poster",
  "data",
  "srcdoc",
  "background",
]);

export function isForbiddenElement(name: string): boolean {
  return FORBIDDEN.has(name.toLowerCase());
}

/** Event handlers, and addresses that run something. Whitespace and control characters inside a scheme do not hide it. */
export function isForbiddenAttribute(name: string, value: string): boolean {
  const lower = name.toLowerCase();
  if (lower.startsWith("on") || lower === "srcdoc") return true;
  if (!ADDRESSES.has(lower)) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers skip them when they read a scheme
  const address = value.replace(/[\x00-\x20]/g, "").toLowerCase();
  if (address.startsWith("data:")) return !address.startsWith("data:image/");
  return /^(?:javascript|vbscript|file|blob):/.test(address);
}

/** True for a link that leads out of the page, which opens beside it and learns nothing of it. */
export function isExternal(href: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(href.trim());
}

/** Markup as a fragment that may be put into the page: nothing forbidden, links out open in a tab of their own. */
export function fragmentOf(html: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const element of template.content.querySelectorAll("*")) {
    if (isForbiddenElement(element.localName)) {
      element.remove();
      continue;
    }
    for (const { name, value } of [...element.attributes]) {
      if (isForbiddenAttribute(name, value)) element.removeAttribute(name);
    }
    if (element.localName === "a" && isExternal(element.getAttribute("href") ?? "")) {
      element.setAttribute("target", "_blank");
      element.setAttribute("rel", "noopener noreferrer");
    }
  }
  return template.content;
}
