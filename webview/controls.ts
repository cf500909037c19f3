/**
 * The toolkit's controls, and the only file that knows the toolkit: it is no longer maintained, so that one day these functions may be
 * made of something else. Its badge and tag are not used: they set `style` attributes, which the page's policy refuses.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
} from "@vscode/webview-ui-toolkit";
import { html, nothing, type TemplateResult } from "lit";

/** Registers the elements used below; to be called once, before the first template is drawn. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing());
}

export interface ButtonOptions {
  readonly label: string;
  readonly onClick: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** A name for code and tests to find the button by, unlike its label not for people. */
  readonly name?: string;
  readonly icon?: string;
}

export function button(options: ButtonOptions): TemplateResult {
  return html`<vscode-button
    appearance=${options.primary === true ? "primary" : "secondary"}
    data-name=${options.name ?? nothing}
    ?disabled=${options.disabled === true}
    @click=${options.onClick}
    >${options.label}${
      options.icon === undefined ? nothing : html`<span slot="start" class="codicon codicon-${options.icon}" aria-hidden="true"></span>`
    }</vscode-button
  >`;
}

export function checkbox(label: string, checked: boolean, disabled: boolean, onChange: (checked: boolean) => void): TemplateResult {
  return html`<vscode-checkbox
    .checked=${checked}
    ?disabled=${disabled}
    @change=${(event: Event) => {
      const now = event.currentTarget instanceof HTMLElement && "checked" in event.currentTarget && event.currentTarget.checked === true;
      if (now !== checked) onChange(now);
    }}
    >${label}</vscode-checkbox
  >`;
}

export function dropdown<V extends string>(
  label: string,
  value: V,
  choices: readonly { readonly value: V; readonly label: string }[],
  disabled: boolean,
  onChange: (value: V) => void,
): TemplateResult {
  return html`<label class="choice"
    ><span aria-hidden="true">${label}</span
    ><vscode-dropdown
      aria-label=${label}
      .value=${value}
      ?disabled=${disabled}
      @change=${(event: Event) => {
        const target = event.currentTarget;
        const chosen = choices.find((choice) => target instanceof HTMLElement && "value" in target && target.value === choice.value);
        if (chosen !== undefined && chosen.value !== value) onChange(chosen.value);
      }}
      >${choices.map(
        (choice) => html`<vscode-option value=${choice.value} ?selected=${choice.value === value}>${choice.label}</vscode-option>`,
      )}</vscode-dropdown
    ></label
  >`;
}

/** A turning ring; what it waits for is said beside it, in a live region. */
export function progressRing(): TemplateResult {
  return html`<vscode-progress-ring aria-hidden="true"></vscode-progress-ring>`;
}
