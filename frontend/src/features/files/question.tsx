/** What the panel asks before it does something: a name, or whether it is meant. */
import { useEffect, useRef } from "preact/hooks";
import { offerWords } from "../../protocol/files.ts";
import { withCode } from "../../ui/quoted.tsx";
import type { Doing, FileStore } from "./store.ts";

const KINDS = { notebook: "new notebook", file: "new file", folder: "new folder" };

interface QuestionProperties {
  readonly store: FileStore;
  /** Show a notebook. */
  readonly onOpen: (path: string) => void;
}

export function Question({ store, onOpen }: QuestionProperties) {
  const doing = store.doing.value;
  if (doing === null) return null;
  return <Asked key={JSON.stringify(doing)} store={store} doing={doing} onOpen={onOpen} />;
}

function Asked({ store, doing, onOpen }: QuestionProperties & { doing: NonNullable<Doing> }) {
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
    case "convert": {
      const { path, offer } = doing;
      return (
        <Confirm
          text={offerWords(path, offer)}
          yes="convert"
          onYes={() => void store.convert(path, offer.to, onOpen)}
          onNo={leave}
        />
      );
    }
    case "converted": {
      const { entry, notes } = doing.conversion;
      const open = (): void => {
        leave();
        onOpen(entry.path);
      };
      return (
        <Confirm
          text={`${entry.name} is there. What to know of it:`}
          notes={notes}
          yes="open it"
          no="later"
          onYes={open}
          onNo={leave}
        />
      );
    }
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
  readonly notes?: readonly string[];
  readonly yes: string;
  readonly no?: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

function Confirm({ text, notes = [], yes, no = "keep", onYes, onNo }: ConfirmProperties) {
  const refusal = useRef<HTMLButtonElement>(null);
  useEffect(() => refusal.current?.focus(), []);
  return (
    <div class="files-question" role="alertdialog" aria-label={text}>
      {text}
      {notes.length > 0 && (
        <ul class="files-notes">
          {notes.map((note) => (
            <li key={note}>{withCode(note)}</li>
          ))}
        </ul>
      )}
      <span class="files-answers">
        <button type="button" class="button" onClick={onYes}>
          {yes}
        </button>
        <button ref={refusal} type="button" class="button" onClick={onNo}>
          {no}
        </button>
      </span>
    </div>
  );
}
