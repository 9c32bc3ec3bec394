/** Fetches the conflict panel when there is a conflict. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useWorkbench } from "../cells/context.ts";
import { ConflictBanner } from "./banner.tsx";

type Panel = ComponentType<{ page: string; disk: string; onKeep: (keep: "page" | "disk") => void }>;

export function ConflictPanel() {
  const { store, documents } = useWorkbench();
  const conflict = store.conflict.value;
  const [loaded, setLoaded] = useState<{ Panel: Panel } | null>(null);
  const isNeeded = conflict !== null && loaded === null;
  useEffect(() => {
    if (!isNeeded) return;
    import("../features/conflict/conflict.tsx").then(
      (module) => setLoaded({ Panel: module.default }),
      () => store.say("error", "the panel for the two texts could not be fetched; reload the page"),
    );
  }, [isNeeded]);
  if (conflict === null || loaded === null) return null;
  const onKeep = (keep: "page" | "disk"): void =>
    documents.afterPushOfAll(() => store.ask({ kind: "settleConflict", keep }));
  return (
    <>
      <ConflictBanner onCompare={() => scrollTo({ top: 0 })} />
      <loaded.Panel page={conflict.page} disk={conflict.disk} onKeep={onKeep} />
    </>
  );
}
