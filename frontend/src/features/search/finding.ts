/** Where the cells match what is looked for, kept true while it and they change. */
import { type ReadonlySignal, type Signal, useSignal, useSignalEffect } from "@preact/signals";
import type { Workbench } from "../../cells/context.ts";
import type { CellId } from "../../protocol/generated.ts";
import { type Scan, type Scanned, type Stretch, stretchesOf } from "./matching.ts";

export type Found = ReadonlyMap<CellId, readonly Stretch[]>;

/** So long a regular expression may take, in milliseconds. Those that people mean take a few for thousands of cells. */
const PATIENCE = 2000;
const NONE: Found = new Map();

export interface Finding {
  readonly found: ReadonlySignal<Found>;
  /** The regular expression was given up. */
  readonly isTooSlow: ReadonlySignal<boolean>;
}

export function useFinding(
  bench: Workbench,
  pattern: ReadonlySignal<RegExp | string | null>,
  isRegex: ReadonlySignal<boolean>,
  onFound: () => void,
): Finding {
  const found: Signal<Found> = useSignal(NONE);
  const isTooSlow = useSignal(false);
  useSignalEffect(() => {
    const texts = pattern.value instanceof RegExp ? textsOf(bench) : [];
    const tell = (scanned: Scanned | null): void => {
      isTooSlow.value = scanned === null;
      found.value = scanned === null ? NONE : foundIn(texts, scanned);
      onFound();
    };
    if (pattern.value instanceof RegExp && isRegex.value) return scanApart(texts, pattern.value, tell);
    const literal = pattern.value;
    tell(literal instanceof RegExp ? texts.map(([, text]) => stretchesOf(text, literal)) : []);
  });
  return { found, isTooSlow };
}

function textsOf({ store, documents }: Workbench): readonly (readonly [CellId, string])[] {
  return store.order.value.flatMap((id) => {
    const cell = store.cell(id)?.peek();
    return cell === undefined ? [] : [[id, documents.text(cell).value] as const];
  });
}

function foundIn(texts: readonly (readonly [CellId, string])[], scanned: Scanned): Found {
  const pairs = texts.map(([id], place) => [id, scanned[place] ?? []] as const);
  return new Map(pairs.filter(([, stretches]) => stretches.length > 0));
}

/** In a thread of its own, which is ended when the answer is no longer wanted or does not come: then it is null. */
function scanApart(
  texts: readonly (readonly [CellId, string])[],
  pattern: RegExp,
  tell: (scanned: Scanned | null) => void,
): () => void {
  const worker = new Worker(new URL("./scan.ts", import.meta.url), { type: "module" });
  const end = (): void => {
    clearTimeout(timer);
    worker.terminate();
  };
  const timer = setTimeout(() => {
    end();
    tell(null);
  }, PATIENCE);
  worker.onmessage = ({ data }: MessageEvent<Scanned>) => {
    end();
    tell(data);
  };
  worker.postMessage({ texts: texts.map(([, text]) => text), pattern } satisfies Scan);
  return end;
}
