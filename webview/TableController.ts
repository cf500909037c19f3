import type { PageAnswers, PageRequest } from "../src/protocol/page.ts";
import type { TableId, TableQuery, TableRow, TableWindow } from "../src/view/tables.ts";
import type { Reply } from "./HostLink.ts";
import { leavesOut, noQuery, withoutFilters } from "./tableQuery.ts";
import { WindowStore, type AskForWindow } from "./WindowStore.ts";

export interface TableEvents {
  /** Something is new to draw. */
  changed(): void;
  /** Another row is selected, or what is known of the selected row changed. */
  selected(rowId: string | null): void;
  /** The row under the keyboard must be brought into sight. */
  reveal(): void;
  /** Rows came or went above the selected one, which was in sight: so many rows (negative: fewer). */
  shifted(rows: number): void;
  /** Another query is in force: what was in sight is gone. */
  queried(query: TableQuery): void;
}

type Ask = <R extends PageRequest>(request: R) => Promise<Reply<PageAnswers[R["kind"]]>>;

/** Refreshes are at least so far apart (milliseconds): a log being read in changes many times a second. */
const refreshEveryMs = 200;
/** Rows fetched at once before and after a row that is gone to. */
const aroundRow = 50;

/** What a table shows and what its keys do, without a screen: rows, query, selection. */
export class TableController {
  readonly table: TableId;
  readonly rows: WindowStore<TableRow, TableWindow>;
  query: TableQuery;
  /** Place of the keyboard. */
  cursor = 0;
  selectedId: string | null;
  /** Why no newer rows could be had; null when they could. */
  fault: string | null = null;
  private readonly ask: Ask;
  private readonly events: TableEvents;
  /** The newest version heard of, and the one the rows are of; null before any. */
  private newest: number | null = null;
  private shown: number | null = null;
  private timesForgotten = 0;
  private refreshing: Promise<void> | null = null;

  constructor(
    table: TableId,
    ask: Ask,
    events: TableEvents,
    remembered: { readonly selected: string | null; readonly query: TableQuery } | null,
  ) {
    this.table = table;
    this.ask = ask;
    this.events = events;
    this.query = remembered?.query ?? noQuery;
    this.selectedId = remembered?.selected ?? null;
    this.rows = new WindowStore(this.asking(this.query), () => events.changed());
  }

  /** What the table says beside its rows; null before the first answer. */
  get frame(): TableWindow | null {
    return this.rows.latest;
  }

  get selectedRow(): TableRow | null {
    const row = this.rows.rowAt(this.cursor);
    return row !== null && row.id === this.selectedId ? row : null;
  }

  /** Rows of an older version than this one are out of date. To be called only while the table is shown. Null: whatever there is. */
  async refresh(version: number | null): Promise<void> {
    this.newest = version;
    if (this.refreshing !== null || (this.shown === version && this.frame !== null && this.fault === null))
      return this.refreshing ?? undefined;
    this.refreshing = this.refreshUntilNewest();
    await this.refreshing;
  }

  /** Asks for everything again, whatever is known: the record is another revision of itself. */
  forget(): void {
    this.shown = null;
    this.timesForgotten += 1;
  }

  /** Another search, filter or order. Rows of the old one stay until the new ones are there. */
  async setQuery(query: TableQuery): Promise<void> {
    this.query = query;
    this.events.changed();
    const index = await this.locate(query, this.selectedId);
    if (index === null || this.query !== query) return;
    const at = Math.max(index, 0);
    const done = await this.rows.refresh(at - aroundRow, at + aroundRow, () => (this.cursor = at), this.asking(query));
    if (this.query !== query) return;
    this.fault = done.kind === "error" ? done.message : null;
    if (done.kind === "done") this.events.queried(query);
    this.events.changed();
  }

