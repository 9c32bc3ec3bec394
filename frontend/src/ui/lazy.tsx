/** A part of the page that is fetched when it is first shown. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

export interface Part {
  readonly default: ComponentType;
}

interface Properties {
  readonly load: () => Promise<Part>;
  /** What it is, for the sentence that says that it did not come. */
  readonly name: string;
}

const fetched = new Map<() => Promise<Part>, ComponentType>();

/** `load` must be the same function each time. */
export function Lazy({ load, name }: Properties) {
  const [state, setState] = useState<"waiting" | "there" | "failed">(fetched.has(load) ? "there" : "waiting");
  const Fetched = fetched.get(load);
  useEffect(() => {
    if (fetched.has(load)) {
      setState("there");
      return;
    }
    let isCurrent = true;
    setState("waiting");
    load().then(
      (part) => {
        fetched.set(load, part.default);
        if (isCurrent) setState("there");
      },
      () => isCurrent && setState("failed"),
    );
    return () => {
      isCurrent = false;
    };
  }, [load]);
  if (state === "failed") return <p class="lazy-failed">{name} could not be fetched; reload the page</p>;
  return Fetched === undefined ? null : <Fetched />;
}
