import { html, nothing, type TemplateResult } from "lit";
import { TEXT_SLICE_LIMIT } from "../src/protocol/page.ts";
import { formatBytes } from "../src/view/formatBytes.ts";
import type { LongText } from "../src/view/types.ts";
import { noActions, type Actions } from "./Actions.ts";
import { copyLimit } from "./fields.ts";
import { commonIndent, dropIndent, highlightJson, type HighlightState } from "./highlightJson.ts";
import { Part } from "./Part.ts";
import { icon, pieces } from "./text.ts";
import { wholeLength } from "./visibleText.ts";

/** Most UTF-16 units that one click puts on the screen. */
const showLimit = 250_000;
/** Longer slices are shown without colours: tens of thousands of spans cost more than they tell. */
const colourLimit = 50_000;

/** Text of any length: its head at once, more each time it is asked for. */
export class LongTextView extends Part {
  static override properties = {
    text: { attribute: false },
    rowId: { attribute: false },
    format: { attribute: false },
    label: { attribute: false },
    actions: { attribute: false },
    more: { state: true },
    busy: { state: true },
    fault: { state: true },
  };

  text: LongText = { head: "", length: 0, ref: null };
  /** The row in whose detail the text stands. */
  rowId = "";
  /** `json`: a value's own text in the file; `plain`: what a string says. */
  format: "plain" | "json" = "plain";
  label = "Text";
  actions: Actions = noActions;
  private more: readonly string[] = [];
  private busy = false;
  private fault: string | null = null;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get("text") as LongText | undefined;
    // The same row drawn again (an answer of the same revision) keeps what was unfolded.
    if (before === undefined || (before.ref === this.text.ref && before.head === this.text.head && before.length === this.text.length))
      return;
    this.more = [];
    this.busy = false;
    this.fault = null;
  }

  private get chunks(): readonly string[] {
    return [this.text.head.slice(0, wholeLength(this.text.head, showLimit)), ...this.more];
  }

  private get shown(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  protected override render(): TemplateResult {
    const left = Math.max(0, (this.text.ref === null ? this.text.head.length : this.text.length) - this.shown);
    return html`<div class="long-text">
      <pre class=${this.format === "plain" ? "" : "json"} tabindex="0" role="region" aria-label=${this.label}>
${this.chunkTemplates(left === 0)}</pre>
      <button class="icon-button copy" title="Copy ${this.label}" aria-label="Copy ${this.label}" @click=${() => void this.copy()}>
        ${icon("copy")}
      </button>
      ${
        left === 0
          ? nothing
          : html`<button class="link" data-name="show-more" ?disabled=${this.busy} @click=${() => void this.showMore()}>
              ${left <= showLimit ? `Show all (${formatBytes(this.text.length)})` : `Show ${formatBytes(showLimit)} more of ${formatBytes(this.text.length)}`}
            </button>`
      }
      ${this.fault === null ? nothing : html`<span class="tone-failure" role="alert">${this.fault}</span>`}
    </div>`;
  }

  private chunkTemplates(whole: boolean): TemplateResult[] {
    if (this.format === "plain") return this.chunks.map((chunk) => html`<span>${pieces(chunk)}</span>`);
    const indent = commonIndent(this.text.head, whole && this.more.length === 0);
    let state: HighlightState = "outside";
    return this.chunks.map((chunk) => {
      const text = dropIndent(chunk, indent);
      if (text.length > colourLimit) return html`<span>${pieces(text)}</span>`;
      const painted = highlightJson(text, state);
      state = painted.state;
      return html`<span
        >${painted.tokens.map((token) => (token.kind === "plain" ? pieces(token.text) : html`<span class="json-${token.kind}">${pieces(token.text)}</span>`))}</span
      >`;
    });
  }

  /** Fetches from `start` on, at most `most` units; null when the record changed meanwhile or the answer was a fault (which is shown). */
  private async fetch(start: number, most: number): Promise<string | null> {
    const { head, ref } = this.text;
    const length = ref === null ? head.length : this.text.length;
    const end = Math.min(length, start + most);
    let got = head.slice(start, end);
    if (ref === null) return end < length ? got.slice(0, halfless(got)) : got;
    while (start + got.length < end) {
      const reply = await this.actions.request({
        kind: "text",
        rowId: this.rowId,
        ref,
        format: this.format === "json" ? "json" : "string",
        start: start + got.length,
        length: Math.min(TEXT_SLICE_LIMIT, end - start - got.length),
      });
      if (this.text.ref !== ref || reply.kind === "stale") return null;
      if (reply.kind === "error") {
        this.fault = reply.error.message;
        return null;
      }
      // A slice begins at a whole character, so perhaps a little before what was asked for.
      const next = reply.value.text.slice(Math.max(0, start + got.length - reply.value.start));
      if (next === "") break;
      got += next;
    }
    // A pair of surrogates is not torn apart between two nodes: its first half waits for the next slice.
    return end < length ? got.slice(0, halfless(got)) : got;
  }

  private async showMore(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = null;
    const more = await this.fetch(this.shown, showLimit);
    this.busy = false;
    if (more !== null && more !== "") {
      this.more = [...this.more, more];
      this.actions.announce(`${formatBytes(this.shown)} of ${formatBytes(this.text.length)} shown`);
    }
  }

  private async copy(): Promise<void> {
    let text = this.chunks.join("").slice(0, copyLimit);
    if (text.length < Math.min(copyLimit, this.text.length)) {
      const rest = await this.fetch(text.length, copyLimit - text.length);
      if (rest === null) return;
      text += rest;
    }
    const cutShort = this.text.length > text.length;
    this.actions.post({
      kind: "copy",
      text: text.slice(0, wholeLength(text, copyLimit)),
      what: cutShort ? `the first ${formatBytes(text.length)} of ${this.label}` : this.label,
    });
  }
}

/** Length without a first half of a surrogate pair at the end. */
function halfless(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00 ? text.length - 1 : text.length;
}

customElements.define("rr-long-text", LongTextView);
