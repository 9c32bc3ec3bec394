/** One renderer per type: the only place that chooses between them. */

import { TESTS } from "../notebook/tests.ts";
import { TRACEBACK } from "../notebook/traceback.ts";
import type { CellId, Output } from "../protocol/generated.ts";
import { HtmlOutput } from "./html.tsx";
import { ImageOutput, isImage } from "./image.tsx";
import { MESSAGE, MessageOutput } from "./message.tsx";
import { TestsOutput } from "./tests.tsx";
import { TextOutput } from "./text.tsx";
import { TracebackOutput } from "./traceback.tsx";
import { TreeOutput } from "./tree.tsx";

interface Properties {
  readonly output: Output;
  readonly cell: CellId;
  readonly onGoTo: (cell: CellId) => void;
}

export function OutputView({ output, cell, onGoTo }: Properties) {
  if (output.mime === "text/html") return <HtmlOutput html={output.text} />;
  if (output.mime === "text/plain") return <TextOutput text={output.text} />;
  if (output.mime === "application/json") return <TreeOutput text={output.text} />;
  if (output.mime === TRACEBACK) return <TracebackOutput output={output} cell={cell} onGoTo={onGoTo} />;
  if (output.mime === TESTS) return <TestsOutput output={output} cell={cell} onGoTo={onGoTo} />;
  if (output.mime === MESSAGE) return <MessageOutput text={output.text} />;
  if (isImage(output.mime)) return <ImageOutput output={output} />;
  return (
    <MessageOutput
      text={JSON.stringify({
        title: `${output.mime} cannot be shown here`,
        body: "the value is there; show it as text or a figure instead",
      })}
    />
  );
}
