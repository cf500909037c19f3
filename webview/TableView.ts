import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { TableFilter, TableWindow } from "../src/view/tables.ts";
import { noActions, type Actions } from "./Actions.ts";
import { button, filterDropdown, searchField } from "./controls.ts";
import "./MenuButton.ts";
import { Part } from "./Part.ts";
import { setStyle } from "./setStyle.ts";
import { faultsTemplate, sourcesTemplate } from "./sourceNotes.ts";
import type { TableController } from "./TableController.ts";
import "./TableGrid.ts";
import type { TableGrid } from "./TableGrid.ts";
import { leavesOut, withFilter, withoutFilters, withText } from "./tableQuery.ts";
import { tableTitles } from "./tabs.ts";
import { icon, recordText } from "./text.ts";
import { cut, plainText } from "./visibleText.ts";

/** So long (milliseconds) nothing must be typed before it is searched. */
const searchAfterMs = 120;
/** Most options a filter offers: more is for the search field. */
const optionLimit = 200;

/** One table: what it is of and where it comes from, search and filters, and its rows. */
export class TableView extends Part {
  static override properties = {
    table: { attribute: false },
    actions: { attribute: false },
    dayOf: { attribute: false },
    version: { attribute: false },
  };

  table: TableController | null = null;
  actions: Actions = noActions;
  /** Day of the run, milliseconds since 1970: times of that day need no date. */
  dayOf: number | null = null;
  /** Counts up whenever the table has something new to draw. */
  version = 0;
  private typing: ReturnType<typeof setTimeout> | null = null;
  /** What stands in the search field while it is not yet searched; null when it is. */
  private typed: string | null = null;

