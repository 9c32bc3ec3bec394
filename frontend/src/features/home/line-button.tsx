/** A small button at the end of a line of home. */
import type { Square } from "lucide";
import { Icon } from "../../ui/icon.tsx";

interface LineButtonProperties {
  readonly icon: typeof Square;
  readonly label: string;
  readonly onClick: () => void;
}

export function LineButton({ icon, label, onClick }: LineButtonProperties) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon icon={icon} size={16} />
    </button>
  );
}
