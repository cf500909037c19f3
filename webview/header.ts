import { html, nothing, type TemplateResult } from "lit";
import { formatBytes } from "../src/view/formatBytes.ts";
import { formatCost } from "../src/view/formatCost.ts";
import { formatDuration } from "../src/view/formatDuration.ts";
import { formatTokens } from "../src/view/formatTokens.ts";
import type { OpenedView, RunHeader } from "../src/view/types.ts";
import type { Actions } from "./Actions.ts";
import { formatTime, timeHint } from "./formatTime.ts";
import { severityLooks, toneIcons } from "./looks.ts";
import { triggerTemplate } from "./runNotices.ts";
import { icon, recordText } from "./text.ts";
import { cut, plainText } from "./visibleText.ts";

/** What the run was, how it ended, how long it took and what it cost. */
export function headerTemplate(view: OpenedView, actions: Actions): TemplateResult {
  const { header } = view;
  if (header === null) {
    return html`<header class="run">
      <div class="run-line">
        <h1>${recordText(view.fileName)}</h1>
        <span class="dim">${formatBytes(view.byteLength)}</span>
      </div>
    </header>`;
  }
  return html`<header class="run">
    <div class="run-line">
      <h1 title=${plainText(cut(header.workflowId, 300))}>${recordText(cut(header.title, 300))}</h1>
      <span class="pill tone-${header.status.tone}">${icon(toneIcons[header.status.tone])}${recordText(cut(header.status.text, 80))}</span>
      ${laterPill(header)} ${problemsPill(view, actions)}
      <div class="facts">${facts(header)}</div>
    </div>
    <div class="run-line small">
      <span class="pair"
        ><span class="mono" title="Run id">${recordText(cut(header.runId, 120))}</span
        ><button
          class="icon-button"
          title="Copy run id"
          aria-label="Copy run id"
          @click=${() => actions.post({ kind: "copy", text: header.runId, what: "Run id" })}
        >
          ${icon("copy")}
        </button></span
      >
      ${
        header.started === null
          ? nothing
          : html`<span title=${plainText(cut(timeHint(header.started), 600))}
              >started ${recordText(cut(formatTime(header.started), 80))}</span
            >`
      }
      ${runLink("parent", header.parentRunId, actions)}
      ${header.rootRunId === header.runId ? nothing : runLink("root", header.rootRunId, actions)}
      ${triggerTemplate(header.trigger, header.started?.epochMs ?? null, actions)}
      ${header.task === "" ? nothing : html`<span class="task" title=${plainText(cut(header.task, 2000))}>${recordText(cut(header.task, 600))}</span>`}
    </div>
  </header>`;
}

function laterPill(header: RunHeader): TemplateResult | typeof nothing {
  if (header.shape !== "later") return nothing;
  return html`<span
    class="pill tone-running"
    title="The fields of this record are those of a later runtime version. What it derived is shown as stored."
    >${icon("versions")}later version’s shape</span
  >`;
}

function problemsPill(view: OpenedView, actions: Actions): TemplateResult | typeof nothing {
  if (view.problemCount === 0) return nothing;
  const severity = view.worstProblem ?? "info";
  return html`<button class="pill severity-${severity}" title="Show the problems of this file" @click=${() => actions.showProblems()}>
    ${icon(severityLooks[severity].icon)}${view.problemCount} ${view.problemCount === 1 ? "problem" : "problems"}
  </button>`;
}

function facts(header: RunHeader): TemplateResult[] {
  const tokens = header.tokensIn === null && header.tokensOut === null ? null : (header.tokensIn ?? 0) + (header.tokensOut ?? 0);
  const cost = header.cost;
  const all: TemplateResult[] = [
    fact(header.durationMs === null ? "–" : formatDuration(header.durationMs), "total", durationHint(header)),
    fact(
      tokens === null ? "–" : formatTokens(tokens),
      "tokens",
      tokens === null
        ? "No model usage is recorded"
        : `${(header.tokensIn ?? 0).toLocaleString()} in, ${(header.tokensOut ?? 0).toLocaleString()} out`,
    ),
    fact(
      cost === null ? "–" : formatCost(cost.usd, cost.atLeast),
      cost?.atLeast === true ? "known cost" : "cost",
      cost === null ? "No cost is recorded" : cost.atLeast ? "Some model calls have no known price" : `US$ ${cost.usd}`,
    ),
    fact(
      header.modelCalls === null ? "–" : header.modelCalls.toLocaleString(),
      header.modelCalls === 1 ? "model call" : "model calls",
      "Calls of language models in this run",
    ),
  ];
  if (header.childRuns > 0) {
    all.push(fact(header.childRuns.toLocaleString(), header.childRuns === 1 ? "child run" : "child runs", "Runs this run delegated to"));
  }
  return all;
}

function durationHint(header: RunHeader): string {
  if (header.durationMs === null) return "The record has no end, or no time that can be read";
  return header.finished === null ? "Until the record was last written" : `Finished ${plainText(cut(formatTime(header.finished), 80))}`;
}

function fact(value: string, word: string, hint: string): TemplateResult {
  return html`<span class="fact" title=${hint}><b>${value}</b> ${word}</span>`;
}

function runLink(word: string, runId: string | null, actions: Actions): TemplateResult | typeof nothing {
  if (runId === null || runId === "") return nothing;
  return html`<span
    >${word}
    <button class="link mono" title="Open the ${word} run’s record" @click=${() => actions.post({ kind: "openRun", runId })}>
      ${recordText(cut(runId, 60))}
    </button></span
  >`;
}
