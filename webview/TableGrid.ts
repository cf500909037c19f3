import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { TableColumn, TableRow } from "../src/view/tables.ts";
import { noActions, type Actions } from "./Actions.ts";
import { ListScroll } from "./ListScroll.ts";
import { Part } from "./Part.ts";
import { setStyle } from "./setStyle.ts";
import type { TableController } from "./TableController.ts";
import { columnHeadTemplate } from "./columnHead.ts";
import { columnWidths } from "./columnWidths.ts";
import { SeenCells } from "./SeenCells.ts";
import { rowText, tableRowTemplate, waitingTableRow, type RowButtons } from "./tableRow.ts";
import { boxHeight, listTopShowing, pageStep, rowsToDraw, rowTop, type ListSpace } from "./virtualWindow.ts";

/** Heights in CSS pixels, as in `css/table.css`. */
const rowHeight = 24;
const headHeight = 26;
const overscan = 10;
/** The rows of a table as an ARIA grid, of which only those in sight (and the one under the keyboard) exist. */
export class TableGrid extends Part {
  static override properties = {
    table: { attribute: false },
    actions: { attribute: false },
    label: { attribute: false },
    dayOf: { attribute: false },
  };

  table: TableController | null = null;
  actions: Actions = noActions;
  label = "";
  dayOf: number | null = null;

  private viewport = 0;
  private readonly place = new ListScroll();
  private resize: ResizeObserver | null = null;
  private wantsFocus = false;
  private rowHadFocus = false;
  private shiftBy = 0;
  private readonly seen = new SeenCells();
  private mustReveal = false;
  private readonly buttons: RowButtons = {
    openBeside: (row) => this.actions.post({ kind: "openBeside", rowId: row.id }),
    showInTree: (row) => this.showInTree(row),
  };

  /** Brings the row under the keyboard into sight, once it is drawn. */
  reveal(): void {
    this.mustReveal = true;
    this.requestUpdate();
  }

  /** Puts the keyboard on its row. */
  focusRow(): void {
    this.wantsFocus = true;
    this.requestUpdate();
  }

  /** Keeps what is in sight where it is although so many rows came above it. */
  shift(rows: number): void {
    this.shiftBy += rows;
    this.requestUpdate();
  }

