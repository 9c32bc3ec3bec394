/** The documentation's page of keys is made from the table of actions: `vitest run -u` writes it. */
import { expect, test } from "vitest";
import { GROUPS } from "../cells/registry.ts";
import { cellActions } from "../cells/table.ts";
import { keyLabel } from "../ui/keys.ts";
import { notebookActions } from "./table.ts";

const INTRODUCTION = `# Keyboard

Everything can be done by keyboard. Ctrl is Cmd on Apple's machines.

There are two places to be. In a cell's **code**, keys type; Escape leads to the **cell as a whole**, where single letters and arrows work: up and down go from cell to cell, with Shift they select several, Enter leads into the code. Ctrl+K finds every action by its name.

In the code: Ctrl+Space completes, Ctrl+Shift+Space shows the parameters of a call, Ctrl+/ makes a comment, Ctrl+D selects the next occurrence, Alt and a click sets another caret, Tab and Shift+Tab indent.

## Other keys

In \`quire.toml\` in your configuration directory (\`~/.config/quire\`), or under \`[tool.quire]\` in a project's \`pyproject.toml\` ([Configuration](configuration.md) has the rest):

\`\`\`toml
[keymap]
preset = "default"  # or "vim"

[keymap.overrides]
"cell.run" = "Mod-Enter"
"global.runAll" = "Mod-Shift-a"
\`\`\`

\`Mod\` is Ctrl, or Cmd on Apple's machines. The names of the actions stand below.
`;

function labels(keys: readonly string[] = []): string {
  return keys.map((key) => `\`${keyLabel(key, false)}\``).join(", ");
}

function page(): string {
  const actions = [...cellActions, ...notebookActions];
  const tables = GROUPS.map((group) => {
    const lines = actions
      .filter((action) => action.group === group)
      .map(
        ({ label, keys, commandKeys, name }) => `| ${label} | ${labels(keys)} | ${labels(commandKeys)} | \`${name}\` |`,
      );
    if (lines.length === 0) return "";
    return `\n## ${group}\n\n| action | key | with the cell as a whole | name |\n| --- | --- | --- | --- |\n${lines.join("\n")}\n`;
  });
  return INTRODUCTION + tables.join("");
}

test("the page of keys says what the keys do", async () => {
  await expect(page()).toMatchFileSnapshot("../../../docs/keyboard.md");
});
