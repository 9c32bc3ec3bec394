/** Which visit this tab is: what it calls itself, kept as long as the tab, so that a reload finds its session again. */

const KEY = "quire-tab";

/** 128 bits that nobody else can guess. */
export function tabName(storage: Pick<Storage, "getItem" | "setItem"> | null): string {
  const known = storage?.getItem(KEY) ?? "";
  if (/^[0-9a-f]{32}$/.test(known)) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const fresh = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  storage?.setItem(KEY, fresh);
  return fresh;
}

/** Some browsers forbid it, and say so by throwing. */
export function tabStorage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** The path of the visit's socket; `search` is the page's own query. */
export function visitPath(socket: string, tab: string, search: string): string {
  const given = new URLSearchParams({ tab, query: search.replace(/^\?/, "") });
  return `${socket}?${given.toString()}`;
}

/** The address says so from now on, and whoever copies it finds the same. */
export function showQuery(query: readonly (readonly string[])[]): void {
  const search = new URLSearchParams(query.map(([name = "", value = ""]) => [name, value])).toString();
  history.replaceState(null, "", search === "" ? location.pathname : `?${search}`);
}
