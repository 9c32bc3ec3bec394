/** What the panel asks before it does something: a name, or whether it is meant. */
import { useEffect, useRef } from "preact/hooks";
import type { Doing, FileStore } from "./store.ts";

const KINDS = { notebook: "new notebook", file: "new file", folder: "new folder" };

export function Question({ store }: { store: FileStore }) {
  const doing = store.doing.value;
  if (doing === null) return null;
  return <Asked key={JSON.stringify(doing)} store={store} doing={doing} />;
}

function Asked({ store, doing }: { store: FileStore; doing: NonNullable<Doing> }) {
  const leave = (): void => {
    store.doing.value = null;
  };
  switch (doing.what) {
    case "create": {
      const where = doing.folder === "" ? "" : ` in ${doing.folder}`;
      const make = (name: string): void => void store.create(doing.folder, name, doing.kind);
      return <NameField label={KINDS[doing.kind] + where} value="" onName={make} onLeave={leave} />;
    }
    case "rename": {
      const name = doing.path.split("/").at(-1) ?? "";
      const rename = (to: string): void => void store.rename(doing.path, to);
      return <NameField label={`new name of ${name}`} value={name} onName={rename} onLeave={leave} />;
    }
    case "delete":
      return (
        <Confirm
          text={`delete ${doing.path} for good?`}
          yes="delete"
          onYes={() => void store.remove(doing.path)}
          onNo={leave}
        />
      );
    case "replace":
      return (
        <Confirm
          text={`there already: ${doing.files.map((file) => file.name).join(", ")}`}
          yes="replace"
          onYes={() => void store.upload(doing.folder, doing.files, true)}
          onNo={leave}
        />
      );
  }
}

interface FieldProperties {
  readonly label: string;
  readonly value: string;
  readonly onName: (name: string) => void;
  readonly onLeave: () => void;
}

function NameField({ label, value, onName, onLeave }: FieldProperties) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(0, value.includes(".") ? value.lastIndexOf(".") : value.length);
  }, []);
  return (
    <label class="files-question">
      {label}
      <input
        ref={field}
        defaultValue={value}
        spellcheck={false}
        onKeyDown={(event) => {
          event.stopPropagation();
          const name = event.currentTarget.value.trim();
          if (event.key === "Escape" || (event.key === "Enter" && (name === "" || name === value))) onLeave();
          else if (event.key === "Enter") onName(name);
        }}
      />
    </label>
  );
}

interface ConfirmProperties {
  readonly text: string;
  readonly yes: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

function Confirm({ text, yes, onYes, onNo }: ConfirmProperties) {
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <div class="files-question" role="alertdialog" aria-label={text}>
      {text}
      <span class="files-answers">
        <button type="button" class="button" onClick={onYes}>
          {yes}
        </button>
        <button ref={no} type="button" class="button" onClick={onNo}>
          keep
        </button>
      </span>
    </div>
  );
}
