/** What the server wrote into the page for us. */

export interface Page {
  /** The path of the socket. */
  readonly socket: string;
  readonly base: string;
  readonly title: string;
  /** True when there is a home to go to. */
  readonly home: boolean;
  /** For the styles that the editor writes. */
  readonly nonce: string;
}

export function readPage(root: Document): Page {
  const block = root.getElementById("quire-page")?.textContent ?? "{}";
  const nonce = root.querySelector<HTMLMetaElement>('meta[name="quire-nonce"]')?.content ?? "";
  return pageOf(block, nonce);
}

export function pageOf(block: string, nonce: string): Page {
  const json: unknown = JSON.parse(block);
  const given = typeof json === "object" && json !== null ? { ...json } : {};
  const text = (name: string): string => {
    const value: unknown = Reflect.get(given, name);
    return typeof value === "string" ? value : "";
  };
  return {
    socket: text("socket"),
    base: text("base"),
    title: text("title"),
    home: Reflect.get(given, "home") === true,
    nonce,
  };
}

/** The same host as the page, encrypted when the page is. */
export function socketAddress(path: string, location: { readonly protocol: string; readonly host: string }): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${path}`;
}
