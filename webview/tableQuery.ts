import type { TableColumn, TableQuery } from "../src/view/tables.ts";

/** Most UTF-16 units of a search text, of a filter's value and of a column's name, and most filters, that are remembered or sent. */
const textLimit = 500;
const filterLimit = 20;

/** The query without anything in it: the page may not import values of the view's side. */
export const noQuery: TableQuery = { text: "", filters: {}, sort: null };

/** Whether the query leaves rows out. */
export function leavesOut(query: TableQuery): boolean {
  return query.text.trim() !== "" || Object.values(query.filters).some((value) => value !== "");
}

/** The query with another search text. */
export function withText(query: TableQuery, text: string): TableQuery {
  return { ...query, text: text.slice(0, textLimit) };
}

/** The query with a filter set; an empty value takes the filter away. */
export function withFilter(query: TableQuery, id: string, value: string): TableQuery {
  const others = Object.entries(query.filters).filter(([name]) => name !== id);
  return { ...query, filters: Object.fromEntries(value === "" ? others : [...others, [id, value]]) };
}

/** The query without search text and filters; the order stays. */
export function withoutFilters(query: TableQuery): TableQuery {
  return { ...noQuery, sort: query.sort };
}

/** What a click on a column's head does: ascending, then descending, then the table's own order again. */
export function withNextSort(query: TableQuery, column: TableColumn): TableQuery {
  if (query.sort?.column !== column.id) return { ...query, sort: { column: column.id, descending: false } };
  return { ...query, sort: query.sort.descending ? null : { column: column.id, descending: true } };
}

/** A remembered query; whatever of it is not as it should be is left out. */
export function readTableQuery(stored: unknown): TableQuery {
  if (typeof stored !== "object" || stored === null) return noQuery;
  const { text, filters, sort } = stored as Partial<Record<keyof TableQuery, unknown>>;
  return { text: typeof text === "string" ? text.slice(0, textLimit) : "", filters: readFilters(filters), sort: readSort(sort) };
}

function readFilters(stored: unknown): TableQuery["filters"] {
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return {};
  const short = (text: unknown): text is string => typeof text === "string" && text.length <= textLimit;
  const entries = Object.entries(stored).filter((entry): entry is [string, string] => short(entry[0]) && short(entry[1]));
  return Object.fromEntries(entries.slice(0, filterLimit));
}

function readSort(stored: unknown): TableQuery["sort"] {
  if (typeof stored !== "object" || stored === null) return null;
  const { column, descending } = stored as { readonly column?: unknown; readonly descending?: unknown };
  return typeof column === "string" && column.length <= textLimit ? { column, descending: descending === true } : null;
}
