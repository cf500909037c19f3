import { html, nothing, type TemplateResult } from "lit";
import type { TableColumn } from "../src/view/tables.ts";
import type { TableController } from "./TableController.ts";
import { withNextSort } from "./tableQuery.ts";
import { icon, recordText } from "./text.ts";
import { cut } from "./visibleText.ts";

/** The head of the column at an index: its title, which, where the column can be sorted by, is a button that does so. */
export function columnHeadTemplate(column: TableColumn, at: number, table: TableController | null): TemplateResult {
  const sort = table?.query.sort?.column === column.id ? table.query.sort : null;
  const title = recordText(cut(column.title, 80));
  return html`<div
    role="columnheader"
    class="cell ${column.align === "end" ? "number" : ""} ${at === 0 ? "first" : ""}"
    aria-colindex=${at + 1}
    aria-sort=${column.sortable ? (sort === null ? "none" : sort.descending ? "descending" : "ascending") : nothing}
  >
    ${
      column.sortable
        ? html`<button class="sort" @click=${() => void table?.setQuery(withNextSort(table.query, column))}>
            <span>${title}</span>${sort === null ? nothing : icon(sort.descending ? "arrow-down" : "arrow-up")}
          </button>`
        : html`<span class="sort">${title}</span>`
    }
  </div>`;
}
