import { html, nothing, type TemplateResult } from "lit";
import type { SourceNote } from "../src/view/tables.ts";
import type { Actions } from "./Actions.ts";
import { sourceLooks } from "./looks.ts";
import { icon, recordText } from "./text.ts";
import { cut, plainText } from "./visibleText.ts";

/** Longest note on the screen, and longest list of what could not be read. */
const noteLimit = 2000;
const faultLimit = 200;

/** Where the rows of a table come from, a line each; what is not there says why, and what can be done. */
export function sourcesTemplate(sources: readonly SourceNote[], actions: Actions): TemplateResult | typeof nothing {
  if (sources.length === 0) return nothing;
  return html`<ul class="sources" aria-label="Sources">
    ${sources.map(
      (source) =>
        html`<li class="source source-${source.state}">
          ${stateIcon(source)}
          <span class="source-text" title=${source.state === "found" ? plainText(cut(source.note, noteLimit)) : nothing}
            ><b>${recordText(cut(source.what, 80))}</b>${
              source.path === null ? nothing : html` <span class="mono">${recordText(cut(source.path, 300))}</span>`
            } <span class="source-note">${recordText(cut(source.note, noteLimit))}</span></span
          >
          ${offerTemplate(source, actions)}
        </li>`,
    )}
  </ul>`;
}

/** The state of a source: a shape and a colour, and a word for those who hear it. */
export function stateIcon(source: SourceNote): TemplateResult {
  const looks = sourceLooks[source.state];
  return html`<span class="source-state tone-${looks.tone}" title=${looks.word}
    >${icon(looks.icon)}<span class="sr">${looks.word}:</span></span
  >`;
}

export function offerTemplate(source: SourceNote, actions: Actions): TemplateResult | typeof nothing {
  switch (source.offer) {
    case "allowLog":
      return html`<button class="link" data-name="allow-log" @click=${() => actions.post({ kind: "allowLog" })}>Allow…</button>`;
    case "logSettings":
      return html`<button class="link" data-name="log-settings" @click=${() => actions.post({ kind: "logSettings" })}>Settings…</button>`;
    case null:
      return nothing;
  }
}

/** What could not be read: one thing as a line, several as a list to open. */
export function faultsTemplate(faults: readonly string[]): TemplateResult | typeof nothing {
  const [first] = faults;
  if (first === undefined) return nothing;
  const text = (fault: string): TemplateResult => recordText(cut(fault, noteLimit));
  if (faults.length === 1) return html`<p class="faults tone-warning">${icon("warning")}<span>${text(first)}</span></p>`;
  return html`<details class="faults">
    <summary class="tone-warning">
      ${icon("chevron-right")}${icon("warning")}<span>${faults.length.toLocaleString()} things could not be read</span>
    </summary>
    <ul>
      ${faults.slice(0, faultLimit).map((fault) => html`<li>${text(fault)}</li>`)}
      ${faults.length > faultLimit ? html`<li class="dim">and ${(faults.length - faultLimit).toLocaleString()} more</li>` : nothing}
    </ul>
  </details>`;
}
