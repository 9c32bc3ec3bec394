/** The dependency graph: cells as boxes, names as lines between them; a click leads to the cell. */
import "./graph.css";
import { Graph, layout } from "@dagrejs/dagre";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { useWorkbench } from "../../cells/context.ts";
import { lookOf } from "../../cells/look.ts";
import type { CellId } from "../../protocol/generated.ts";
import { captionOf, type Edge, edgesOf, familyOf } from "./family.ts";

const WIDTH = 120;
const HEIGHT = 28;
const MARGIN = 8;

interface Box {
  readonly id: CellId;
  readonly x: number;
  readonly y: number;
}

interface Line extends Edge {
  readonly path: string;
}

interface Picture {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

export default function GraphPanel() {
  const { links, store } = useWorkbench();
  useEffect(() => links.use(), []);
  const pointed = useSignal<CellId | null>(null);
  const edges = useComputed(() => edgesOf(store.order.value, store.links.value));
  const linked = useComputed(() => {
    const { cells, order } = store.state.value;
    const ends = new Set(edges.value.flatMap(({ from, to }) => [from, to]));
    return order.filter((id) => ends.has(id) && cells.has(id));
  });
  // Cells change all the time; the picture only when their links do.
  const shape = `${linked.value.join(" ")}|${edges.value.map(({ from, to }) => `${from}>${to}`).join(" ")}`;
  const picture = useMemo(() => draw(linked.peek(), edges.peek()), [shape]);
  const family = useComputed(() => (pointed.value === null ? null : familyOf(pointed.value, edges.value))).value;
  if (picture.boxes.length === 0) {
    return <p class="panel-empty">No cell uses what another one defines, as yet.</p>;
  }
  return (
    <section class="graph" aria-label="dependency graph">
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the section has the name; a title would be a tooltip everywhere */}
      <svg width={picture.width} height={picture.height} viewBox={`0 0 ${picture.width} ${picture.height}`}>
        {picture.lines.map((line) => (
          <path
            key={`${line.from} ${line.to}`}
            class="graph-line"
            data-family={family === null ? undefined : family.has(line.from) && family.has(line.to)}
            d={line.path}
          />
        ))}
        {picture.boxes.map((box) => (
          <BoxOfCell
            key={box.id}
            box={box}
            isFamily={family?.has(box.id)}
            onPoint={(isPointed) => {
              pointed.value = isPointed ? box.id : null;
            }}
          />
        ))}
      </svg>
    </section>
  );
}

interface BoxProperties {
  readonly box: Box;
  readonly isFamily: boolean | undefined;
  readonly onPoint: (isPointed: boolean) => void;
}

function BoxOfCell({ box, isFamily, onPoint }: BoxProperties) {
  const { documents, focus, store } = useWorkbench();
  const state = store.cell(box.id)?.value;
  if (state === undefined) return null;
  const caption = captionOf(state, documents.text(state).value);
  const names = store.links.value.get(box.id)?.defs.join(", ") ?? "";
  return (
    <foreignObject x={box.x} y={box.y} width={WIDTH} height={HEIGHT}>
      <button
        type="button"
        class="graph-box"
        data-look={lookOf(state)}
        data-family={isFamily}
        data-named={state.name !== "_"}
        title={names === "" ? caption : `${caption}\ndefines ${names}`}
        onClick={() => focus.goTo(box.id)}
        onPointerEnter={() => onPoint(true)}
        onPointerLeave={() => onPoint(false)}
        onFocus={() => onPoint(true)}
        onBlur={() => onPoint(false)}
      >
        {caption}
      </button>
    </foreignObject>
  );
}

function draw(cells: readonly CellId[], edges: readonly Edge[]): Picture {
  const graph = new Graph();
  // From left to right: what many cells read has them one below the other, which is how a panel is shaped.
  graph.setGraph({ rankdir: "LR", nodesep: 10, ranksep: 28, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of cells) graph.setNode(id, { width: WIDTH, height: HEIGHT });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const boxes = cells.map((id) => {
    const { x, y } = graph.node(id);
    return { id, x: (x ?? 0) - WIDTH / 2, y: (y ?? 0) - HEIGHT / 2 };
  });
  const lines = edges.map((edge) => ({ ...edge, path: pathOf(graph.edge(edge.from, edge.to).points ?? []) }));
  const { width = 0, height = 0 } = graph.graph();
  return { boxes, lines, width: Math.max(width, WIDTH), height: Math.max(height, HEIGHT) };
}

/** A smooth line through the points. */
function pathOf(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return "";
  const middle = rest.slice(0, -1).map((point, at) => {
    const next = rest[at + 1] ?? last;
    const x = at === rest.length - 2 ? next.x : (point.x + next.x) / 2;
    const y = at === rest.length - 2 ? next.y : (point.y + next.y) / 2;
    return `Q${point.x} ${point.y} ${x} ${y}`;
  });
  return `M${first.x} ${first.y}${middle.join("")}L${last.x} ${last.y}`;
}
