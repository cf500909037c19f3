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
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";

/** Registers the elements used below; to be called once, before the first template is drawn. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
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

export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

/** A dropdown whose options come and go while it is shown. `shown`: what is chosen, said in the closed control. */
export function filterDropdown(
  label: string,
  value: string,
  shown: string,
  options: readonly FilterOption[],
  onChange: (value: string) => void,
): TemplateResult {
  return html`<vscode-dropdown
    class="filter"
    aria-label=${value === "" ? shown : `${label}: ${shown}`}
    title=${label}
    .value=${value}
    @change=${(event: Event) => {
      const target = event.currentTarget;
      const chosen = options.find((option) => target instanceof HTMLElement && "value" in target && target.value === option.value);
      if (chosen !== undefined && chosen.value !== value) onChange(chosen.value);
    }}
    ><span slot="selected-value">${shown}</span>${repeat(
      options,
      (option) => option.value,
      (option) => html`<vscode-option value=${option.value} ?selected=${option.value === value}>${option.label}</vscode-option>`,
    )}</vscode-dropdown
  >`;
}

/** A field for words to find. Its accessible name is set late: the toolkit's own, "Text field", overwrites what stands in the template. */
export function searchField(label: string, value: string, onInput: (text: string) => void): TemplateResult {
  return html`<vscode-text-field
    class="search"
    type="text"
    placeholder=${label}
    ${ref((field) => queueMicrotask(() => field?.setAttribute("aria-label", label)))}
    .value=${live(value)}
    @input=${(event: Event) => {
      const target = event.currentTarget;
      if (target instanceof HTMLElement && "value" in target && typeof target.value === "string") onInput(target.value);
    }}
    ><span slot="start" class="codicon codicon-search" aria-hidden="true"></span
  ></vscode-text-field>`;
}

/** A turning ring; what it waits for is said beside it, in a live region. */
export function progressRing(): TemplateResult {
  return html`<vscode-progress-ring aria-hidden="true"></vscode-progress-ring>`;
}
