/** Changes a part of the page into new markup in place, so that elements being used (a slider held, an open detail) live on. */

/** Make the children of `target` read like those of `source`. */
export function morphChildren(target: ParentNode & Node, source: ParentNode & Node): void {
  let at = target.firstChild;
  for (const wanted of [...source.childNodes]) {
    const match = findMatch(at, wanted);
    if (match === null) {
      target.insertBefore(wanted, at);
      continue;
    }
    // What stands between has no counterpart any more. Removing it keeps `match` where it is, and so its focus.
    while (at !== null && at !== match) at = removed(at);
    morphNode(match, wanted);
    at = match.nextSibling;
  }
  while (at !== null) at = removed(at);
}

function removed(node: ChildNode): ChildNode | null {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/** The first of the remaining nodes that can become `wanted`. What is passed over goes, so nothing in use may be. */
function findMatch(from: ChildNode | null, wanted: ChildNode): ChildNode | null {
  const identity = identityOf(wanted);
  const mayPass = (node: ChildNode): boolean =>
    identity !== null || (wanted instanceof Element && !(node instanceof Element && holdsElement(node)));
  for (let node = from; node !== null; node = node.nextSibling) {
    if (node.nodeName === wanted.nodeName && identityOf(node) === identity) return node;
    if (!mayPass(node)) return null;
  }
  return null;
}

function holdsElement(node: Element): boolean {
  return node.hasAttribute("element-id") || node.querySelector("[element-id]") !== null;
}

function identityOf(node: Node): string | null {
  if (!(node instanceof Element)) return null;
  // A frame that is moved or filled anew loads again.
  return node.localName === "quire-frame" ? `frame ${node.getAttribute("name")}` : node.getAttribute("element-id");
}

function morphNode(target: ChildNode, wanted: ChildNode): void {
  if (!(target instanceof Element) || !(wanted instanceof Element)) {
    if (target.nodeValue !== wanted.nodeValue) target.nodeValue = wanted.nodeValue;
    return;
  }
  for (const { name } of [...target.attributes]) {
    if (!wanted.hasAttribute(name) && name !== "open") target.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (target.getAttribute(name) !== value) target.setAttribute(name, value);
  }
  // Its content is its own.
  if (identityOf(target) === null) morphChildren(target, wanted);
}
