import { html, nothing, type TemplateResult } from "lit";
import type { UserError } from "../src/protocol/page.ts";
import { formatBytes } from "../src/view/formatBytes.ts";
import type { OpenedView } from "../src/view/types.ts";
import type { Actions } from "./Actions.ts";
import { button, progressRing } from "./controls.ts";
import type { Phase } from "./Opening.ts";
import { icon, recordText } from "./text.ts";
import { cut } from "./visibleText.ts";

/** What is shown before a record is there, or in its place; nothing while reading it takes no time. */
export function beforeTemplate(phase: Exclude<Phase, { kind: "opened" }>, actions: Actions): TemplateResult | typeof nothing {
  switch (phase.kind) {
    case "waiting":
      return nothing;
    case "loading":
      return phase.slow ? loadingTemplate(phase.fileName, phase.byteLength) : nothing;
    case "failed":
      return failedTemplate(phase.error, actions);
  }
}

/** The record is being read. */
function loadingTemplate(fileName: string, byteLength: number): TemplateResult {
  return html`<main class="state">
    ${progressRing()}
    <div role="status">
      <h1 class="plain">
        Reading ${recordText(cut(fileName, 200))}${byteLength > 0 ? html` <span class="dim">${formatBytes(byteLength)}</span>` : nothing}
      </h1>
    </div>
  </main>`;
}

/** The page's own script failed. */
export function scriptFaultTemplate(actions: Actions): TemplateResult {
  return html`<div class="notice severity-error" role="alert">
    ${icon("error")}
    <span>Something on this page failed; what it shows may be incomplete.</span>
    <button class="link" @click=${() => actions.post({ kind: "reload" })}>Reload</button>
    <button class="link" @click=${() => actions.post({ kind: "showLog" })}>Show Log</button>
  </div>`;
}

/** The record could not be read at all. */
function failedTemplate(error: UserError, actions: Actions): TemplateResult {
  return html`<main class="state">
    ${icon("error", "state-icon severity-error")}
    <h1>This file cannot be shown</h1>
    <p role="alert">${recordText(cut(error.message, 2000))}</p>
    <div class="state-buttons">
      ${button({ label: "Reload", primary: true, name: "reload", onClick: () => actions.post({ kind: "reload" }) })}
      ${button({ label: "Show Log", name: "show-log", onClick: () => actions.post({ kind: "showLog" }) })}
    </div>
  </main>`;
}

/** A file that is no run record: not JSON, empty, or JSON of another sort. */
export function noRecordTemplate(view: OpenedView, actions: Actions): TemplateResult {
  const titles: Readonly<Record<OpenedView["state"], string>> = {
    record: "No run record",
    broken: "No run record",
    otherJson: "JSON, but no run record",
    notJson: "Not JSON",
    empty: "The file is empty",
  };
  return html`<main class="state">
    ${icon(view.state === "otherJson" ? "json" : "file", "state-icon dim")}
    <h1>${titles[view.state]}</h1>
    <p>${recordText(cut(view.notice ?? "There is nothing here to show as a run.", 2000))}</p>
    <p class="dim">${recordText(cut(view.fileName, 200))} · ${formatBytes(view.byteLength)}</p>
    <div class="state-buttons">
      ${button({
        label: "Open as Text",
        primary: true,
        name: "open-as-text",
        onClick: () => actions.post({ kind: "openAsText", offset: view.breakOffset }),
      })}
    </div>
  </main>`;
}

/** The text breaks off somewhere; what stands before it is shown. */
export function brokenTemplate(view: OpenedView, actions: Actions): TemplateResult | typeof nothing {
  const { breakOffset, notice, state } = view;
  if (state === "record" && notice === null) return nothing;
  return html`<div class="notice severity-${state === "broken" ? "error" : "info"}" role="status">
    ${icon(state === "broken" ? "error" : "info")}<span>${recordText(cut(notice ?? "The text of this file is broken.", 2000))}</span>
    ${
      breakOffset === null
        ? nothing
        : html`<button class="link" data-name="go-to-break" @click=${() => actions.post({ kind: "openAsText", offset: breakOffset })}>
            Go to the break in the text
          </button>`
    }
  </div>`;
}

/** A record in which nothing happened. */
export function noRowsTemplate(): TemplateResult {
  return html`<div class="state">
    ${icon("inbox", "state-icon dim")}
    <p>This run has no stages yet.</p>
  </div>`;
}
