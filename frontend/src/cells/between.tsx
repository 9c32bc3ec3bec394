/** The line between two cells, where new ones come in. */
import { Plus } from "lucide";
import type { CellId } from "../protocol/generated.ts";
import { Icon } from "../ui/icon.tsx";
import { useWorkbench } from "./context.ts";

interface Properties {
  readonly after: CellId | null;
  /** Shown without being pointed at, as at the end of the page. */
  readonly always?: boolean;
  readonly setup?: boolean;
}

export function Between({ after, always = false, setup = false }: Properties) {
  const { placing } = useWorkbench();
  return (
    <div class="between" data-always={always}>
      <span class="between-buttons">
        {setup && <AddButton label="Setup" onClick={placing.addSetup} />}
        <AddButton label="Python" onClick={() => placing.add(after)} />
        <AddButton label="Markdown" onClick={() => placing.addMarkdown(after)} />
      </span>
    </div>
  );
}

function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" class="between-button" aria-label={`add ${label} here`} onClick={onClick}>
      <Icon icon={Plus} size={14} />
      {label}
    </button>
  );
}
