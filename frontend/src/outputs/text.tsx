/** Plain text and terminal colours. */
import { hasAnsi, stretchesOf } from "./ansi.ts";

export function AnsiText({ text }: { text: string }) {
  if (!hasAnsi(text)) return <>{stretchesOf(text).map((stretch) => stretch.text)}</>;
  return (
    <>
      {stretchesOf(text).map((stretch, index) =>
        stretch.look === "" ? (
          stretch.text
        ) : (
          <span key={index} class={stretch.look}>
            {stretch.text}
          </span>
        ),
      )}
    </>
  );
}

export function TextOutput({ text }: { text: string }) {
  return (
    <pre class="output-text">
      <AnsiText text={text} />
    </pre>
  );
}
