/**
 * Tables: what lies around a record, as rows that are sorted, filtered and sent in windows. Plain data that survives a structured clone.
 * All text is record or log text and therefore hostile; whoever draws it draws it as text.
 */
import type { FilePresence, StatusTone, TimeView } from "./types.ts";

/** The views beside the tree that are tables, in the order of their tabs. */
export const TABLE_IDS = ["questions", "turns", "daemon", "sessions", "compactions", "children", "handoffs", "tools", "files"] as const;
export type TableId = (typeof TABLE_IDS)[number];

/** How a column's cells are set. `end`: numbers, right aligned. */
export interface TableColumn {
  readonly id: string;
  readonly title: string;
  readonly align: "start" | "end";
  readonly sortable: boolean;
  /** Width asked for, in characters; the page gives what is left to the column with `grows`. */
  readonly width: number;
  readonly grows?: boolean;
}

/** One value. An empty `text` is drawn as nothing; what is unknown says "–" itself. */
export interface TableCell {
  readonly text: string;
  readonly tone?: StatusTone;
  /** Set where the cell is a time: the page writes it in the local zone. `text` is then its own text. */
  readonly time?: TimeView;
  /** Drawn as a small mark (a kind), dimmed, or in a fixed-width font. */
  readonly look?: "tag" | "dim" | "mono";
  /** Said on hover. */
  readonly hint?: string;
}

/** One row. Cells stand in the order of the columns. */
export interface TableRow {
  /** Stable over reloads; begins with `@`, and with what it is: `@question:…`, `@turn:…`, `@event:…`, `@tool:…`, `@file:…`. */
  readonly id: string;
  /** 1, or 2 for a row that belongs to the level-1 row before it. */
  readonly level: 1 | 2;
  /** A short name for screen readers and for messages. */
  readonly label: string;
  readonly icon: string;
  readonly cells: readonly TableCell[];
  /** The row of the tree it belongs to; null when there is none. */
  readonly treeRow: string | null;
  /** Whether `openBeside` leads somewhere. */
  readonly opens: boolean;
}

/** What a reader chose: words to find, one value a filter (`""`: all), and the order. */
export interface TableQuery {
  readonly text: string;
  readonly filters: Readonly<Record<string, string>>;
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
}
export const NO_QUERY: TableQuery = { text: "", filters: {}, sort: null };

/** A filter with what it can be set to; counts are of all rows. */
export interface TableFilter {
  readonly id: string;
  readonly title: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly count: number }[];
}

/** Where the rows of a table come from, and why there are none: absent, unreadable and empty are different things. */
export interface SourceNote {
  readonly state: "found" | "absent" | "empty" | "unreadable" | "outside" | "off";
  /** What it is, for example "event log" or "model transcript". */
  readonly what: string;
  /** As a person would write it: relative to the base folder where it lies below it. Null when no place is known. */
  readonly path: string | null;
  /** One or more sentences: what was found, where was looked, what can be done. */
  readonly note: string;
  /** A thing the page may offer beside the note. */
  readonly offer: "allowLog" | "logSettings" | null;
}

export interface TableWindow {
  /** Index of the first row in `rows` among those the query leaves. */
  readonly start: number;
  /** Rows the query leaves. */
  readonly total: number;
  /** Rows without the query. */
  readonly all: number;
  readonly columns: readonly TableColumn[];
  readonly filters: readonly TableFilter[];
  readonly rows: readonly TableRow[];
  /** Said above the rows: "5 asked · 3 answered · 1 open". Of all rows, not of those the query leaves. */
  readonly summary: string;
  readonly sources: readonly SourceNote[];
  /** What could not be read, a sentence each ("3 broken lines: 12, 40, 41"). */
  readonly faults: readonly string[];
  /** Reading goes on: so much of so much (bytes or events); null when all is there. */
  readonly progress: { readonly done: number; readonly total: number } | null;
}

/** Most rows in one window of a table. */
export const TABLE_WINDOW_LIMIT = 300;
/** Most UTF-16 units of rows copied at once. */
export const TABLE_COPY_LIMIT = 900_000;

/** A tab: how many rows its table has (null: not known yet), and what of it needs somebody. */
export interface TableTab {
  readonly id: TableId;
  readonly count: number | null;
  /** Shown instead of the count, for example "1 open". */
  readonly alert: string | null;
}

/** A human request nobody answered yet, for the head of the run. */
export interface OpenRequest {
  /** Row of the table of questions. */
  readonly rowId: string;
  /** "question", "approval 1 of 2", … */
  readonly kind: string;
  /** In its own words, without quotation marks. */
  readonly prompt: string;
  readonly askedBy: string;
  readonly asked: TimeView | null;
}

/** What is known of the record's surroundings: sent anew each time something of it changes. */
export interface AroundView {
  /** Grows with every change: windows of tables fetched before are out of date. */
  readonly version: number;
  /** Grows when rows of the tree came or went. */
  readonly treeVersion: number;
  /** Tables that have something to show (a row, or a source that is there), in the order of tabs. */
  readonly tabs: readonly TableTab[];
  readonly openRequests: readonly OpenRequest[];
  /** The event log: named in the page's foot line. */
  readonly log: SourceNote;
}

/** A file named by the record or lying beside it. */
export interface NeighbourFacts {
  readonly presence: FilePresence;
  /** Bytes. */
  readonly size: number | null;
  /** Milliseconds since 1970. */
  readonly changedMs: number | null;
}
