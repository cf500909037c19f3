import type { SourceNote, TableCell, TableColumn, TableFilter, TableQuery, TableRow, TableWindow } from "../../../src/view/tables.ts";

export interface FakeTableOptions {
  columns: readonly TableColumn[];
  /** Number of rows, and how each of them is made: only those asked for are. */
  count: number;
  row: (index: number) => TableRow;
  /** Filters by the text of a column: the column's id and title. */
  filters?: readonly { readonly id: string; readonly title: string }[];
  summary?: string;
  sources?: readonly SourceNote[];
  faults?: readonly string[];
  progress?: TableWindow["progress"];
}

/** The engine's side of a table, as far as the page can tell: plain rows, found, filtered and ordered by what their cells say. */
export class FakeTable {
  options: FakeTableOptions;

  constructor(options: FakeTableOptions) {
    this.options = options;
  }

  find(rowId: string): TableRow | undefined {
    for (let index = 0; index < Math.min(this.options.count, 1000); index += 1) {
      const row = this.options.row(index);
      if (row.id === rowId) return row;
    }
    return undefined;
  }

  window(query: TableQuery, start: number, count: number): TableWindow {
    const { columns, summary = "", sources = [], faults = [], progress = null } = this.options;
    const places = this.places(query);
    const total = places?.length ?? this.options.count;
    const rows = Array.from({ length: Math.max(0, Math.min(count, total - start)) }, (_, n) => this.at(places, start + n));
    return { start, total, all: this.options.count, columns, filters: this.filters(), rows, summary, sources, faults, progress };
  }

  locate(query: TableQuery, rowId: string): number {
    const places = this.places(query);
    const total = Math.min(places?.length ?? this.options.count, 1000);
    for (let index = 0; index < total; index += 1) if (this.at(places, index).id === rowId) return index;
    return -1;
  }

  text(query: TableQuery, format: "tsv" | "markdown"): { text: string; rows: number; total: number } {
    const { total, rows } = this.window(query, 0, 1000);
    const lines = [this.options.columns.map(({ title }) => title), ...rows.map((row) => row.cells.map(({ text }) => text))];
    return { text: lines.map((line) => line.join(format === "tsv" ? "\t" : " | ")).join("\n"), rows: rows.length, total };
  }

  /** Places of the rows a query leaves, in its order; null for all in their own. */
  private places(query: TableQuery): number[] | null {
    const { columns, row } = this.options;
    const { sort, text } = query;
    const filters = Object.entries(query.filters);
    if (text === "" && filters.length === 0 && sort === null) return null;
    const cell = (index: number, column: string): TableCell => row(index).cells[columns.findIndex(({ id }) => id === column)]!;
    const says = (index: number, words: string): boolean =>
      row(index).cells.some((each) => each.text.toLowerCase().includes(words.toLowerCase()));
    const places = Array.from({ length: this.options.count }, (_, index) => index)
      .filter((index) => text === "" || says(index, text))
      .filter((index) => filters.every(([column, value]) => cell(index, column).text === value));
    if (sort === null) return places;
    const key = (index: number): string => cell(index, sort.column).text;
    const sign = sort.descending ? -1 : 1;
    return places.sort((a, b) => sign * key(a).localeCompare(key(b), "en", { numeric: true }));
  }

  private at(places: readonly number[] | null, index: number): TableRow {
    return this.options.row(places === null ? index : places[index]!);
  }

  private filters(): TableFilter[] {
    return (this.options.filters ?? []).map(({ id, title }) => {
      const column = this.options.columns.findIndex((each) => each.id === id);
      const counts = new Map<string, number>();
      for (let index = 0; index < Math.min(this.options.count, 1000); index += 1) {
        const text = this.options.row(index).cells[column]!.text;
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
      return { id, title, options: [...counts].map(([value, count]) => ({ value, label: value, count })) };
    });
  }
}
