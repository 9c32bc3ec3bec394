/** What this browser remembers of how somebody likes the page; a browser that stores nothing forgets it with the page. */

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`quire-${name}`, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}

/** Null when nothing of this form is stored. */
export function remembered<T>(name: string, is: (value: unknown) => value is T): T | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`quire-${name}`) ?? "null");
    return is(value) ? value : null;
  } catch {
    return null;
  }
}

export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}
