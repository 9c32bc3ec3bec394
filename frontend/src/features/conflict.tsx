/** The file changed on disk and here: both texts side by side, and the choice between them. Loaded when it happens. */
import "./conflict.css";
import { useMemo } from "preact/hooks";
import { differenceOf } from "../notebook/text.ts";

interface Properties {
  readonly page: string;
  readonly disk: string;
  readonly onKeep: (keep: "page" | "disk") => void;
}

export default function Conflict({ page, disk, onKeep }: Properties) {
  const sides = useMemo(() => comparedLines(page, disk), [page, disk]);
  return (
    <section class="conflict" role="alertdialog" aria-label="the file was changed in two places">
      <h2>The file was changed on disk and here</h2>
      <p>Saving has stopped, nothing is lost. Keep one of the two texts; the lines that differ are marked.</p>
      <div class="conflict-sides">
        <Side title="Here" lines={sides.page} label="keep mine" onKeep={() => onKeep("page")} />
        <Side title="On disk" lines={sides.disk} label="take the disk's" onKeep={() => onKeep("disk")} />
      </div>
    </section>
  );
}

interface ComparedLine {
  readonly text: string;
  readonly differs: boolean;
}

function Side(side: { title: string; lines: readonly ComparedLine[]; label: string; onKeep: () => void }) {
  const showDifference = (element: HTMLPreElement | null): void => {
    const mark = element?.querySelector<HTMLElement>("[data-differs=true]");
    if (element != null && mark != null) element.scrollTop = mark.offsetTop - element.offsetTop - 40;
  };
  return (
    <div class="conflict-side">
      <div class="conflict-head">
        <h3>{side.title}</h3>
        <button type="button" class="button" onClick={side.onKeep}>
          {side.label}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reachable by keyboard */}
      <pre ref={showDifference} tabIndex={0}>
        {side.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is where it is
          <span key={index} data-differs={line.differs}>
            {line.text === "" ? "\n" : `${line.text}\n`}
          </span>
        ))}
      </pre>
    </div>
  );
}

/** Both texts as lines, each marked when the other side reads differently there. */
function comparedLines(page: string, disk: string) {
  const hunks = differenceOf(page, disk);
  let shift = 0;
  const here: [number, number][] = [];
  const there: [number, number][] = [];
  for (const hunk of hunks) {
    here.push([hunk.from, hunk.to]);
    there.push([hunk.from + shift, hunk.from + shift + hunk.insert.length]);
    shift += hunk.insert.length - (hunk.to - hunk.from);
  }
  return { page: marked(page, here), disk: marked(disk, there) };
}

function marked(text: string, ranges: readonly (readonly [number, number])[]): readonly ComparedLine[] {
  let at = 0;
  return text.split("\n").map((line) => {
    const start = at;
    const end = at + line.length;
    at = end + 1;
    return { text: line, differs: ranges.some(([from, to]) => from <= end && to >= start) };
  });
}
