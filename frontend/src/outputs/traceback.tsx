/** An exception for people: what went wrong, then the user's own lines; frames of libraries are folded. */

import { type Frame, type Traceback, tracebackOf } from "../notebook/traceback.ts";
import type { CellId, Output } from "../protocol/generated.ts";
import { withCode } from "../ui/quoted.tsx";
import { AnsiText, TextOutput } from "./text.tsx";

interface Properties {
  readonly output: Output;
  /** The cell that shows it. */
  readonly cell: CellId;
  readonly onGoTo: (cell: CellId) => void;
}

export function TracebackOutput({ output, ...shared }: Properties) {
  const traceback = tracebackOf(output);
  if (traceback === null) return <TextOutput text={output.text} />;
  return (
    <section class="traceback" aria-label="error">
      <Exception traceback={traceback} {...shared} />
    </section>
  );
}

type Shared = Omit<Properties, "output">;

/** What reached the cell is on top; what it came from follows. */
export function Exception({ traceback, ...shared }: { traceback: Traceback } & Shared) {
  return (
    <>
      <p class="traceback-error">
        <code>{traceback.error}</code>
        {traceback.message !== "" && (
          <span class="traceback-message">
            <AnsiText text={traceback.message} />
          </span>
        )}
      </p>
      {traceback.note !== "" && <p class="traceback-note">{withCode(traceback.note)}</p>}
      {grouped(traceback.frames).map((group, index) =>
        group.own ? (
          <Frames key={index} frames={group.frames} {...shared} />
        ) : (
          <details key={index} class="traceback-folded">
            <summary>
              {group.frames.length === 1 ? "1 call" : `${group.frames.length} calls`} inside {librariesOf(group.frames)}
            </summary>
            <Frames frames={group.frames} {...shared} />
          </details>
        ),
      )}
      {traceback.members.map((member, index) => (
        <div key={index} class="traceback-cause">
          <Exception traceback={member} {...shared} />
        </div>
      ))}
      {traceback.missing > 0 && <p class="traceback-note">and {traceback.missing} more that are not shown</p>}
      {traceback.cause !== null && (
        <div class="traceback-cause">
          <p class="traceback-note">{traceback.explicit ? "caused by" : "raised while this was handled"}</p>
          <Exception traceback={traceback.cause} {...shared} />
        </div>
      )}
    </>
  );
}

function Frames({ frames, cell, onGoTo }: { frames: readonly Frame[] } & Shared) {
  return (
    <ol class="traceback-frames">
      {frames.map((frame, index) => (
        <li key={index}>
          <span class="traceback-place">
            <Place frame={frame} cell={cell} onGoTo={onGoTo} />
          </span>
          {frame.source !== "" && <code class="traceback-source">{frame.source.trim()}</code>}
        </li>
      ))}
    </ol>
  );
}

function Place({ frame, cell, onGoTo }: { frame: Frame } & Shared) {
  const target = frame.cell;
  if (target === null) {
    const place = frame.file === "" ? "" : `${shortPath(frame.file)}, line ${frame.line}`;
    return <span title={frame.file}>{[frame.name, place].filter((part) => part !== "").join(" · ")}</span>;
  }
  const where = target === cell ? "this cell" : "another cell";
  const name = frame.name === "" || frame.name === "_" ? where : frame.name;
  return (
    <button type="button" class="link" onClick={() => onGoTo(target)}>
      {name}, line {frame.line}
    </button>
  );
}

export interface FrameGroup {
  readonly own: boolean;
  readonly frames: readonly Frame[];
}

/** Neighbouring frames of one side together, in the order of the calls. */
export function grouped(frames: readonly Frame[]): readonly FrameGroup[] {
  const groups: { own: boolean; frames: Frame[] }[] = [];
  for (const frame of frames) {
    const last = groups.at(-1);
    if (last !== undefined && last.own === frame.own) last.frames.push(frame);
    else groups.push({ own: frame.own, frames: [frame] });
  }
  return groups;
}

/** The package names in the paths, for "3 calls inside polars". */
export function librariesOf(frames: readonly Frame[]): string {
  const names = frames.map((frame) => {
    const path = frame.file.replaceAll("\\", "/");
    const packaged = /(?:site|dist)-packages\/([^/]+)/.exec(path) ?? /python3?[.\d]*\/([^/]+)/.exec(path);
    return (packaged?.[1] ?? path.split("/").at(-1) ?? "").replace(/\.py$/, "");
  });
  return [...new Set(names)].filter((name) => name !== "").join(", ") || "libraries";
}

function shortPath(file: string): string {
  return file.replaceAll("\\", "/").split("/").slice(-2).join("/");
}
