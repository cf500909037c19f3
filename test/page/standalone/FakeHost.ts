import type { PageAction, PageAnswers, PageRequest, PageState, ToHost, ToPage } from "../../../src/protocol/page.ts";
import type { AroundView, TableId } from "../../../src/view/tables.ts";
import type { ChildCard, OpenedView, ProblemView, RowDetail, RowWindow } from "../../../src/view/types.ts";
import { plainDetail } from "./builders.ts";
import { tableDetail } from "./aroundBuilders.ts";
import type { RowSource } from "./RowSource.ts";
import type { FakeTable } from "./FakeTable.ts";

export interface FakeRecord {
  view: OpenedView;
  rows: RowSource;
  axis?: RowWindow["axis"];
  details?: Readonly<Record<string, Partial<RowDetail>>>;
  cards?: Readonly<Record<string, ChildCard>>;
  /** Long texts by their reference. */
  texts?: Readonly<Record<number, string>>;
  problems?: readonly ProblemView[];
  around?: AroundView;
  tables?: Partial<Record<TableId, FakeTable>>;
  /** Requests that are answered with a fault. */
  faulty?: (request: PageRequest) => string | null;
  /** Requests that get no answer before the test gives one. */
  held?: (request: PageRequest) => boolean;
}

/** Plays the extension host: answers requests from plain data and keeps what the page did. */
export class FakeHost {
  readonly record: FakeRecord;
  readonly actions: PageAction[] = [];
  readonly requests: PageRequest[] = [];
  readonly selected: (string | null)[] = [];
  readonly faults: string[] = [];
  readonly heldIds: number[] = [];
  readyWith: PageState | null | undefined = undefined;
  private readonly first: readonly ToPage[] | null;

  /** `first`: what is sent when the page is ready; the record itself unless told otherwise. */
  constructor(record: FakeRecord, first: readonly ToPage[] | null = null) {
    this.record = record;
    this.first = first;
  }

  /** Takes a message of the page and says what the host sends for it. */
  receive(message: ToHost): readonly ToPage[] {
    switch (message.type) {
      case "ready":
        this.readyWith = message.state;
        return this.first ?? [{ type: "opened", view: this.record.view }, ...this.around()];
      case "request":
        this.requests.push(message.request);
        return this.answer(message.id, message.request);
      case "action":
        this.actions.push(message.action);
        return [];
      case "selected":
        this.selected.push(message.rowId);
        return [];
      case "fault":
        this.faults.push(message.message);
        return [];
    }
  }

  /** What lies around the record, as the host tells it after the record. */
  around(): readonly ToPage[] {
    return this.record.around === undefined ? [] : [{ type: "around", around: this.record.around }];
  }

  private table(id: TableId): FakeTable {
    const table = this.record.tables?.[id];
    if (table === undefined) throw new Error(`the record of this test has no table ${id}`);
    return table;
  }

  private tableDetail(rowId: string): RowDetail | null {
    const row = Object.values(this.record.tables ?? {})
      .map((table) => table.find(rowId))
      .find((found) => found !== undefined);
    return row === undefined ? null : tableDetail(row, this.record.details?.[rowId] ?? {});
  }

  private answer(id: number, request: PageRequest): readonly ToPage[] {
    if (this.record.held?.(request) === true) {
      this.heldIds.push(id);
      return [];
    }
    const fault = this.record.faulty?.(request) ?? null;
    if (fault !== null) return [{ type: "answer", id, ok: false, error: { message: fault } }];
    return [{ type: "answer", id, ok: true, value: this.valueOf(request) }];
  }

  private valueOf(request: PageRequest): PageAnswers[PageRequest["kind"]] {
    const { record } = this;
    const { rows } = record;
    const at = (index: number): PageAnswers["locate"] => ({ index, row: index < 0 ? null : rows.rowAt(index) });
    switch (request.kind) {
      case "rows": {
        const end = Math.min(rows.total(), request.start + request.count);
        const window = Array.from({ length: Math.max(0, end - request.start) }, (_, n) => rows.rowAt(request.start + n));
        return { start: request.start, total: rows.total(), rows: window, axis: record.axis ?? null };
      }
      case "expand":
        rows.expand(request.rowId, request.expanded, request.siblings);
        return { total: rows.total() };
      case "locate":
        return at(rows.indexOf(request.rowId));
      case "typeahead":
        return at(rows.typeahead(request.prefix, request.from));
      case "detail": {
        if (request.rowId.startsWith("@")) return this.tableDetail(request.rowId);
        const index = rows.indexOf(request.rowId);
        return index < 0 ? null : plainDetail(rows.rowAt(index), record.details?.[request.rowId] ?? {});
      }
      case "card":
        return record.cards?.[request.rowId] ?? null;
      case "text": {
        const text = record.texts?.[request.ref] ?? "";
        return { start: request.start, text: text.slice(request.start, request.start + request.length), length: text.length };
      }
      case "problems": {
        const problems = record.problems ?? [];
        return { start: request.start, total: problems.length, problems: problems.slice(request.start, request.start + request.count) };
      }
      case "table":
        return this.table(request.table).window(request.query, request.start, request.count);
      case "tableLocate":
        return { index: this.table(request.table).locate(request.query, request.rowId) };
      case "tableText":
        return this.table(request.table).text(request.query, request.format);
    }
  }
}
