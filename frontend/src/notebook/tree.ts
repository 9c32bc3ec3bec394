/** The tree that the kernel makes of a container, read with distrust. Pure. */
import { isRecord } from "./traceback.ts";

export type TreeNode =
  | { readonly t: "leaf"; readonly v: string; readonly c: "number" | "string" | "none" | "bool" | "other" }
  | { readonly t: "html"; readonly v: string }
  | { readonly t: "more"; readonly n: number }
  | { readonly t: "list" | "tuple" | "set"; readonly n: number; readonly i: readonly TreeNode[] }
  | { readonly t: "dict"; readonly n: number; readonly i: readonly (readonly [TreeNode, TreeNode])[] };

const COLOURS = new Set(["number", "string", "none", "bool", "other"]);
const DEEPEST = 60;

/** Null when the text is not such a tree. */
export function parseTree(text: string): TreeNode | null {
  try {
    return nodeOf(JSON.parse(text), 0);
  } catch {
    return null;
  }
}

function nodeOf(json: unknown, depth: number): TreeNode | null {
  if (!isRecord(json) || depth > DEEPEST) return null;
  const { t, v, n, i, c } = json;
  if (t === "leaf") return { t, v: String(v), c: isColour(c) ? c : "other" };
  if (t === "html" && typeof v === "string") return { t, v };
  if (typeof n !== "number") return null;
  if (t === "more") return { t, n };
  if (!Array.isArray(i)) return null;
  if (t === "list" || t === "tuple" || t === "set") return { t, n, i: i.map((item) => child(item, depth)) };
  if (t === "dict") return { t, n, i: i.map((pair) => pairOf(pair, depth)) };
  return null;
}

/** A part that cannot be read is shown as such and does not cost the rest. */
function child(json: unknown, depth: number): TreeNode {
  return nodeOf(json, depth + 1) ?? { t: "leaf", v: "…", c: "other" };
}

/** The last pair of a long dict may be a `more` node alone. */
function pairOf(pair: unknown, depth: number): readonly [TreeNode, TreeNode] {
  if (Array.isArray(pair)) return [child(pair[0], depth), child(pair[1], depth)];
  const alone = child(pair, depth);
  return [alone, alone];
}

function isColour(value: unknown): value is "number" | "string" | "none" | "bool" | "other" {
  return typeof value === "string" && COLOURS.has(value);
}

const BRACKETS = { list: ["[", "]"], tuple: ["(", ")"], set: ["{", "}"], dict: ["{", "}"] } as const;
const WIDEST = 72;

export function bracketsOf(node: TreeNode): readonly [string, string] {
  return node.t in BRACKETS ? BRACKETS[node.t as keyof typeof BRACKETS] : ["", ""];
}

/** The node on one line, cut where it gets too long; null when it holds markup. */
export function summaryOf(node: TreeNode, room = WIDEST): string {
  switch (node.t) {
    case "leaf":
      return node.v.length > room ? `${node.v.slice(0, room - 1)}…` : node.v;
    case "html":
      return "…";
    case "more":
      return `… ${node.n.toLocaleString("en")} more`;
    case "dict":
      return joined(
        node,
        room,
        node.i.map(
          ([key, value]) =>
            (left: number) =>
              key === value ? summaryOf(value, left) : `${summaryOf(key, left)}: ${summaryOf(value, left)}`,
        ),
      );
    default:
      return joined(
        node,
        room,
        node.i.map((item) => (left: number) => summaryOf(item, left)),
      );
  }
}

function joined(node: TreeNode, room: number, parts: readonly ((left: number) => string)[]): string {
  const [open, close] = bracketsOf(node);
  let text = "";
  for (const part of parts) {
    const next = (text === "" ? "" : `${text}, `) + part(Math.max(8, room - text.length));
    if (next.length > room) return `${open}${text === "" ? "" : `${text}, `}…${close}`;
    text = next;
  }
  return node.t === "tuple" && parts.length === 1 ? `${open}${text},${close}` : open + text + close;
}

/** True when the whole of the node fits one line, so that there is nothing to open. */
export function fitsOneLine(node: TreeNode): boolean {
  if (node.t === "leaf" || node.t === "more") return true;
  if (node.t === "html") return false;
  const parts = node.t === "dict" ? node.i.flat() : node.i;
  return (
    parts.every((part) => part.t === "leaf" || (part.t !== "html" && fitsOneLine(part))) &&
    !summaryOf(node).includes("…")
  );
}
