/** What became of a cell's tests, as the kernel sends it. Pure. */
import type { Output } from "../protocol/generated.ts";
import { isRecord, type Traceback, tracebackFrom, tracebackOf } from "./traceback.ts";

export const TESTS = "application/vnd.quire.tests+json";

/** In the order in which they are counted: what needs somebody comes first. */
export const OUTCOMES = ["failed", "xpassed", "passed", "skipped", "xfailed"] as const;
export type TestOutcome = (typeof OUTCOMES)[number];

/** In words that follow a number. */
export const WORDS: Readonly<Record<TestOutcome, string>> = {
  failed: "failed",
  xpassed: "passed unexpectedly",
  passed: "passed",
  skipped: "skipped",
  xfailed: "failed as expected",
};

export interface Test {
  readonly name: string;
  readonly outcome: TestOutcome;
  /** Seconds. */
  readonly duration: number;
  /** A reason, or what is wrong where there is no exception of the test's own. */
  readonly text: string;
  readonly traceback: Traceback | null;
}

/** Null when the output is no report, or one that cannot be read. */
export function testsOf(output: Output | null): readonly Test[] | null {
  if (output?.mime !== TESTS) return null;
  try {
    const json: unknown = JSON.parse(output.text);
    if (!isRecord(json) || !Array.isArray(json.tests)) return null;
    return json.tests.filter(isRecord).map(testFrom);
  } catch {
    return null;
  }
}

/** "1 failed, 3 passed". */
export function counted(tests: readonly Test[]): string {
  const counts = OUTCOMES.map((outcome) => [tests.filter((test) => test.outcome === outcome).length, outcome] as const);
  return counts
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${WORDS[outcome]}`)
    .join(", ");
}

/** What the output shows of exceptions: its own, or those of tests that failed. */
export function tracebacksIn(output: Output | null): readonly Traceback[] {
  const traceback = tracebackOf(output);
  if (traceback !== null) return [traceback];
  return (testsOf(output) ?? []).map((test) => test.traceback).filter((one) => one !== null);
}

function testFrom(json: Record<string, unknown>): Test {
  return {
    name: String(json.name ?? ""),
    outcome: OUTCOMES.find((outcome) => outcome === json.outcome) ?? "failed",
    duration: typeof json.duration === "number" ? json.duration : 0,
    text: String(json.text ?? ""),
    traceback: tracebackFrom(json.traceback, 0),
  };
}
