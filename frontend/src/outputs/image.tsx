/** Pictures. Vector graphics too are shown as an image, in which no script runs and nothing is fetched. */
import { useEffect, useMemo } from "preact/hooks";
import { isRecord } from "../notebook/traceback.ts";
import type { Output } from "../protocol/generated.ts";

const RASTER = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
export const SVG = "image/svg+xml";

export function isImage(mime: string): boolean {
  return RASTER.has(mime) || mime === SVG;
}

/** What the image is made of; null for a type that no image may have. Never markup for the page itself. */
export function imageParts(output: Output): { readonly type: string; readonly part: BlobPart } | null {
  if (output.mime === SVG) return { type: SVG, part: output.text };
  if (!RASTER.has(output.mime) || output.blob.length === 0) return null;
  return { type: output.mime, part: new Uint8Array(output.blob) };
}

export function ImageOutput({ output }: { output: Output }) {
  const url = useMemo(() => {
    const parts = imageParts(output);
    return parts === null ? null : URL.createObjectURL(new Blob([parts.part], { type: parts.type }));
  }, [output]);
  useEffect(() => {
    return () => {
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [url]);
  if (url === null) return <p class="output-message">the picture is empty</p>;
  return <img class="output-image" src={url} alt="figure" {...imageSize(output)} />;
}

/** The size to show a raster image at, so that nothing moves when it arrives; none when it was not given. */
export function imageSize(output: Output): { readonly width?: number; readonly height?: number } {
  if (output.mime === SVG || output.text === "") return {};
  try {
    const json: unknown = JSON.parse(output.text);
    if (isRecord(json) && isLength(json.width) && isLength(json.height))
      return { width: json.width, height: json.height };
  } catch {
    // An image without a size is shown at its own.
  }
  return {};
}

function isLength(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value < 100_000;
}
