/** Pictures. Vector graphics too are shown as an image, in which no script runs and nothing is fetched. */
import { useEffect, useMemo } from "preact/hooks";
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
  return <img class="output-image" src={url} alt={output.mime === SVG ? "figure" : output.text || "figure"} />;
}
