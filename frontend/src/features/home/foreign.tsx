/** Notebooks of other formats: each is converted beside its original by whoever wants to open it. */
import { BookDashed } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Conversion, type FileEntry, type FileService, type Offer, offerWords } from "../../protocol/files.ts";
import { Icon } from "../../ui/icon.tsx";
import { withCode } from "../../ui/quoted.tsx";
import { chosen, folderOf } from "./words.ts";

const SHOWN = 50;

interface ListProperties {
  readonly foreign: readonly FileEntry[];
  readonly query: string;
  readonly service: FileService;
  /** What went wrong, in words. */
  readonly onRefused: (reason: string) => void;
}

export function ForeignList({ foreign, query, service, onRefused }: ListProperties) {
  const found = chosen(foreign, query);
  if (found.length === 0) return null;
  const more = found.length - SHOWN;
  return (
    <section aria-label="notebooks of other formats">
      <h2>Of other formats</h2>
      <ul class="home-list">
        {found.slice(0, SHOWN).map((entry) => (
          <ForeignLine key={entry.path} entry={entry} service={service} onRefused={onRefused} />
        ))}
      </ul>
      {more > 0 && <p class="home-fact">{more} more: search by name</p>}
    </section>
  );
}

interface LineProperties {
  readonly entry: FileEntry;
  readonly service: FileService;
  readonly onRefused: (reason: string) => void;
}

function ForeignLine({ entry, service, onRefused }: LineProperties) {
  const [offer, setOffer] = useState<Offer | null>(null);
  const [done, setDone] = useState<Conversion | null>(null);
  const said = (error: unknown): void => onRefused(error instanceof Error ? error.message : String(error));
  const ask = (): void => {
    onRefused("");
    service.offer(entry.path).then(setOffer, said);
  };
  const show = ({ entry: { path } }: Conversion): void => {
    open(service.notebook(path), "_self");
  };
  const convert = ({ to }: Offer): void => {
    setOffer(null);
    service.convert(entry.path, to).then((conversion) => {
      // What there is to know is read first.
      if (conversion.notes.length === 0) show(conversion);
      else setDone(conversion);
    }, said);
  };
  const focused = useRef<HTMLButtonElement>(null);
  const wasAsked = useRef(false);
  const isAsked = offer !== null || done !== null;
  useEffect(() => {
    // To the answer when something is asked, back to the line afterwards; not when the page opens.
    if (isAsked || wasAsked.current) focused.current?.focus();
    wasAsked.current = isAsked;
  }, [isAsked, done]);
  if (done !== null) {
    return (
      <li class="home-line">
        <div class="home-asked">
          {done.entry.name} is there. What to know of it:
          <ul class="home-notes">
            {done.notes.map((note) => (
              <li key={note}>{withCode(note)}</li>
            ))}
          </ul>
        </div>
        <button ref={focused} type="button" class="button" onClick={() => show(done)}>
          open it
        </button>
      </li>
    );
  }
  if (offer !== null) {
    return (
      <li class="home-line">
        <span class="home-asked">{offerWords(entry.path, offer)}</span>
        <button ref={focused} type="button" class="button" onClick={() => convert(offer)}>
          convert
        </button>
        <button type="button" class="button" onClick={() => setOffer(null)}>
          keep
        </button>
      </li>
    );
  }
  return (
    <li class="home-line">
      <button ref={focused} type="button" class="home-link" onClick={ask}>
        <Icon icon={BookDashed} size={16} />
        <span class="home-name">
          <span class="home-folder">{folderOf(entry.path)}</span>
          {entry.name}
        </span>
      </button>
      <span class="home-fact">converted when opened</span>
    </li>
  );
}