  private get scroller(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".table-scroller");
  }

  private get space(): ListSpace {
    return { total: this.table?.rows.total ?? 0, rowHeight, viewport: this.viewport };
  }

  private get listTop(): number {
    return this.place.listTop(this.space);
  }

  private scrollToList(listTop: number): void {
    const { scroller } = this;
    if (scroller !== null && this.place.scrollTo(scroller, listTop, this.space)) this.requestUpdate();
  }

  protected override firstUpdated(): void {
    const { scroller } = this;
    if (scroller === null) return;
    this.resize = new ResizeObserver(() => this.measure(scroller));
    this.resize.observe(scroller);
    this.measure(scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resize?.disconnect();
  }

  private measure(scroller: HTMLElement): void {
    const { listTop, space } = this;
    const cursor = this.table?.cursor ?? 0;
    // A row that was in sight stays there when what is above the rows takes more room.
    if (listTopShowing(cursor, listTop, space) === listTop) this.mustReveal = true;
    this.viewport = Math.max(0, scroller.clientHeight - headHeight);
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { table, space } = this;
    const columns = table?.frame?.columns ?? [];
    this.seen.note(table?.frame?.rows ?? [], this.dayOf);
    const widths = columnWidths(columns, this.seen);
    return html`<div class="table-scroller" @scroll=${this.scrolled}>
      <div
        role="grid"
        class="table"
        aria-label=${this.label}
        aria-rowcount=${space.total + 1}
        aria-colcount=${columns.length + 1}
        @keydown=${this.keyed}
        @click=${this.clicked}
        @dblclick=${this.doubleClicked}
        ${setStyle({ "--columns": widths.columns, "--least": widths.least })}
      >
        <div role="rowgroup" class="head-group">
          <div role="row" class="head" aria-rowindex="1">
            ${columns.map((column, at) => columnHeadTemplate(column, at, table))}
            <div role="columnheader" class="cell" aria-colindex=${columns.length + 1}><span class="sr">Actions</span></div>
          </div>
        </div>
        <div role="rowgroup" class="rows" ${setStyle({ height: `${boxHeight(space)}px` })}>
          ${table === null ? nothing : this.rowTemplates(table, columns)}
        </div>
      </div>
    </div>`;
  }

  private rowTemplates(table: TableController, columns: readonly TableColumn[]): unknown {
    const { space, listTop } = this;
    const range = rowsToDraw(listTop, space, overscan);
    const shown: number[] = [];
    // The row under the keyboard exists even far out of sight, so that scrolling never takes the keyboard's place away.
    if (table.cursor < range.first) shown.push(table.cursor);
    for (let index = range.first; index < range.end; index += 1) shown.push(index);
    if (table.cursor >= range.end && table.cursor < space.total) shown.push(table.cursor);
    const seen = new Set<string>();
    return repeat(
      shown,
      (index) => {
        const row = table.rows.rowAt(index);
        const key = row === null || seen.has(row.id) ? `at:${index}` : row.id;
        seen.add(key);
        return key;
      },
      (index) => {
        const row = table.rows.rowAt(index);
        const place = { index, top: rowTop(index, listTop, this.place.scrollTop, space), active: index === table.cursor };
        return row === null
          ? waitingTableRow(place)
          : tableRowTemplate(row, columns, { ...place, selected: row.id === table.selectedId, dayOf: this.dayOf }, this.buttons);
      },
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    const focused = document.activeElement;
    this.rowHadFocus = focused !== null && focused.classList.contains("row") && this.contains(focused);
    if (!changed.has("table")) return;
    this.place.reset();
    this.seen.clear();
    this.mustReveal = true;
    this.shiftBy = 0;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { table, scroller } = this;
    if (table === null || scroller === null) return;
    if (changed.has("table")) {
      scroller.scrollTop = 0;
      this.place.scrollTop = 0;
    }
    const { listTop, space } = this;
    if (this.mustReveal && this.viewport > 0 && space.total > 0) this.scrollToList(listTopShowing(table.cursor, listTop, space));
    else if (this.shiftBy !== 0) this.scrollToList(Math.max(0, listTop + this.shiftBy * rowHeight));
    this.mustReveal &&= this.viewport === 0 || space.total === 0;
    this.shiftBy = 0;
    const range = rowsToDraw(this.listTop, space, overscan);
    if (table.frame !== null) table.rows.want(range.first, range.end);
    if (!(this.wantsFocus || this.rowHadFocus)) return;
    const row = this.querySelector<HTMLElement>('.row[tabindex="0"]');
    if (row === null) return;
    this.wantsFocus = false;
    if (document.activeElement !== row) row.focus({ preventScroll: true });
  }

  private readonly scrolled = (): void => {
    const { scroller } = this;
    if (scroller === null || !this.place.follow(scroller)) return;
    this.requestUpdate();
  };

  private readonly keyed = (event: KeyboardEvent): void => {
    const { table } = this;
    if (table === null || !(event.target instanceof HTMLElement) || !event.target.classList.contains("row")) return;
    const row = table.rows.rowAt(table.cursor);
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key.toLowerCase() !== "c" || event.altKey || event.shiftKey || row === null || getSelection()?.isCollapsed === false)
        return;
      event.preventDefault();
      this.actions.post({ kind: "copy", text: rowText(row), what: "Row" });
      return;
    }
    const page = pageStep(this.space);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: table.cursor + (table.selectedRow === null && table.cursor === 0 ? 0 : 1),
      ArrowUp: table.cursor - 1,
      PageDown: table.cursor + page,
      PageUp: table.cursor - page,
      Home: 0,
      End: table.rows.total - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) void table.moveTo(next);
    else if (event.key === " ") void table.moveTo(table.cursor);
    else if (event.key === "Enter" && row !== null) this.open(row);
    else if (event.key.toLowerCase() === "t" && row !== null) this.showInTree(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private open(row: TableRow): void {
    if (row.opens) this.buttons.openBeside(row);
    else if (row.treeRow !== null) this.showInTree(row);
    else this.dispatchEvent(new CustomEvent("leave-rows", { bubbles: true }));
  }

  private showInTree(row: TableRow): void {
    if (row.treeRow === null) this.actions.announce("This row has no counterpart in the tree");
    else this.actions.goToRow(row.treeRow);
  }

  private indexUnder(event: Event): number | null {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".row[data-index]") : null;
    return row === null ? null : Number(row.dataset["index"]);
  }

  private readonly clicked = (event: MouseEvent): void => {
    const index = this.indexUnder(event);
    if (index === null) return;
    this.wantsFocus = true;
    void this.table?.moveTo(index);
  };

  private readonly doubleClicked = (event: MouseEvent): void => {
    const index = this.indexUnder(event);
    const row = index === null ? null : (this.table?.rows.rowAt(index) ?? null);
    if (row !== null && !(event.target instanceof Element && event.target.closest("button") !== null)) this.open(row);
  };
}

customElements.define("rr-table-grid", TableGrid);
