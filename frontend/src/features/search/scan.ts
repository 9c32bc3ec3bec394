/** The thread in which regular expressions are tried: one that goes astray can be ended, the page cannot. */
import { type Scan, type Scanned, stretchesOf } from "./matching.ts";

addEventListener("message", ({ data }: MessageEvent<Scan>) => {
  const found: Scanned = data.texts.map((text) => stretchesOf(text, data.pattern));
  postMessage(found);
});
