import { html, nothing, type TemplateResult } from "lit";
import type { TableCell, TableColumn, TableRow } from "../src/view/tables.ts";
import { formatTimeNear, timeHint } from "./formatTime.ts";
import { toneIcons } from "./looks.ts";
import { setStyle } from "./setStyle.ts";
import { icon, recordText } from "./text.ts";
import { cut, plainText } from "./visibleText.ts";

/** Longest text of a cell put on the screen, and on hover; the detail pane has the whole. */
const cellLimit = 300;
const hintLimit = 2000;
/** Icons are names of codicons; anything else would be classes of something else. */
const iconName = /^[a-z][a-z0-9-]{0,40}$/;

export interface TableRowPlace {
  readonly index: number;
  /** Pixels from the top of the scrolled box. */
  readonly top: number;
  /** Has the keyboard's place. */
  readonly active: boolean;
  readonly selected: boolean;
  /** Times of this day (milliseconds since 1970) are shown without their date. */
  readonly dayOf: number | null;
}

export interface RowButtons {
  openBeside(row: TableRow): void;
  showInTree(row: TableRow): void;
}

/** One row of a table's grid. */
export function tableRowTemplate(
  row: TableRow,
  columns: readonly TableColumn[],
  place: TableRowPlace,
  buttons: RowButtons,
): TemplateResult {
  return html`<div
    role="row"
    class="row ${place.selected ? "active" : ""} ${row.level === 2 ? "below" : ""}"
    data-index=${place.index}
    data-row-id=${row.id}
    tabindex=${place.active ? 0 : -1}
    aria-rowindex=${place.index + 2}
    aria-selected=${String(place.selected)}
    ${setStyle({ top: `${place.top}px` })}
  >
    ${columns.map((column, at) => cellTemplate(row, row.cells[at] ?? { text: "" }, column, at, place.dayOf))}
    <div role="gridcell" class="cell row-buttons" aria-colindex=${columns.length + 1}>
      ${row.treeRow === null ? nothing : rowButton("list-tree", "Show in tree", place.active, () => buttons.showInTree(row))}
      ${row.opens ? rowButton("go-to-file", "Open the file", place.active, () => buttons.openBeside(row)) : nothing}
    </div>
  </div>`;
}

/** Stands where a row will be until its window is there. */
export function waitingTableRow(place: Pick<TableRowPlace, "index" | "top" | "active">): TemplateResult {
  return html`<div
    role="row"
    class="row waiting"
    aria-rowindex=${place.index + 2}
    tabindex=${place.active ? 0 : -1}
    ${setStyle({ top: `${place.top}px` })}
  >
    <span role="gridcell" aria-label="Loading"></span>
  </div>`;
}

/** What a row says, as a line to paste: its cells with tabs between them. */
export function rowText(row: TableRow): string {
  return row.cells.map((cell) => cell.text.replace(/[\t\r\n]+/g, " ")).join("\t");
}

function cellTemplate(row: TableRow, cell: TableCell, column: TableColumn, at: number, dayOf: number | null): TemplateResult {
  const text = cell.time === undefined ? cell.text : formatTimeNear(cell.time, dayOf);
  const hint = cell.time === undefined ? (cell.hint ?? text) : timeHint(cell.time);
  const shown = recordText(cut(text, cellLimit));
  return html`<div
    role="gridcell"
    aria-colindex=${at + 1}
    class="cell ${column.align === "end" ? "number" : ""} ${cell.look === "dim" ? "dim" : ""} ${cell.look === "mono" ? "mono" : ""}"
    title=${text === "" ? nothing : plainText(cut(hint, hintLimit))}
  >
    ${at === 0 ? icon(iconName.test(row.icon) ? row.icon : "circle", "row-icon") : nothing}${
      text === ""
        ? nothing
        : cell.tone !== undefined
          ? html`<span class="toned tone-${cell.tone}">${icon(toneIcons[cell.tone])}<span>${shown}</span></span>`
          : cell.look === "tag"
            ? html`<span class="tag">${shown}</span>`
            : html`<span class="text">${shown}</span>`
    }
  </div>`;
}

function rowButton(name: string, label: string, active: boolean, onClick: () => void): TemplateResult {
  return html`<button
    class="icon-button"
    tabindex=${active ? 0 : -1}
    title=${label}
    aria-label=${label}
    @click=${(event: Event) => {
      event.stopPropagation();
      onClick();
    }}
  >
    ${icon(name)}
  </button>`;
}
