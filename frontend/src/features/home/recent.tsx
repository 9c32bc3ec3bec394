/** What was opened last, here as links, elsewhere as the command that opens it: this server opens its folder only. */
import { BookOpen, Copy, SquareTerminal } from "lucide";
import { useState } from "preact/hooks";
import type { FileService, RecentNotebook } from "../../protocol/files.ts";
import { Icon } from "../../ui/icon.tsx";
import { LineButton } from "./line-button.tsx";
import { ago } from "./words.ts";

const FIRST = 5;

interface RecentProperties {
  readonly service: FileService;
  readonly recent: readonly RecentNotebook[];
}

export function RecentList({ service, recent }: RecentProperties) {
  const [isWhole, setWhole] = useState(false);
  const more = isWhole ? 0 : recent.length - FIRST;
  return (
    <section aria-label="recent">
      <h2>Recent</h2>
      <ul class="home-list">
        {recent.slice(0, isWhole ? recent.length : FIRST).map((item) => (
          <li key={`${item.path} ${item.command}`} class="home-line">
            {item.path === "" ? <Elsewhere item={item} /> : <Here item={item} href={service.notebook(item.path)} />}
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="home-more" onClick={() => setWhole(true)}>
          {more} more
        </button>
      )}
    </section>
  );
}

function Here({ item, href }: { item: RecentNotebook; href: string }) {
  return (
    <>
      <a class="home-link" href={href}>
        <Icon icon={BookOpen} size={16} />
        <Name item={item} />
      </a>
      <Opened item={item} />
    </>
  );
}

function Elsewhere({ item }: { item: RecentNotebook }) {
  const [said, setSaid] = useState("");
  const copy = (): void => {
    navigator.clipboard.writeText(item.command).then(
      () => setSaid("copied"),
      () => setSaid("cannot be copied here"),
    );
  };
  return (
    <>
      <span class="home-elsewhere">
        <Icon icon={SquareTerminal} size={16} />
        <span>
          <Name item={item} />
          <code class="home-command">{item.command}</code>
        </span>
      </span>
      <span class="home-fact" role="status">
        {said}
      </span>
      {said === "" && <Opened item={item} />}
      <LineButton icon={Copy} label={`copy the command that opens ${item.name}`} onClick={copy} />
    </>
  );
}

function Name({ item }: { item: RecentNotebook }) {
  return (
    <span class="home-name">
      <span class="home-folder">{item.path === "" ? "" : item.folder}</span>
      {item.name}
    </span>
  );
}

function Opened({ item }: { item: RecentNotebook }) {
  return <span class="home-fact">{ago(Math.max(0, Date.now() / 1000 - item.opened))}</span>;
}
