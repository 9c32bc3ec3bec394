/** The column of cells. */
import { CodeXml, Type } from "lucide";
import { Between } from "../cells/between.tsx";
import { Cell } from "../cells/cell.tsx";
import { useWorkbench } from "../cells/context.ts";
import { Icon } from "../ui/icon.tsx";

export function Notebook() {
  const { store } = useWorkbench();
  const order = store.order.value;
  if (!store.opened.value) return <p class="waiting">opening the notebook</p>;
  if (order.length === 0) return <EmptyNotebook />;
  const first = order[0];
  const startsWithSetup = first !== undefined && store.cell(first)?.value.type === "setup";
  return (
    <>
      {!startsWithSetup && <Between after={null} setup />}
      {order.map((id, index) => {
        const cell = store.cell(id);
        if (cell === undefined) return null;
        return (
          <div key={id} class="cell-and-gap">
            <Cell cell={cell} index={index} />
            <Between after={id} always={index === order.length - 1} />
          </div>
        );
      })}
    </>
  );
}

function EmptyNotebook() {
  const { actions } = useWorkbench();
  return (
    <div class="empty">
      <p>This notebook is empty.</p>
      <p class="empty-offers">
        <button type="button" class="button" data-kind="primary" onClick={() => actions.add(null)}>
          <Icon icon={CodeXml} size={16} />
          write code
        </button>
        <button type="button" class="button" onClick={() => actions.addMarkdown(null)}>
          <Icon icon={Type} size={16} />
          write text
        </button>
      </p>
    </div>
  );
}
