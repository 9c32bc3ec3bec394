/** The dialog of settings: each change is seen behind it at once. */
import "./settings.css";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { useWorkbench } from "../../cells/context.ts";
import { CODE_SIZES, type Settings, type Values } from "../../cells/settings.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { withCode } from "../../ui/quoted.tsx";

type Choices<K extends keyof Values> = readonly (readonly [Values[K], string])[];

const THEMES: Choices<"theme"> = [
  ["light", "Light"],
  ["dark", "Dark"],
  ["system", "As the system"],
];
const WIDTHS: Choices<"width"> = [
  ["compact", "Compact"],
  ["medium", "Medium"],
  ["full", "Full"],
];
const KEYMAPS: Choices<"keymap"> = [
  ["default", "Usual"],
  ["vim", "Vim"],
];
const RUN_MODES: Choices<"onCellChange"> = [
  ["autorun", "By themselves"],
  ["lazy", "When asked for"],
];
const STEP = 0.5;

export default function SettingsDialog() {
  const { settings, surface } = useWorkbench();
  const trouble = settings.trouble.value;
  return (
    <Dialog
      label="settings"
      kind="settings"
      onClose={() => {
        surface.dialog.value = null;
      }}
    >
      <h2 class="settings-head">Settings</h2>
      <Choice settings={settings} what="theme" label="Theme" choices={THEMES} />
      <Choice settings={settings} what="width" label="Width of the page" choices={WIDTHS} />
      <CodeSize settings={settings} />
      <Choice settings={settings} what="keymap" label="Keys in code" choices={KEYMAPS} />
      <Choice settings={settings} what="onCellChange" label="Cells below a change run" choices={RUN_MODES} />
      <FormatOnSave settings={settings} />
      <p class="settings-trouble" role="alert">
        {trouble !== "" && withCode(`This page has it, but it was not written down: ${trouble}`)}
      </p>
      <p class="settings-note">
        {withCode(`Kept in \`${settings.file}\`, for all notebooks; what you wrote there beside them stays.`)}
      </p>
    </Dialog>
  );
}

interface Row<K extends keyof Values> {
  readonly settings: Settings;
  readonly what: K;
  readonly label: string;
}

function Choice<K extends keyof Values>({ settings, what, label, choices }: Row<K> & { choices: Choices<K> }) {
  const chosen = settings.values.value[what];
  const name = useId();
  return (
    <fieldset class="settings-row" disabled={settings.setBy(what) !== ""}>
      <legend class="settings-label">{label}</legend>
      <span class="settings-choices">
        {choices.map(([value, words]) => (
          <label key={words} class="settings-choice">
            <input
              type="radio"
              autofocus={value === chosen}
              name={name}
              checked={value === chosen}
              onChange={() => {
                void settings.change(what, value);
              }}
            />
            <span>{words}</span>
          </label>
        ))}
      </span>
      <SetBy settings={settings} what={what} />
    </fieldset>
  );
}

function CodeSize({ settings }: { settings: Settings }) {
  const { least, most } = CODE_SIZES;
  return (
    <fieldset class="settings-row" disabled={settings.setBy("codeSize") !== ""}>
      <legend class="settings-label">Size of code</legend>
      <label class="settings-size">
        <input
          class="input"
          type="number"
          aria-label="size of code in pixels"
          min={least}
          max={most}
          step={STEP}
          value={settings.values.value.codeSize}
          onInput={({ currentTarget: { valueAsNumber: size } }) => {
            // Half of a number is no choice yet.
            if (size >= least && size <= most) void settings.change("codeSize", size);
          }}
        />
        pixels
      </label>
      <SetBy settings={settings} what="codeSize" />
    </fieldset>
  );
}

function FormatOnSave({ settings }: { settings: Settings }) {
  const { registry } = useWorkbench();
  return (
    <fieldset class="settings-row" disabled={settings.setBy("formatOnSave") !== ""}>
      <legend class="settings-label">Saving with {registry.keysOf("global.save")}</legend>
      <label class="settings-check">
        <input
          type="checkbox"
          checked={settings.values.value.formatOnSave}
          onChange={({ currentTarget }) => {
            void settings.change("formatOnSave", currentTarget.checked);
          }}
        />
        formats all cells
      </label>
      <SetBy settings={settings} what="formatOnSave" />
    </fieldset>
  );
}

function SetBy({ settings, what }: Pick<Row<keyof Values>, "settings" | "what">): ComponentChildren {
  const who = settings.setBy(what);
  return who !== "" && <span class="settings-set-by">set by {who}</span>;
}