  /** Moves the keyboard to the row at an index, cut to what there is, and selects it. */
  async moveTo(wanted: number): Promise<void> {
    if (this.rows.total === 0) return;
    this.cursor = Math.min(Math.max(wanted, 0), this.rows.total - 1);
    const { cursor } = this;
    this.events.reveal();
    const row = this.rows.settledRowAt(cursor) ?? (await this.rows.load(cursor));
    if (this.cursor === cursor && row !== null) this.select(row.id);
    this.events.changed();
  }

  /** Goes to a row by its id; takes filters away when they hide it. Answers how it went. */
  async reveal(rowId: string): Promise<"shown" | "unfiltered" | "absent"> {
    let outcome: "shown" | "unfiltered" = "shown";
    let index = await this.locate(this.query, rowId);
    if (index !== null && index < 0 && leavesOut(this.query)) {
      outcome = "unfiltered";
      this.query = withoutFilters(this.query);
      index = await this.locate(this.query, rowId);
    }
    if (index === null || index < 0) return "absent";
    const at = index;
    const { query } = this;
    this.selectedId = rowId;
    const done = await this.rows.refresh(at - aroundRow, at + aroundRow, () => (this.cursor = at), this.asking(query));
    this.cursor = at;
    if (done.kind === "done" && outcome === "unfiltered") this.events.queried(query);
    this.events.selected(rowId);
    this.events.reveal();
    this.events.changed();
    return outcome;
  }

  private select(rowId: string): void {
    if (this.selectedId === rowId) return;
    this.selectedId = rowId;
    this.events.selected(rowId);
  }

  private isAsked(query: TableQuery): boolean {
    return query === this.query;
  }

  private asking(query: TableQuery): AskForWindow<TableWindow> {
    return (start, count) => this.ask({ kind: "table", table: this.table, query, start, count });
  }

  /** Where a row stands; -1 when it does not; null when the answer was overtaken. */
  private async locate(query: TableQuery, rowId: string | null): Promise<number | null> {
    if (rowId === null) return -1;
    const reply = await this.ask({ kind: "tableLocate", table: this.table, query, rowId });
    if (reply.kind === "stale") return null;
    return reply.kind === "value" ? reply.value.index : -1;
  }

  /** One refresh at a time, and the last one always of the newest version: however often things change, rows do come. */
  private async refreshUntilNewest(): Promise<void> {
    for (;;) {
      const { newest: version, timesForgotten } = this;
      const next = pause(refreshEveryMs);
      const isDone = await this.refreshOnce();
      this.shown = isDone ? version : null;
      if (isDone && version === this.newest && timesForgotten === this.timesForgotten) break;
      await next;
    }
    this.refreshing = null;
  }

  /** Answers false where answers were overtaken by another revision of the record. */
  private async refreshOnce(): Promise<boolean> {
    const { query } = this;
    const before = this.cursor;
    const known = JSON.stringify(this.selectedRow);
    const index = await this.locate(query, this.selectedId);
    if (index === null) return false;
    if (!this.isAsked(query)) return true;
    const moved = this.cursor === before && index >= 0 ? index - before : 0;
    const { first, end } = this.rows.inSight;
    const isFirst = this.frame === null;
    const isInSight = !isFirst && before >= first && before < end;
    const from = isFirst ? index - aroundRow : first + (isInSight ? moved : 0);
    const done = await this.rows.refresh(from, isFirst ? from + 2 * aroundRow : from + (end - first), () => {
      this.cursor = Math.min(Math.max(this.cursor + moved, 0), Math.max(0, this.rows.total - 1));
      if (isInSight && moved !== 0) this.events.shifted(moved);
    });
    if (done.kind !== "overtaken") this.fault = done.kind === "error" ? done.message : null;
    if (isFirst && index >= 0) this.events.reveal();
    if (isFirst || (this.selectedId !== null && JSON.stringify(this.selectedRow) !== known)) this.events.selected(this.selectedId);
    this.events.changed();
    return done.kind !== "overtaken" || !this.isAsked(query);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
