/** The file changed on disk and here: both texts side by side, and the choice between them. Loaded when it happens. */
import "./conflict.css";
import { useMemo } from "preact/hooks";
import { type ComparedLine, comparedLines } from "./compare.ts";

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
          <span key={index} data-differs={line.differs}>
            {line.text === "" ? "\n" : `${line.text}\n`}
          </span>
        ))}
      </pre>
    </div>
  );
}
