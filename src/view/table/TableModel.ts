/** A table's rows under a query: found, filtered, ordered once and then sent in windows. */
import { TABLE_COPY_LIMIT, TABLE_WINDOW_LIMIT } from "../tables.ts";
import type { TableFilter, TableQuery, TableRow, TableWindow } from "../tables.ts";
import type { TableSpec } from "./TableSpec.ts";
import { tableText } from "./tableText.ts";

/** The part of a window that the model knows; summary, sources and faults are its owner's. */
export type ModelWindow = Pick<TableWindow, "start" | "total" | "all" | "columns" | "filters" | "rows">;

interface Ordered<Facts> {
  readonly key: string;
  readonly revision: number;
  readonly facts: readonly Facts[];
}

/**
 * Rows of one table. Facts are small; cells are made for the rows of a window only. A level-2 row follows the level-1 row it belongs to
 * through every order, and stays as long as that row or the row itself is found.
 */
export class TableModel<Facts> {
  readonly spec: TableSpec<Facts>;
  #facts: readonly Facts[] = [];
  #revision = 0;
  #ordered: Ordered<Facts> | null = null;
  #filters: { readonly revision: number; readonly filters: readonly TableFilter[] } | null = null;

  constructor(spec: TableSpec<Facts>) {
    this.spec = spec;
  }

  get size(): number {
    return this.#facts.length;
  }

  get facts(): readonly Facts[] {
    return this.#facts;
  }

  /** Other rows, in the order in which they stand when nothing else is asked for. An array that only grew may be given again. */
  set(facts: readonly Facts[]): void {
    this.#facts = facts;
    this.#revision++;
  }

  window(query: TableQuery, start: number, count: number): ModelWindow {
    const facts = this.#order(query);
    const from = Math.max(0, Math.min(Math.trunc(start) || 0, facts.length));
    const to = from + Math.max(0, Math.min(Math.trunc(count) || 0, TABLE_WINDOW_LIMIT));
    return {
      start: from,
      total: facts.length,
      all: this.#facts.length,
      columns: this.spec.columns.map(({ id, title, align, width, grows, sortKey }) => ({
        id,
        title,
        align,
        width,
        sortable: sortKey !== undefined,
        ...(grows === true ? { grows } : {}),
      })),
      filters: this.#optionsOfFilters(),
      rows: facts.slice(from, to).map((each) => this.#row(each)),
    };
  }

  /** Where a row stands under a query; -1 when it does not. */
  indexOf(rowId: string, query: TableQuery): number {
    return this.#order(query).findIndex((each) => this.spec.row(each).id === rowId);
  }

  /** The facts of a row; null when there is no such row. */
  find(rowId: string): Facts | null {
    return this.#facts.find((each) => this.spec.row(each).id === rowId) ?? null;
  }

  /** The rows a query leaves, as text to paste. */
  text(query: TableQuery, format: "tsv" | "markdown"): { readonly text: string; readonly rows: number; readonly total: number } {
    const facts = this.#order(query);
    const titles = this.spec.columns.map(({ title }) => title);
    const { text, rows } = tableText(
      titles,
      facts.length,
      (index) => {
        const each = facts[index];
        return each === undefined ? [] : this.spec.columns.map((column) => column.cell(each).text);
      },
      format,
      TABLE_COPY_LIMIT,
    );
    return { text, rows, total: facts.length };
  }

  #row(facts: Facts): TableRow {
    return { ...this.spec.row(facts), cells: this.spec.columns.map((column) => column.cell(facts)) };
  }

  #order(query: TableQuery): readonly Facts[] {
    const key = JSON.stringify([query.text.trim().toLowerCase(), query.filters, query.sort]);
    if (this.#ordered?.key === key && this.#ordered.revision === this.#revision) return this.#ordered.facts;
    const facts = this.#sorted(this.#found(query), query);
    this.#ordered = { key, revision: this.#revision, facts };
    return facts;
  }

  /** Groups of a level-1 row with its level-2 rows, of those that the query leaves. */
  #found(query: TableQuery): readonly (readonly Facts[])[] {
    const isFound = this.#finder(query);
    const groups: Facts[][] = [];
    let group: Facts[] = [];
    let headFound = false;
    for (const each of this.#facts) {
      if (this.spec.row(each).level === 1) {
        group = [each];
        headFound = isFound(each);
        if (headFound) groups.push(group);
        continue;
      }
      if (!headFound && !isFound(each)) continue;
      if (!headFound && group.length <= 1) groups.push(group);
      group.push(each);
    }
    return groups;
  }

  #finder(query: TableQuery): (facts: Facts) => boolean {
    const words = query.text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    const filters = this.spec.filters.filter(({ id }) => (query.filters[id] ?? "") !== "");
    if (words.length === 0 && filters.length === 0) return () => true;
    return (facts) => {
      if (!filters.every((filter) => filter.value(facts)?.value === query.filters[filter.id])) return false;
      if (words.length === 0) return true;
      const text = this.spec.searchText(facts).toLowerCase();
      return words.every((word) => text.includes(word));
    };
  }

  #sorted(groups: readonly (readonly Facts[])[], query: TableQuery): readonly Facts[] {
    const { sort } = query;
    const sortKey = this.spec.columns.find(({ id }) => id === sort?.column)?.sortKey;
    if (sort === null || sortKey === undefined) return groups.flat();
    const keyed = groups.map((group) => ({ group, key: group[0] === undefined ? null : sortKey(group[0]) }));
    const direction = sort.descending ? -1 : 1;
    keyed.sort((a, b) => {
      if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
      return direction * compareKeys(a.key, b.key);
    });
    return keyed.flatMap(({ group }) => group);
  }

  #optionsOfFilters(): readonly TableFilter[] {
    if (this.#filters?.revision === this.#revision) return this.#filters.filters;
    const filters = this.spec.filters.map(({ id, title, value }) => {
      const options = new Map<string, { value: string; label: string; count: number }>();
      for (const each of this.#facts) {
        const option = value(each);
        if (option === null) continue;
        const known = options.get(option.value);
        if (known === undefined) options.set(option.value, { ...option, count: 1 });
        else known.count++;
      }
      return { id, title, options: [...options.values()] };
    });
    // A filter that no row can be told by says nothing.
    const offered = filters.filter(({ options }) => options.length > 0);
    this.#filters = { revision: this.#revision, filters: offered };
    return offered;
  }
}

/** Made once: to make the rules anew for each comparison takes longer than the comparison. */
const BY_WORDS = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compareKeys(a: number | bigint | string, b: number | bigint | string): number {
  if (typeof a === "string" && typeof b === "string") return BY_WORDS.compare(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}
