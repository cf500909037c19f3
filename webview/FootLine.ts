import { html, nothing, type TemplateResult } from "lit";
import type { SourceNote } from "../src/view/tables.ts";
import { noActions, type Actions } from "./Actions.ts";
import { Part } from "./Part.ts";
import { offerTemplate, stateIcon } from "./sourceNotes.ts";
import { icon, recordText } from "./text.ts";
import { cut, plainText } from "./visibleText.ts";

/** What is said of an event log whose place is not known. */
const logWords: Readonly<Record<SourceNote["state"], string>> = {
  found: "event log",
  empty: "event log is empty",
  absent: "no event log",
  unreadable: "event log cannot be read",
  outside: "event log outside the workspace",
  off: "event log not used",
};

/** The line below everything: how many rows, what is selected, the event log, the file's size. */
export class FootLine extends Part {
  static override properties = {
    rows: { attribute: false },
    path: { attribute: false },
    log: { attribute: false },
    dirty: { attribute: false },
    size: { attribute: false },
    actions: { attribute: false },
    noteShown: { state: true },
  };

  rows = "";
  /** Where the selected row stands; null for nowhere. */
  path: string | null = null;
  log: SourceNote | null = null;
  dirty = false;
  size = "";
  actions: Actions = noActions;
  private noteShown = false;

  protected override render(): TemplateResult {
    const { log, path } = this;
    return html`<footer class="foot" @keydown=${this.keyed} @focusout=${this.left}>
      <span>${this.rows}</span>
      ${log === null ? nothing : this.logTemplate(log)}
      ${path === null ? nothing : html`<span class="mono path">${recordText(cut(path, 200))}</span>`}
      <span class="spring"></span>
      ${this.dirty ? html`<span class="tone-warning">unsaved changes</span>` : nothing}
      <span>${this.size}</span>
    </footer>`;
  }

  private logTemplate(log: SourceNote): TemplateResult {
    return html`<button
        class="foot-log"
        aria-expanded=${String(this.noteShown)}
        aria-controls="log-note"
        title=${plainText(cut(log.note, 2000))}
        @click=${() => (this.noteShown = !this.noteShown)}
      >
        ${stateIcon(log)}<span class="path"
          >${log.path === null ? logWords[log.state] : html`event log: ${recordText(cut(log.path, 200))}`}</span
        >
      </button>
      <div id="log-note" class="foot-note" tabindex="-1" ?hidden=${!this.noteShown}>
        <p>${recordText(cut(log.note, 2000))}</p>
        ${offerTemplate(log, this.actions)}
        <button class="icon-button" title="Close" aria-label="Close" @click=${() => this.close()}>${icon("close")}</button>
      </div>`;
  }

  private close(): void {
    this.noteShown = false;
    this.querySelector<HTMLElement>(".foot-log")?.focus();
  }

  private readonly left = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && this.contains(event.relatedTarget))) this.noteShown = false;
  };

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.noteShown) return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  };
}

customElements.define("rr-foot", FootLine);
