/** Home: the notebooks of a folder, those that run, and a new one. */
import "./home.css";
import { BookOpen, Pencil, Plus, Square, Trash2 } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { FileEntry, FileService, HomeData, RunningNotebook } from "../../protocol/files.ts";
import { Icon, Mark } from "../../ui/icon.tsx";
import { size } from "../../ui/size.ts";
import { ForeignList } from "./foreign.tsx";
import { LineButton } from "./line-button.tsx";
import { RecentList } from "./recent.tsx";
import { ago, chosen, folderOf, freeName, lasting } from "./words.ts";

/** How often what runs is asked for anew, while the page is seen. */
const LOOK_MS = 5000;
const SHOWN = 200;

export function HomePage({ service }: { service: FileService }) {
  const [data, setData] = useState<HomeData | null>(null);
  const [said, setSaid] = useState("");
  const [query, setQuery] = useState("");
  const look = (): Promise<void> =>
    service.home().then(setData, (error: unknown) => setSaid(error instanceof Error ? error.message : String(error)));
  const after = (work: Promise<unknown>): void => {
    setSaid("");
    work.then(look, (error: unknown) => setSaid(error instanceof Error ? error.message : String(error)));
  };
  useEffect(() => {
    void look();
    const timer = setInterval(() => document.visibilityState === "visible" && void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  if (data === null) return <p class="home-waiting">{said === "" ? "looking for notebooks" : said}</p>;
  const begin = (): void => {
    const name = freeName(data.notebooks);
    after(service.create(name, "notebook").then(() => open(service.notebook(name), "_self")));
  };
  return (
    <>
      <header class="home-head">
        <Mark size={26} />
        <h1 title={data.folder}>{data.folder.split(/[\\/]/).at(-1) || data.folder}</h1>
        <button type="button" class="button" data-kind="primary" onClick={begin}>
          <Icon icon={Plus} size={16} />
          new notebook
        </button>
      </header>
      <p class="home-said" role="status">
        {said}
      </p>
      {data.running.length > 0 && <RunningList service={service} running={data.running} after={after} />}
      {data.recent.length > 0 && <RecentList service={service} recent={data.recent} />}
      {data.notebooks.length === 0 ? (
        <p class="home-empty" data-beside={data.foreign.length > 0}>
          There is no notebook in this folder yet. Begin one, or copy one here.
        </p>
      ) : (
        <section aria-label="notebooks">
          <div class="home-title">
            <h2>Notebooks</h2>
            <input
              type="search"
              class="home-search"
              aria-label="search by name"
              placeholder="search by name"
              value={query}
              onInput={(event) => setQuery(event.currentTarget.value)}
            />
          </div>
          <NotebookList data={data} query={query} service={service} after={after} />
        </section>
      )}
      <ForeignList foreign={data.foreign} query={query} service={service} onRefused={setSaid} />
    </>
  );
}

interface RunningProperties {
  readonly service: FileService;
  readonly running: readonly RunningNotebook[];
  readonly after: (work: Promise<unknown>) => void;
}

function RunningList({ service, running, after }: RunningProperties) {
  return (
    <section aria-label="running">
      <h2>Running</h2>
      <ul class="home-list">
        {running.map((item) => (
          <li key={item.path} class="home-line" data-running="true">
            <a class="home-link" href={service.notebook(item.path)}>
              <span class="home-dot" />
              <span class="home-name">{item.name}</span>
            </a>
            <span class="home-fact">
              {lasting(item.seconds)}
              {item.memory !== null && ` · ${size(item.memory)}`}
            </span>
            <LineButton icon={Square} label={`stop ${item.name}`} onClick={() => after(service.stop(item.path))} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ListProperties {
  readonly data: HomeData;
  readonly query: string;
  readonly service: FileService;
  readonly after: (work: Promise<unknown>) => void;
}

function NotebookList({ data, query, service, after }: ListProperties) {
  const found = chosen(data.notebooks, query);
  const more = found.length - SHOWN;
  if (found.length === 0) return <p class="home-empty">No notebook is called like that.</p>;
  return (
    <>
      <ul class="home-list">
        {found.slice(0, SHOWN).map((entry) => (
          <NotebookLine key={entry.path} entry={entry} service={service} after={after} />
        ))}
      </ul>
      {(more > 0 || !data.complete) && (
        <p class="home-fact">{more > 0 ? `${more} more: search by name` : "there are more than can be looked for"}</p>
      )}
    </>
  );
}

interface LineProperties {
  readonly entry: FileEntry;
  readonly service: FileService;
  readonly after: (work: Promise<unknown>) => void;
}

function NotebookLine({ entry, service, after }: LineProperties) {
  const [doing, setDoing] = useState<"nothing" | "renaming" | "deleting">("nothing");
  const seconds = Math.max(0, Date.now() / 1000 - entry.modified);
  if (doing === "deleting") {
    return (
      <li class="home-line">
        <span class="home-asked">
          delete <b>{entry.path}</b> for good?
        </span>
        <button type="button" class="button" onClick={() => after(service.remove(entry.path))}>
          delete
        </button>
        <button type="button" class="button" ref={(button) => button?.focus()} onClick={() => setDoing("nothing")}>
          keep
        </button>
      </li>
    );
  }
  if (doing === "renaming") {
    const finish = (to: string | null): void => {
      setDoing("nothing");
      if (to !== null && to !== "" && to !== entry.path) after(service.rename(entry.path, to));
    };
    return (
      <li class="home-line">
        <PathField path={entry.path} onFinish={finish} />
      </li>
    );
  }
  return (
    <li class="home-line">
      <a class="home-link" href={service.notebook(entry.path)}>
        <Icon icon={BookOpen} size={16} />
        <span class="home-name">
          <span class="home-folder">{folderOf(entry.path)}</span>
          {entry.name}
        </span>
      </a>
      <span class="home-fact">{ago(seconds)}</span>
      <LineButton icon={Pencil} label={`rename ${entry.name}`} onClick={() => setDoing("renaming")} />
      <LineButton icon={Trash2} label={`delete ${entry.name}`} onClick={() => setDoing("deleting")} />
    </li>
  );
}

function PathField({ path, onFinish }: { path: string; onFinish: (to: string | null) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(folderOf(path).length, path.lastIndexOf("."));
  }, []);
  return (
    <input
      ref={field}
      class="home-field"
      aria-label={`new name of ${path}`}
      defaultValue={path}
      spellcheck={false}
      onBlur={() => onFinish(null)}
      onKeyDown={(event) => {
        if (event.key === "Escape") onFinish(null);
        if (event.key === "Enter") onFinish(event.currentTarget.value.trim());
      }}
    />
  );
}
