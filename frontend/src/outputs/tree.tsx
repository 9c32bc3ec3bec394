/** A container as a tree that opens: one line when it fits, else its parts, the outermost open. */
import { useMemo, useState } from "preact/hooks";
import { bracketsOf, fitsOneLine, parseTree, summaryOf, type TreeNode } from "../notebook/tree.ts";
import { HtmlOutput } from "./html.tsx";
import { TextOutput } from "./text.tsx";

export function TreeOutput({ text }: { text: string }) {
  const tree = useMemo(() => parseTree(text), [text]);
  if (tree === null) return <TextOutput text={text} />;
  return (
    <div class="tree">
      <Branch node={tree} open />
    </div>
  );
}

function Branch({ node, open = false }: { node: TreeNode; open?: boolean }) {
  const [isOpen, setOpen] = useState(open);
  if (node.t === "html") return <HtmlOutput html={node.v} inline />;
  if (node.t === "leaf") return <span class={`tree-${node.c}`}>{node.v}</span>;
  if (node.t === "more") return <span class="tree-more">{summaryOf(node)}</span>;
  if (fitsOneLine(node)) return <Line node={node} />;
  const [opening, closing] = bracketsOf(node);
  return (
    <details class="tree-branch" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {isOpen ? opening : <span class="tree-summary">{summaryOf(node)}</span>}
        <span class="tree-count">
          {node.t} · {node.n.toLocaleString("en")}
        </span>
      </summary>
      {isOpen && (
        <>
          <ul>{node.t === "dict" ? node.i.map(pair) : node.i.map(item)}</ul>
          <span>{closing}</span>
        </>
      )}
    </details>
  );
}

/** A short container keeps the colours of its leaves. */
function Line({ node }: { node: TreeNode }) {
  if (node.t === "leaf") return <span class={`tree-${node.c}`}>{node.v}</span>;
  if (node.t === "html" || node.t === "more") return <span class="tree-more">{summaryOf(node)}</span>;
  const [opening, closing] = bracketsOf(node);
  const parts = node.t === "dict" ? node.i : node.i.map((value) => [value] as const);
  return (
    <span class="tree-line">
      {opening}
      {parts.map((part, index) => (
        <span key={index}>
          {index > 0 && ", "}
          <Line node={part[0]} />
          {part[1] !== undefined && part[1] !== part[0] && (
            <>
              : <Line node={part[1]} />
            </>
          )}
        </span>
      ))}
      {node.t === "tuple" && parts.length === 1 && ","}
      {closing}
    </span>
  );
}

function item(node: TreeNode, index: number) {
  return (
    <li key={index}>
      <Branch node={node} />
    </li>
  );
}

function pair([key, value]: readonly [TreeNode, TreeNode], index: number) {
  if (key === value) return item(value, index);
  return (
    <li key={index}>
      <Branch node={key} />
      <span class="tree-colon">: </span>
      <Branch node={value} />
    </li>
  );
}
