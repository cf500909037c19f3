import { html, nothing, type TemplateResult } from "lit";
import type { OpenRequest } from "../src/view/tables.ts";
import type { FailureView, TriggerView } from "../src/view/types.ts";
import type { Actions } from "./Actions.ts";
import { formatTimeNear, timeHint } from "./formatTime.ts";
import { icon, recordText } from "./text.ts";
import { cut, plainText } from "./visibleText.ts";

/** Requests shown one by one; more are counted. */
const requestLimit = 2;

/** What set the run going, for the second line of the head. Times of the day `dayOf` (milliseconds since 1970) have no date. */
export function triggerTemplate(trigger: TriggerView | null, dayOf: number | null, actions: Actions): TemplateResult | typeof nothing {
  if (trigger === null) return nothing;
  const { provider, kind, signature, received, traceId, replayOf } = trigger;
  const named = [provider, kind].filter((text) => text !== "");
  return html`${
    named.length === 0 && trigger.eventId === ""
      ? nothing
      : html`<span class="trigger pair" title=${triggerHint(trigger)}
          >${icon("zap")}<span class="trigger-text">${recordText(cut(named.length === 0 ? "trigger" : named.join(" · "), 160))}</span
          >${signatureTemplate(signature)}${
            trigger.eventId === "" ? nothing : copyButton("Copy event id", trigger.eventId, "Event id", actions)
          }${trigger.dedupeKey === "" ? nothing : copyButton("Copy dedupe key", trigger.dedupeKey, "Dedupe key", actions, "key")}</span
        >`
  }${received === null ? nothing : html`<span title=${plainText(cut(timeHint(received), 600))}>received ${recordText(cut(formatTimeNear(received, dayOf), 80))}</span>`}${
    traceId === null || traceId === ""
      ? nothing
      : html`<span class="pair" title=${plainText(cut(traceId, 300))}
          >trace
          <span class="mono after-word">${recordText(cut(traceId, 8))}</span
          >${copyButton("Copy trace id", traceId, "Trace id", actions)}</span
        >`
  }${
    replayOf === null || replayOf === ""
      ? nothing
      : html`<span class="pair" title=${plainText(cut(replayOf, 300))}
          >replay of
          <span class="mono after-word">${recordText(cut(replayOf, 24))}</span
          >${copyButton("Copy replayed event id", replayOf, "Replayed event id", actions)}</span
        >`
  }`;
}

function triggerHint(trigger: TriggerView): string {
  const lines = [
    `event ${trigger.eventId === "" ? "–" : trigger.eventId}`,
    `dedupe key ${trigger.dedupeKey === "" ? "–" : trigger.dedupeKey}`,
  ];
  return plainText(cut(lines.join("\n"), 600));
}

function signatureTemplate(signature: string | null): TemplateResult | typeof nothing {
  if (signature === null) return nothing;
  const text = html`<span>signature ${recordText(cut(signature, 40))}</span>`;
  if (signature === "verified") return html`<span class="signature tone-success">${icon("verified")}${text}</span>`;
  if (signature === "failed") return html`<span class="signature tone-failure">${icon("error")}${text}</span>`;
  return html`<span class="signature">${text}</span>`;
}

function copyButton(label: string, text: string, what: string, actions: Actions, glyph = "copy"): TemplateResult {
  return html`<button class="icon-button" title=${label} aria-label=${label} @click=${() => actions.post({ kind: "copy", text, what })}>
    ${icon(glyph)}
  </button>`;
}

/** A trigger that the runtime would not recognise: says why, and leads to the place. */
export function triggerFaultTemplate(trigger: TriggerView | null, actions: Actions): TemplateResult | typeof nothing {
  if (trigger === null || trigger.fault === null) return nothing;
  const { fault, offset } = trigger;
  return html`<div class="notice severity-warning" role="status">
    ${icon("warning")}<span>${recordText(cut(fault, 2000))}</span>
    ${
      offset === null
        ? nothing
        : html`<button class="link" data-name="go-to-trigger" @click=${() => actions.post({ kind: "openAsText", offset })}>
            Show in the text
          </button>`
    }
  </div>`;
}

/** Where the run went wrong first, with a way there. A run that ended well all the same is only warned of. */
export function failureTemplate(failure: FailureView | null, actions: Actions): TemplateResult | typeof nothing {
  if (failure === null) return nothing;
  const { stage, error, more, runFailed, rowId } = failure;
  const others = more === 0 ? "" : ` · ${more.toLocaleString()} more ${more === 1 ? "stage" : "stages"} failed`;
  return html`<div class="notice severity-${runFailed ? "error" : "warning"} one-line">
    ${icon(runFailed ? "error" : "warning")}
    <span title=${plainText(cut(error, 1000))}
      ><b>${recordText(cut(stage, 120))}</b> failed${error === "" ? nothing : html` — ${recordText(cut(error, 300))}`}<span class="dim"
        >${others}</span
      ></span
    >
    <button class="link" data-name="go-to-failure" @click=${() => actions.goToRow(rowId)}>Go to stage</button>
  </div>`;
}

/** The human requests nobody answered yet. */
export function openRequestsTemplate(
  requests: readonly OpenRequest[],
  dayOf: number | null,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (requests.length === 0) return nothing;
  const more = requests.length - requestLimit;
  return html`<section class="open-requests" aria-label="Open requests">
    ${requests.slice(0, requestLimit).map((request, at) => {
      const shownHere = at === requestLimit - 1 && more > 0;
      const asked = request.asked === null ? "" : `, since ${formatTimeNear(request.asked, dayOf)}`;
      return html`<div class="notice severity-warning one-line">
        ${icon("bell")}
        <span title=${requestHint(request)}
          >Waits for
          <b>${recordText(cut(awaited(request.kind), 80))}</b
          >${request.prompt === "" ? nothing : html` — “${recordText(cut(request.prompt, 300))}”`}<span class="dim"
            >${request.askedBy === "" ? nothing : html` asked by ${recordText(cut(request.askedBy, 80))}`}${recordText(cut(asked, 90))}</span
          ></span
        >
        ${shownHere ? html`<span class="dim and-more">and ${more.toLocaleString()} more</span>` : nothing}
        <button class="link" data-name="go-to-question" @click=${() => actions.goToTableRow("questions", request.rowId)}>
          Go to question
        </button>
      </div>`;
    })}
  </section>`;
}

/** What is waited for; kinds with no entry say it themselves ("approval 1 of 2", "dual control"). */
const awaitedWords: ReadonlyMap<string, string> = new Map([
  ["question", "an answer"],
  ["escalation", "an escalation to be accepted"],
]);

function awaited(kind: string): string {
  return awaitedWords.get(kind) ?? kind;
}

/** What the line may have no room for. */
function requestHint({ prompt, asked }: OpenRequest): string {
  return plainText(cut(prompt, 1000)) + (asked === null ? "" : `\n${plainText(cut(timeHint(asked), 600))}`);
}
