/** The time, for what counts seconds; stands still as long as nobody asks for it to run. */
import { signal } from "@preact/signals";

const TICK_MS = 100;

export const now = signal(0);

let timer: ReturnType<typeof setInterval> | undefined;

export function runClock(runs: boolean): void {
  if (runs && timer === undefined) {
    timer = setInterval(() => {
      now.value = Date.now();
    }, TICK_MS);
  } else if (!runs) {
    clearInterval(timer);
    timer = undefined;
  }
}

/** `0.4 ms`, `12 ms`, `3.2 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(seconds: number): string {
  if (seconds < 0.001) return `${Math.max(0.1, seconds * 1000).toFixed(1)} ms`;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** While it runs, from the first tenth of a second on. */
export function elapsed(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

/** `14:03:27`, or with its day when that is another: `23 Nov, 14:03`. Of a time in seconds, seen at one in milliseconds. */
export function clockTime(seconds: number, seenAt: number): string {
  const then = new Date(seconds * 1000);
  const time = then.toLocaleTimeString("en-GB");
  if (then.toDateString() === new Date(seenAt).toDateString()) return time;
  return `${then.toLocaleDateString("en-GB", { day: "numeric", month: "short" })}, ${time.slice(0, 5)}`;
}
