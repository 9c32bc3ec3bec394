/** Installing what a cell misses, and changing packages at all: what will be done is shown, and done when somebody says so. */
import "./installing.css";
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CellState } from "../notebook/state.ts";
import { tracebackOf } from "../notebook/traceback.ts";
import type { CellId, PackagesListed } from "../protocol/generated.ts";
import { withCode } from "../ui/quoted.tsx";
import { useWorkbench } from "./context.ts";

export interface PackageChange {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** What runs afterwards. */
  readonly cells: readonly CellId[];
}

/** Below an error about a module that is not there. */
export function InstallOffer({ cell }: { cell: ReadonlySignal<CellState> }) {
  const { store } = useWorkbench();
  const { id, output, activity } = cell.value;
  const [listed, setListed] = useState<PackagesListed | null>(null);
  const [isBegun, setBegun] = useState(false);
  const name = tracebackOf(output)?.install ?? "";
  useEffect(() => {
    setListed(null);
    setBegun(false);
  }, [output]);
  if (name === "" || activity !== "idle") return null;
  const change = { add: [name], remove: [], cells: [id] };
  const isWorking = store.installer.value?.status === "working";
  if (listed !== null && !isBegun)
    return <Confirm listed={listed} change={change} onYes={() => setBegun(true)} onNo={() => setListed(null)} />;
  return (
    <div class="install">
      {!(isBegun && isWorking) && (
        <button
          type="button"
          class="button"
          disabled={isWorking}
          onClick={() => {
            setBegun(false);
            void store.askPackages().then((answer) => {
              if (answer === null) return;
              // With an environment of the notebook's own the button has said it all.
              if (needsQuestion(answer)) setListed(answer);
              else setBegun(store.ask({ kind: "changePackages", ...change }));
            });
          }}
        >
          install {name}
        </button>
      )}
      {isBegun && <InstallerWords />}
    </div>
  );
}

export function needsQuestion({ adding, removing, refusal }: PackagesListed): boolean {
  return adding !== "" || removing !== "" || refusal !== "";
}

interface ConfirmProperties {
  readonly listed: PackagesListed;
  readonly change: PackageChange;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Where packages are somebody else's as well: the command that changes them, to be read first. */
export function Confirm({ listed, change, onYes, onNo }: ConfirmProperties) {
  const { store } = useWorkbench();
  const refusal = useRef<HTMLButtonElement>(null);
  useEffect(() => refusal.current?.focus(), []);
  const isPossible = listed.refusal === "";
  return (
    <div class="install" role="alertdialog" aria-label={isPossible ? "run this command?" : "cannot be installed here"}>
      {isPossible ? (
        <>
          <p>Cells run in {withCode(listed.place)}. This changes it, also for other programs that use it:</p>
          <pre class="install-command">{commandOf(listed, change)}</pre>
        </>
      ) : (
        <p>{withCode(listed.refusal)}</p>
      )}
      <p class="problem-fixes">
        {isPossible && (
          <button
            type="button"
            class="button"
            data-kind="primary"
            onClick={() => store.ask({ kind: "changePackages", ...change }) && onYes()}
          >
            run it
          </button>
        )}
        <button ref={refusal} type="button" class="button" onClick={onNo}>
          {isPossible ? "not now" : "close"}
        </button>
      </p>
    </div>
  );
}

/** The command as somebody would type it. */
export function commandOf({ adding, removing }: PackagesListed, { add, remove }: PackageChange): string {
  const lines = [];
  if (add.length > 0) lines.push(`${adding} ${add.map(quoted).join(" ")}`);
  if (remove.length > 0) lines.push(`${removing} ${remove.map(quoted).join(" ")}`);
  return lines.join("\n");
}

function quoted(text: string): string {
  return /^[\w.@%+=:,/-]+$/.test(text) ? text : `'${text}'`;
}

/** What the installer does or has done. */
export function InstallerWords() {
  const { store } = useWorkbench();
  const installer = store.installer.value;
  if (installer === null) return null;
  const { status, message, lines } = installer;
  if (status === "working")
    return (
      <div class="install-words" role="status">
        <p>
          {withCode(message)} …{" "}
          <button type="button" class="link" onClick={() => store.ask({ kind: "stopInstaller" })}>
            stop
          </button>
        </p>
        <p class="install-line">{lines.at(-1)?.trim()}</p>
      </div>
    );
  if (message === "") return null;
  return (
    <div class="install-words" role={status === "failed" ? "alert" : "status"} data-status={status}>
      {status === "failed" ? <pre>{message}</pre> : <p>{withCode(message)}</p>}
    </div>
  );
}
