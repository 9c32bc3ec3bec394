/** The panel of files: the folder as a tree, with what can be done with each thing in it. */
import "./files.css";
import {
  BookDashed,
  BookOpen,
  ChevronDown,
  ChevronRight,
  Ellipsis,
  File as FileIcon,
  FilePlus,
  FolderPlus,
  Upload,
} from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type FileEntry, type FileKind, pageService } from "../../protocol/files.ts";
import { Icon } from "../../ui/icon.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { Question } from "./question.tsx";
import { FileStore } from "./store.ts";
import { type Line, linesOf, moved, targetOf } from "./tree.ts";

export default function Files() {
  const [store] = useState(() => new FileStore(pageService(document)));
  const [isOver, setOver] = useState(false);
  const tree = useRef<HTMLDivElement>(null);
  useEffect(() => {
    store.lookAgain();
    addEventListener("focus", store.lookAgain);
    return () => removeEventListener("focus", store.lookAgain);
  }, []);
  const lines = linesOf(store.folders.value);
  const current = lines.some((line) => line.entry.path === store.current.value)
    ? store.current.value
    : (lines[0]?.entry.path ?? "");
  const go = (path: string): void => {
    store.current.value = path;
    tree.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(path)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // What has the focus is meant, whatever has become the current one meanwhile: the end of an upload says that, too.
    const at = event.target instanceof HTMLElement ? event.target.dataset["path"] : undefined;
    if (at === undefined) return;
    const move = moved(event.key, lines, store.folders.peek(), at);
    if (move !== null && "go" in move) go(move.go);
    else if (move !== null && "open" in move) store.openFolder(move.open);
    else if (move !== null) store.closeFolder(move.close);
    else if (!press(event.key, store, lines, at)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped here; the button does the same
    <div
      class="files"
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void store.upload(targetOf(lines, current), event.dataTransfer?.files ?? []);
      }}
    >
      <Tools store={store} folder={targetOf(lines, current)} />
      <p class="files-said" role="status">
        {store.said.value}
      </p>
      <Question store={store} onOpen={(path) => openNotebook(store, path)} />
      <div ref={tree} role="tree" aria-label="files" class="files-tree" onKeyDown={onKeyDown}>
        {lines.map((line) => (
          <FileLine key={line.entry.path} line={line} store={store} isCurrent={line.entry.path === current} />
        ))}
      </div>
    </div>
  );
}

/** Keys that are no arrows. False when they mean nothing here. */
function press(key: string, store: FileStore, lines: readonly Line[], current: string): boolean {
  const entry = lines.find((line) => line.entry.path === current)?.entry;
  if (entry === undefined) return false;
  if (key === "Enter" || key === " ") openEntry(store, entry);
  else if (key === "F2") store.doing.value = { what: "rename", path: entry.path };
  else if (key === "Delete") store.doing.value = { what: "delete", path: entry.path };
  else return false;
  return true;
}

function openEntry(store: FileStore, entry: FileEntry): void {
  if (entry.kind === "folder") store.toggle(entry.path);
  else if (entry.kind === "notebook") openNotebook(store, entry.path);
  else if (entry.kind === "foreign") void store.offer(entry.path);
  else download(store, entry);
}

function openNotebook(store: FileStore, path: string): void {
  open(store.service.notebook(path), "_blank", "noopener");
}

function download(store: FileStore, entry: FileEntry): void {
  const link = document.createElement("a");
  link.href = store.service.download(entry.path);
  link.download = entry.name;
  link.click();
}

function Tools({ store, folder }: { store: FileStore; folder: string }) {
  const field = useRef<HTMLInputElement>(null);
  const begin = (kind: FileKind) => (): void => {
    store.doing.value = { what: "create", kind, folder };
  };
  return (
    <div class="files-tools">
      <ToolButton icon={BookOpen} label="new notebook" onClick={begin("notebook")} />
      <ToolButton icon={FilePlus} label="new file" onClick={begin("file")} />
      <ToolButton icon={FolderPlus} label="new folder" onClick={begin("folder")} />
      <ToolButton icon={Upload} label="upload files, up to 100 MiB each" onClick={() => field.current?.click()} />
      <input
        ref={field}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          const { files } = event.currentTarget;
          void store.upload(folder, [...(files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}

function ToolButton({ icon, label, onClick }: { icon: typeof Upload; label: string; onClick: () => void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon icon={icon} size={16} />
    </button>
  );
}

function FileLine({ line, store, isCurrent }: { line: Line; store: FileStore; isCurrent: boolean }) {
  const { entry, level } = line;
  const isFolder = entry.kind === "folder";
  const isOpen = store.folders.value.open.has(entry.path);
  const place = useRef<HTMLDivElement>(null);
  const wasMade = useRef(isCurrent);
  useLayoutEffect(() => {
    if (isCurrent && !wasMade.current) place.current?.scrollIntoView({ block: "nearest" });
    wasMade.current = isCurrent;
  }, [isCurrent]);
  const icons = {
    folder: isOpen ? ChevronDown : ChevronRight,
    notebook: BookOpen,
    foreign: BookDashed,
    file: FileIcon,
  };
  return (
    <div
      ref={place}
      role="treeitem"
      class="files-line"
      data-path={entry.path}
      data-kind={entry.kind}
      aria-level={level}
      aria-selected={isCurrent}
      aria-label={entry.name}
      {...(isFolder ? { "aria-expanded": isOpen } : {})}
      tabIndex={isCurrent ? 0 : -1}
      style={{ paddingLeft: `${8 + (level - 1) * 16}px` }}
      onFocus={() => {
        store.current.value = entry.path;
      }}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest("button, [role=menu]") === null)
          openEntry(store, entry);
      }}
      onKeyDown={() => {}}
    >
      <Icon icon={icons[entry.kind]} size={15} />
      <span class="files-name">{entry.name}</span>
      <Menu
        label={`menu of ${entry.name}`}
        button={<Icon icon={Ellipsis} size={15} />}
        groups={() => menu(store, entry)}
      />
    </div>
  );
}

/** Scripts and plain markdown can be converted too, by those who ask for it. */
function isConvertible({ kind, name }: FileEntry): boolean {
  return kind === "foreign" || (kind === "file" && /\.(?:py|md|markdown|qmd|rmd)$/i.test(name));
}

function menu(store: FileStore, entry: FileEntry): readonly (readonly MenuItem[])[] {
  const { path, kind } = entry;
  const opening: MenuItem[] = [
    ...(kind === "notebook" ? [{ label: "Open in a new tab", action: () => openEntry(store, entry) }] : []),
    ...(isConvertible(entry) ? [{ label: "Convert to a notebook…", action: () => void store.offer(path) }] : []),
    ...(kind === "folder" ? [] : [{ label: "Download", action: () => download(store, entry) }]),
    { label: "Copy path", action: () => void navigator.clipboard.writeText(path) },
  ];
  const ask = (what: "rename" | "delete"): void => {
    store.doing.value = { what, path };
  };
  const changing: MenuItem[] = [
    { label: "Rename", keys: "F2", action: () => ask("rename") },
    { label: "Delete", keys: "Del", action: () => ask("delete") },
  ];
  return [opening, changing];
}
