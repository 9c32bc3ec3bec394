/** What is known of a name, as a box of plain text: no markup of a docstring is ever markup here. */
import type { Documentation, Signature } from "../protocol/generated.ts";

export function documentationBox({ title, value, text }: Documentation): HTMLElement {
  const box = element("div", "code-docs");
  if (title !== "") box.append(element("div", "code-docs-title", title));
  if (value !== "") box.append(element("div", "code-docs-value", value));
  if (text !== "") box.append(element("div", "code-docs-text", text));
  return box;
}

/** The call, with the parameter that is being written in bold. */
export function signatureBox({ name, parameters, active, returns, text }: Signature): HTMLElement {
  const box = element("div", "code-docs");
  const call = element("div", "code-docs-title");
  call.append(`${name}(`);
  for (const [index, parameter] of parameters.entries()) {
    if (index > 0) call.append(", ");
    call.append(index === active ? element("b", "code-docs-active", parameter) : parameter);
  }
  call.append(returns === "" ? ")" : `) → ${returns}`);
  box.append(call);
  if (text !== "") box.append(element("div", "code-docs-text", text));
  return box;
}

/** Sentences, each with where it comes from. */
export function findingBox(findings: readonly (readonly string[])[]): HTMLElement {
  const box = element("div", "code-docs");
  for (const [message = "", rule = ""] of findings) {
    const line = element("div", "code-docs-finding", message.replaceAll("`", ""));
    line.append(element("span", "code-docs-rule", rule));
    box.append(line);
  }
  return box;
}

function element(name: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}
