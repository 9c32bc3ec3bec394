/** `<quire-frame>`: markup with scripts, in a frame on an origin of its own. It tells its height, and is told nothing. */

const NAME = "quire-frame";
const FRAME = /^[0-9a-f]{32}$/;
const LENGTH = /^\d{1,5}(?:\.\d+)?(?:px|%|em|rem|vh|vw)$/;
const SANDBOX = "allow-scripts allow-popups allow-forms allow-downloads";
const HIGHEST = 10_000;
const FIRST = 150;

/** The height as it was told: a number within bounds, or nothing. */
export function heightOf(message: unknown): number | null {
  if (typeof message !== "number" || !Number.isFinite(message) || message < 0) return null;
  return Math.min(HIGHEST, Math.ceil(message));
}

export function frameAddress(base: string, name: string | null): string | null {
  return name !== null && FRAME.test(name) ? `${base}/frame/${name}` : null;
}

/** A CSS length as markup may give it; nothing else gets into a style. */
export function lengthOf(given: string | null): string | null {
  return given !== null && LENGTH.test(given) ? given : null;
}

export function defineFrame(base: string): void {
  // So that a cell that is scrolled away and back does not move the page.
  const heights = new Map<string, number>();

  class QuireFrame extends HTMLElement {
    static readonly observedAttributes = ["name"];
    #frame: HTMLIFrameElement | null = null;
    readonly #listen = (event: MessageEvent<unknown>): void => {
      if (this.#frame === null || event.source !== this.#frame.contentWindow) return;
      const height = heightOf(event.data);
      if (height !== null) this.#rise(height);
    };

    connectedCallback(): void {
      addEventListener("message", this.#listen);
      this.#draw();
    }

    disconnectedCallback(): void {
      removeEventListener("message", this.#listen);
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#draw();
    }

    #draw(): void {
      const address = frameAddress(base, this.getAttribute("name"));
      if (address === null) {
        this.replaceChildren();
        this.#frame = null;
        return;
      }
      if (this.#frame?.getAttribute("src") === address) return;
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", SANDBOX);
      frame.title = "output in a frame";
      frame.src = address;
      frame.style.width = lengthOf(this.getAttribute("width")) ?? "100%";
      this.#frame = frame;
      this.#rise(heights.get(address) ?? FIRST);
      this.replaceChildren(frame);
    }

    #rise(height: number): void {
      if (this.#frame === null) return;
      heights.set(this.#frame.getAttribute("src") ?? "", height);
      this.#frame.style.height = lengthOf(this.getAttribute("height")) ?? `${height}px`;
    }
  }
  if (customElements.get(NAME) === undefined) customElements.define(NAME, QuireFrame);
}
