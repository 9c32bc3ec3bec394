/** The packages that cells can import: which, in which version, asked for by whom; add, update and remove. */
import "./packages.css";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useWorkbench } from "../../cells/context.ts";
import { Confirm, InstallerWords, needsQuestion, type PackageChange } from "../../cells/installing.tsx";
import type { PackagesListed } from "../../protocol/generated.ts";
import { withCode } from "../../ui/quoted.tsx";
import { isRemovable, type Row, rowsOf } from "./rows.ts";

export default function PackagesPanel() {
  const { store } = useWorkbench();
  const listed = useSignal<PackagesListed | null>(null);
  const words = useSignal("");
  const asked = useSignal<PackageChange | null>(null);
  const isWorking = store.installer.value?.status === "working";
  const kernel = store.kernel.value.status === "starting" ? "starting" : "there";
  useEffect(() => {
    // A kernel that starts may be given another environment.
    if (!isWorking && kernel === "there")
      void store.askPackages().then((answer) => {
        listed.value = answer ?? listed.peek();
      });
  }, [isWorking, kernel]);
  const found = listed.value;
  if (found === null) return <p class="panel-empty">Looking what is installed …</p>;
  const begin = (change: PackageChange): void => {
    words.value = "";
    if (needsQuestion(found)) asked.value = change;
    else store.ask({ kind: "changePackages", ...change });
  };
  const rows = rowsOf(found, words.value);
  const change = asked.value;
  return (
    <div class="packages">
      <p class="packages-place">
        {found.python !== "" && `Python ${found.python}, `}
        {withCode(found.place)}
      </p>
      <Environment listed={found} />
      <form
        class="packages-add"
        onSubmit={(event) => {
          event.preventDefault();
          const text = words.peek().trim();
          if (text !== "") begin({ add: [text], remove: [], cells: [] });
        }}
      >
        <input
          type="search"
          class="input"
          aria-label="find or add a package"
          placeholder="find, or add: polars>=1"
          spellcheck={false}
          value={words.value}
          onInput={(event) => {
            words.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="button" disabled={isWorking || words.value.trim() === ""}>
          add
        </button>
      </form>
      {change !== null && (
        <Confirm
          listed={found}
          change={change}
          onYes={() => {
            asked.value = null;
          }}
          onNo={() => {
            asked.value = null;
          }}
        />
      )}
      <InstallerWords />
      <ul class="packages-list" aria-label="packages">
        {rows.map((row) => (
          <Package key={row.name} row={row} isSettled={isWorking || !isRemovable(found, row)} begin={begin} />
        ))}
      </ul>
      {rows.length === 0 && <p class="panel-empty">No package here is called that.</p>}
    </div>
  );
}

/** Whether the header is followed: somebody who has read what it asks for can say so, and take it back. */
function Environment({ listed: { wishes, sandbox } }: { listed: PackagesListed }) {
  const { store } = useWorkbench();
  if (sandbox)
    return (
      <p class="packages-place">
        <button type="button" class="link" onClick={() => store.ask({ kind: "setSandbox", sandbox: false })}>
          run in the Python of the server instead
        </button>
      </p>
    );
  if (wishes.length === 0) return null;
  return (
    <section class="packages-wishes" aria-label="what the header asks for">
      <p>The header asks for packages, and is not followed:</p>
      <ul>
        {wishes.map((wish) => (
          <li key={wish}>{wish}</li>
        ))}
      </ul>
      <button type="button" class="button" onClick={() => store.ask({ kind: "setSandbox", sandbox: true })}>
        install them, run in an environment of its own
      </button>
    </section>
  );
}

interface PackageProperties {
  readonly row: Row;
  readonly isSettled: boolean;
  readonly begin: (change: PackageChange) => void;
}

function Package({ row, isSettled, begin }: PackageProperties) {
  const { name, version, asked, note } = row;
  return (
    <li class="package" data-asked={asked !== ""}>
      <span class="package-name">{name}</span>
      <span class="package-version">{version}</span>
      <span class="package-acts">
        {asked !== "" && <span>header: {asked}</span>}
        {note !== "" && <span>{note}</span>}
        {!isSettled && (
          <button
            type="button"
            class="link"
            aria-label={`remove ${name}`}
            onClick={() => begin({ add: [], remove: [name], cells: [] })}
          >
            remove
          </button>
        )}
      </span>
    </li>
  );
}
