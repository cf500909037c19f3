import { html, nothing, type TemplateResult } from "lit";
import type { ViewId } from "../src/protocol/page.ts";
import { formatBytes } from "../src/view/formatBytes.ts";
import type { OpenedView } from "../src/view/types.ts";
import type { Actions } from "./Actions.ts";
import type { DetailFlow } from "./DetailFlow.ts";
import "./FootLine.ts";
import { headerTemplate } from "./header.ts";
import type { PreviewFlow } from "./PreviewFlow.ts";
import { failureTemplate, openRequestsTemplate, triggerFaultTemplate } from "./runNotices.ts";
import { setStyle } from "./setStyle.ts";
import { usualWidth } from "./Splitter.ts";
import { brokenTemplate, noRowsTemplate } from "./states.ts";
import "./TabBar.ts";
import "./TableView.ts";
import { viewTabs, viewTitles } from "./tabs.ts";
import { icon } from "./text.ts";
import type { TreeGrid } from "./TreeGrid.ts";
import type { TreeModel } from "./TreeModel.ts";
import type { Views } from "./Views.ts";

/** What is drawn of an opened record, and what is told when somebody does something with it. */
export interface RecordPage {
  readonly opened: OpenedView;
  readonly actions: Actions;
  readonly model: TreeModel;
  readonly views: Views;
  readonly details: DetailFlow;
  readonly preview: PreviewFlow;
  /** Counts up whenever there is something new to draw. */
  readonly version: number;
  /** Width of the page, and of the details when somebody chose one, in CSS pixels. */
  readonly room: number;
  readonly detailWidth: number | null;
  readonly dirty: boolean;
  /** The tree's rows are known. */
  readonly restored: boolean;
  /** The view from which was jumped to this one; null for none. */
  readonly backTo: ViewId | null;
  onView(view: ViewId): void;
  onWidth(width: number | null): void;
  onScrolled(scrollTop: number): void;
  onCard: TreeGrid["onCard"];
  onCardLeft(): void;
  /** From the rows to the details. */
  onLeaveRows(): void;
}

/** An opened record: its head, the views with the details beside them, the preview of a save over them, and the foot line. */
export function recordTemplate(page: RecordPage): TemplateResult {
  const { opened, actions, views, details, detailWidth, room } = page;
  const { around, view } = views;
  const preview = page.preview.state;
  const covered = preview === null ? "" : "covered";
  return html`${headerTemplate(opened, actions)} ${brokenTemplate(opened, actions)}
    ${triggerFaultTemplate(opened.header?.trigger ?? null, actions)}
    <div class="above ${covered}" ?inert=${preview !== null}>
      ${openRequestsTemplate(around?.openRequests ?? [], dayOf(opened), actions)}
      ${failureTemplate(opened.header?.failure ?? null, actions)}
      <nav class="views" aria-label="Views">
        <rr-tabs
          .tabs=${viewTabs(around, opened.problemCount, view)}
          .view=${view}
          .onView=${(chosen: ViewId) => page.onView(chosen)}
        ></rr-tabs>
        ${backTemplate(page)}
      </nav>
    </div>
    <div class="body">
      <rr-preview
        .preview=${preview}
        .actions=${actions}
        .onWaiting=${(what: string, final: boolean) => page.preview.busy(what, final)}
        .onClosed=${() => page.preview.close()}
      ></rr-preview>
      <main class="record ${covered}" ?inert=${preview !== null} ${setStyle({ "--detail-width": `${detailWidth ?? usualWidth(room)}px` })}>
        <div class="main-part" id="view" role="tabpanel" aria-labelledby="tab-${view}">
          ${viewTemplate(page)} ${view === "tree" && page.restored && page.model.rows.total === 0 ? noRowsTemplate() : nothing}
        </div>
        <rr-splitter .width=${detailWidth} .room=${room} .onWidth=${(width: number | null) => page.onWidth(width)}></rr-splitter>
        <rr-detail
          id="details"
          .detail=${details.detail}
          .fault=${details.fault}
          .row=${views.table?.selectedRow ?? null}
          .actions=${actions}
        ></rr-detail>
      </main>
    </div>
    ${preview === null ? footTemplate(page) : nothing}
    <rr-card .actions=${actions}></rr-card>`;
}

/** The way back to the view that a link or a row's button led here from. */
function backTemplate({ backTo, actions }: RecordPage): TemplateResult | typeof nothing {
  if (backTo === null) return nothing;
  const label = `Back to ${viewTitles[backTo]}`;
  return html`<button class="back" data-name="back" title="${label} (Alt+Left)" aria-label=${label} @click=${() => actions.back()}>
    ${icon("arrow-left")}<span>${label}</span>
  </button>`;
}

function viewTemplate(page: RecordPage): TemplateResult {
  const { opened, actions, version } = page;
  const { table, view } = page.views;
  if (table !== null) {
    return html`<rr-table
      .table=${table}
      .actions=${actions}
      .dayOf=${dayOf(opened)}
      .version=${version}
      @leave-rows=${() => page.onLeaveRows()}
    ></rr-table>`;
  }
  if (view === "problems") {
    return html`<rr-problems .total=${opened.problemCount} .revision=${opened.revision} .actions=${actions}></rr-problems>`;
  }
  return html`<rr-tree
    .model=${page.model}
    .actions=${actions}
    .version=${version}
    .onScrolled=${(scrollTop: number) => page.onScrolled(scrollTop)}
    .onCard=${page.onCard}
    .onCardLeft=${() => page.onCardLeft()}
    @leave-rows=${() => page.onLeaveRows()}
  ></rr-tree>`;
}

function footTemplate({ opened, actions, dirty, details, model, views }: RecordPage): TemplateResult {
  const { table, view, around } = views;
  const total = view === "problems" ? opened.problemCount : (table?.rows.total ?? model.rows.total);
  return html`<rr-foot
    .rows=${`${total.toLocaleString()} ${total === 1 ? "row" : "rows"}`}
    .path=${details.detail?.path ?? null}
    .log=${around?.log ?? null}
    .dirty=${dirty}
    .size=${formatBytes(opened.byteLength)}
    .actions=${actions}
  ></rr-foot>`;
}

/** The day of the run, milliseconds since 1970. */
function dayOf(opened: OpenedView): number | null {
  return opened.header?.started?.epochMs ?? null;
}
