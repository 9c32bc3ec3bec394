/** Numbers of bytes in words. Pure. */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `12 B`, `2.0 KiB`, `50 MiB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const count = bytes / 1024 ** step;
  return `${count.toFixed(count < 10 ? 1 : 0)} ${UNITS[step]}`;
}