  get grid(): TableGrid | null {
    return this.querySelector<TableGrid>("rr-table-grid");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopTyping();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("table")) this.stopTyping();
  }

  protected override updated(): void {
    this.grid?.requestUpdate();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { table, actions } = this;
    if (table === null) return nothing;
    const { frame } = table;
    const title = tableTitles[table.table];
    return html`<section class="table-view" aria-label=${title} @keydown=${this.keyed}>
      <div class="table-frame">
        <p class="summary" title=${frame === null ? nothing : plainText(cut(frame.summary, 600))}>
          <b>${title}</b> ${frame === null ? nothing : recordText(cut(frame.summary, 600))}
        </p>
        ${frame === null ? nothing : html`${sourcesTemplate(frame.sources, actions)} ${faultsTemplate(frame.faults)}`}
        ${table.fault === null ? nothing : html`<p class="tone-failure" role="alert">${icon("error")}${recordText(cut(table.fault, 600))}</p>`}
      </div>
      ${frame === null || frame.progress === null ? nothing : progressTemplate(frame.progress)} ${this.toolbarTemplate(table, frame)}
      <rr-table-grid .table=${table} .actions=${actions} .label=${title} .dayOf=${this.dayOf}></rr-table-grid>
      ${frame === null || frame.total > 0 ? nothing : this.emptyTemplate(table, frame)}
    </section>`;
  }

  private toolbarTemplate(table: TableController, frame: TableWindow | null): TemplateResult {
    const { query } = table;
    const rows =
      frame === null
        ? ""
        : frame.total === frame.all
          ? `${frame.all.toLocaleString()} ${frame.all === 1 ? "row" : "rows"}`
          : `${frame.total.toLocaleString()} of ${frame.all.toLocaleString()}`;
    return html`<div class="table-toolbar" role="toolbar" aria-label="Search and filters">
      ${searchField("Search", this.typed ?? query.text, (text) => this.type(text))}
      ${(frame?.filters ?? []).map((filter) => this.filterTemplate(table, filter))}
      ${
        leavesOut(query)
          ? html`<button class="icon-button" title="Clear filters" aria-label="Clear filters" @click=${() => this.clear(table)}>
              ${icon("clear-all")}
            </button>`
          : nothing
      }
      <span class="spring"></span>
      <span class="dim row-count" role="status">${rows}</span>
      <rr-menu
        .label=${"Copy rows"}
        .glyph=${"copy"}
        .items=${copyItems}
        .onChoose=${(format: string) => void this.copy(table, format === "markdown" ? "markdown" : "tsv")}
      ></rr-menu>
    </div>`;
  }

  private filterTemplate(table: TableController, filter: TableFilter): TemplateResult {
    const value = table.query.filters[filter.id] ?? "";
    const offered = filter.options.slice(0, optionLimit);
    // What is chosen stays an option, even where no row has it (any more).
    const chosen = filter.options.find((option) => option.value === value);
    const missing = value !== "" && !offered.some((option) => option.value === value) ? [chosen ?? { value, label: value, count: 0 }] : [];
    const title = plainText(cut(filter.title, 40));
    const options = [
      { value: "", label: `${title}: all` },
      ...[...offered, ...missing].map((option) => ({
        value: option.value,
        label: `${plainText(cut(option.label, 60))} (${option.count.toLocaleString()})`,
      })),
    ];
    const shown = value === "" ? `${title}: all` : plainText(cut(chosen?.label ?? value, 60));
    return filterDropdown(title, value, shown, options, (next) => void table.setQuery(withFilter(table.query, filter.id, next)));
  }

  private emptyTemplate(table: TableController, frame: TableWindow): TemplateResult {
    return html`<div class="state table-empty">
      ${icon(frame.all === 0 ? "inbox" : "search", "state-icon dim")}
      <p>
        ${frame.all > 0 ? "No row is left by the search and the filters." : frame.progress === null ? "There are no rows." : "No rows yet."}
      </p>
      ${frame.all > 0 ? button({ label: "Clear filters", name: "clear-filters", onClick: () => this.clear(table) }) : nothing}
    </div>`;
  }

  private type(text: string): void {
    const { table } = this;
    if (table === null || text === (this.typed ?? table.query.text)) return;
    this.stopTyping();
    this.typed = text;
    this.typing = setTimeout(() => {
      this.stopTyping();
      void table.setQuery(withText(table.query, text));
    }, searchAfterMs);
  }

  private stopTyping(): void {
    if (this.typing !== null) clearTimeout(this.typing);
    this.typing = null;
    this.typed = null;
  }

  private clear(table: TableController): void {
    this.stopTyping();
    void table.setQuery(withoutFilters(table.query));
    this.search?.focus();
  }

  private get search(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".search");
  }

  private async copy(table: TableController, format: "tsv" | "markdown"): Promise<void> {
    const reply = await this.actions.request({ kind: "tableText", table: table.table, query: table.query, format });
    if (reply.kind === "stale") return;
    if (reply.kind === "error") {
      this.actions.announce(reply.error.message);
      return;
    }
    const { text, rows, total } = reply.value;
    const what =
      rows < total
        ? `The first ${rows.toLocaleString()} of ${total.toLocaleString()} rows`
        : `${rows.toLocaleString()} ${rows === 1 ? "row" : "rows"}`;
    this.actions.post({ kind: "copy", text, what });
  }

  private readonly keyed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { search, table } = this;
    const isTyping = event.target instanceof Node && search !== null && search.contains(event.target);
    if (event.key === "/" && !isTyping) search?.focus();
    else if (event.key === "Escape" && isTyping && table !== null && (this.typed ?? table.query.text) !== "") {
      this.stopTyping();
      void table.setQuery(withText(table.query, ""));
    } else if ((event.key === "ArrowDown" || event.key === "Escape") && isTyping) this.grid?.focusRow();
    else return;
    event.preventDefault();
  };
}

const copyItems = [
  { id: "tsv", label: "Copy rows as text", note: "tab-separated" },
  { id: "markdown", label: "Copy rows as Markdown", note: "table" },
];

function progressTemplate(progress: { readonly done: number; readonly total: number }): TemplateResult {
  const share = progress.total > 0 ? Math.min(1, Math.max(0, progress.done / progress.total)) : 0;
  const percent = Math.floor(share * 100);
  return html`<div
    class="reading"
    role="progressbar"
    aria-label="Reading"
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${percent}
    aria-valuetext="reading ${percent} %"
  >
    <span class="reading-bar"><span ${setStyle({ width: `${percent}%` })}></span></span><span class="dim">reading ${percent} %</span>
  </div>`;
}

customElements.define("rr-table", TableView);
