import { html, nothing, type TemplateResult } from "lit";
import { formatCost } from "../src/view/formatCost.ts";
import { formatDuration } from "../src/view/formatDuration.ts";
import { formatTokens } from "../src/view/formatTokens.ts";
import type { RowWindow, TreeRow } from "../src/view/types.ts";
import { kindLooks, toneIcons } from "./looks.ts";
import { setStyle } from "./setStyle.ts";
import { icon, recordText } from "./text.ts";
import { axisMark } from "./timeAxis.ts";
import { cut, plainText } from "./visibleText.ts";

/** Longest label put on the screen; the detail pane has the whole. */
const labelLimit = 300;
/** Deeper levels are indented no further; their level is still told to assistive technology. */
const deepestIndent = 12;

export interface RowPlace {
  readonly index: number;
  /** Pixels from the top of the scrolled box. */
  readonly top: number;
  readonly active: boolean;
}

/** One row of the tree-grid. */
export function treeRowTemplate(row: TreeRow, place: RowPlace, axis: RowWindow["axis"]): TemplateResult {
  return html`<div
    role="row"
    class="row ${place.active ? "active" : ""}"
    data-index=${place.index}
    data-row-id=${row.id}
    tabindex=${place.active ? 0 : -1}
    aria-rowindex=${place.index + 2}
    aria-level=${row.level}
    aria-posinset=${row.posInSet}
    aria-setsize=${row.setSize}
    aria-expanded=${row.expandable ? String(row.expanded) : nothing}
    aria-selected=${String(place.active)}
    ${setStyle({ top: `${place.top}px`, "--level": String(Math.min(row.level - 1, deepestIndent)) })}
  >
    <div role="gridcell" class="cell name">
      <span class="twistie codicon ${twistie(row)}" data-twistie aria-hidden="true"></span>
      <span
        class="kind kind-${row.kind} codicon codicon-${kindLooks[row.kind].icon}"
        role="img"
        aria-label=${kindLooks[row.kind].word}
      ></span>
      <span class="label" title=${plainText(cut(row.label, 1000))}>${recordText(cut(row.label, labelLimit))}</span>
      ${row.note === "" ? nothing : html`<span class="note">${recordText(cut(row.note, labelLimit))}</span>`}
      ${
        row.problems === 0
          ? nothing
          : html`<span
              class="row-problems codicon codicon-warning"
              role="img"
              aria-label=${row.problems === 1 ? "1 problem" : `${row.problems} problems`}
              title=${row.problems === 1 ? "1 problem in this part of the file" : `${row.problems} problems in this part of the file`}
            ></span>`
      }
    </div>
    <div role="gridcell" class="cell status">
      ${
        row.status === null
          ? nothing
          : html`<span class="tone-${row.status.tone}" title=${plainText(cut(row.status.text, 200))}
              >${icon(toneIcons[row.status.tone])}<span>${recordText(cut(row.status.text, 80))}</span></span
            >`
      }
    </div>
    <div role="gridcell" class="cell number tokens">${row.tokens === null ? nothing : formatTokens(row.tokens)}</div>
    <div role="gridcell" class="cell number cost">${row.cost === null ? nothing : formatCost(row.cost.usd, row.cost.atLeast)}</div>
    <div role="gridcell" class="cell time">${timeTemplate(row, axis)}</div>
  </div>`;
}

/** Stands where a row will be until its window is there. */
export function waitingRowTemplate(place: RowPlace): TemplateResult {
  return html`<div class="row waiting" aria-hidden="true" ${setStyle({ top: `${place.top}px` })}><span></span></div>`;
}

function twistie(row: TreeRow): string {
  if (!row.expandable) return "";
  return row.expanded ? "codicon-chevron-down" : "codicon-chevron-right";
}

function timeTemplate(row: TreeRow, axis: RowWindow["axis"]): TemplateResult | typeof nothing {
  const tone = row.status?.tone ?? "neutral";
  const mark = axisMark(axis, row.startMs, row.durationMs, tone === "running" || tone === "waiting");
  const length = row.durationMs === null ? null : formatDuration(row.durationMs);
  if (mark.kind === "none") return length === null ? nothing : html`<span class="length alone">${length}</span>`;
  if (mark.kind === "moment") {
    return html`<span class="moment kind-${row.kind} ${tone}" ${setStyle({ left: percent(mark.left) })}></span>${
        length === null ? html`<span class="sr">a moment</span>` : html`<span class="sr">${length}</span>`
      }`;
  }
  const end = mark.left + mark.width;
  // The length stands after the bar, or before it where there is no room after it.
  const after = end < 0.8;
  const said = length ?? "not finished";
  return html`<span
      class="bar kind-${row.kind} ${tone} ${mark.open ? "open" : ""}"
      ${setStyle({ left: percent(mark.left), width: percent(mark.width) })}
    ></span
    ><span
      class="length ${after ? "after" : mark.left > 0.2 ? "before" : "inside"}"
      ${setStyle({ "--at": percent(after ? end : mark.left > 0.2 ? 1 - mark.left : 0) })}
      >${said}</span
    >`;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(3)}%`;
}
