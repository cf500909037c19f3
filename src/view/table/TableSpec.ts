import type { TableCell, TableColumn, TableId, TableRow } from "../tables.ts";

/** A column, and how its cells come from the facts of a row. */
export interface ColumnSpec<Facts> extends Omit<TableColumn, "sortable"> {
  readonly cell: (facts: Facts) => TableCell;
  /** What rows are ordered by; null stands last in either direction. Left out where the order means nothing. */
  readonly sortKey?: (facts: Facts) => number | bigint | string | null;
}

/** A filter: the value each row has, and what that value is called. A row whose value is null is under none of the options. */
export interface FilterSpec<Facts> {
  readonly id: string;
  readonly title: string;
  readonly value: (facts: Facts) => { readonly value: string; readonly label: string } | null;
}

/** One table, described once: how its rows look, what they can be found, filtered and ordered by. */
export interface TableSpec<Facts> {
  readonly id: TableId;
  readonly columns: readonly ColumnSpec<Facts>[];
  readonly filters: readonly FilterSpec<Facts>[];
  /** All but the cells. */
  readonly row: (facts: Facts) => Omit<TableRow, "cells">;
  /** The text in which words are looked for; letter case does not matter. */
  readonly searchText: (facts: Facts) => string;
}
