/** What became of a cell's tests: how many, then those that failed with what is wrong, then the others on demand. */

import { counted, type Test, testsOf, WORDS } from "../notebook/tests.ts";
import type { CellId, Output } from "../protocol/generated.ts";
import { duration } from "../ui/clock.ts";
import { TextOutput } from "./text.tsx";
import { Exception } from "./traceback.tsx";

interface Properties {
  readonly output: Output;
  readonly cell: CellId;
  readonly onGoTo: (cell: CellId) => void;
}

export function TestsOutput({ output, ...shared }: Properties) {
  const tests = testsOf(output);
  if (tests === null) return <TextOutput text={output.text} />;
  const failed = tests.filter((test) => test.outcome === "failed");
  const others = tests.filter((test) => test.outcome !== "failed");
  const seconds = tests.reduce((sum, test) => sum + test.duration, 0);
  return (
    <section class="tests" aria-label="tests">
      <p class={failed.length > 0 ? "tests-count has-failed" : "tests-count"}>
        {counted(tests)}
        <span class="tests-time">{duration(seconds)}</span>
      </p>
      {failed.map((test, index) => (
        <details key={test.name} class="tests-failure" open={index === 0}>
          <summary>
            <code>{test.name}</code>
            <span class="tests-time">{duration(test.duration)}</span>
          </summary>
          <div class="tests-wrong">
            {test.traceback === null ? (
              <TextOutput text={test.text} />
            ) : (
              <Exception traceback={test.traceback} {...shared} />
            )}
          </div>
        </details>
      ))}
      {others.length > 0 && (
        <details class="tests-others">
          <summary>{failed.length > 0 ? counted(others) : "each of them"}</summary>
          <ul>
            {others.map((test) => (
              <Other key={test.name} test={test} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function Other({ test }: { test: Test }) {
  return (
    <li>
      <code>{test.name}</code>
      <span class={`tests-outcome is-${test.outcome}`}>
        {WORDS[test.outcome]}
        {test.text !== "" && `: ${test.text}`}
      </span>
      <span class="tests-time">{duration(test.duration)}</span>
    </li>
  );
}
