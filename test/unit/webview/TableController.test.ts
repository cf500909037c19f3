import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PageAnswers, PageRequest } from "../../../src/protocol/page.ts";
import type { TableRow } from "../../../src/view/tables.ts";
import type { Reply } from "../../../webview/HostLink.ts";
import { noQuery, withText } from "../../../webview/tableQuery.ts";
import { TableController } from "../../../webview/TableController.ts";

function row(name: string): TableRow {
  return { id: `@turn:${name}`, level: 1, label: name, icon: "circle", cells: [{ text: name }], treeRow: null, opens: false };
}

/** A table of names whose answers come at once, unless `hold` keeps them. */
class Bench {
  names: string[];
  hold = false;
  stale = false;
  fault: string | null = null;
  readonly asked: PageRequest[] = [];
  readonly held: (() => void)[] = [];
  readonly shifts: number[] = [];
  readonly selected: (string | null)[] = [];
  readonly table: TableController;

  constructor(count: number, selected: string | null = null) {
    this.names = Array.from({ length: count }, (_, n) => String(n));
    this.table = new TableController(
      "turns",
      (request) => this.answer(request),
      {
        changed: () => undefined,
        selected: (rowId) => this.selected.push(rowId),
        reveal: () => undefined,
        shifted: (rows) => this.shifts.push(rows),
        queried: () => undefined,
      },
      { selected, query: noQuery },
    );
  }

  private async answer<R extends PageRequest>(request: R): Promise<Reply<PageAnswers[R["kind"]]>> {
    this.asked.push(request);
    if (this.hold) await new Promise<void>((go) => this.held.push(go));
    if (this.stale) return { kind: "stale" };
    if (this.fault !== null) return { kind: "error", error: { message: this.fault } };
    return { kind: "value", value: this.valueOf(request) as PageAnswers[R["kind"]] };
  }

  private valueOf(request: PageRequest): unknown {
    if (request.kind !== "table" && request.kind !== "tableLocate") throw new Error(`not asked of a table: ${request.kind}`);
    const found = this.names.filter((name) => name.includes(request.query.text));
    if (request.kind === "tableLocate") return { index: found.findIndex((name) => `@turn:${name}` === request.rowId) };
    const rows = found.slice(request.start, request.start + request.count).map(row);
    return {
      start: request.start,
      total: found.length,
      all: this.names.length,
      columns: [],
      filters: [],
      rows,
      summary: "",
      sources: [],
      faults: [],
      progress: null,
    };
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function settle(): Promise<void> {
  await vi.runAllTimersAsync();
}

describe("TableController", () => {
  it("keeps the selected row, and where it is on the screen, when rows come above it", async () => {
    const bench = new Bench(500);
    await bench.table.refresh(1);
    bench.table.rows.want(0, 40);
    await bench.table.moveTo(20);
    bench.names = ["a", "b", "c", ...bench.names];
    await bench.table.refresh(2);
    expect([bench.table.cursor, bench.table.selectedId, bench.shifts]).toEqual([23, "@turn:20", [3]]);
    expect(bench.table.rows.rowAt(23)?.id).toBe("@turn:20");
  });

  it("shows old rows while new ones are under way, and then all new ones at once", async () => {
    const bench = new Bench(300);
    await bench.table.refresh(1);
    bench.table.rows.want(0, 40);
    bench.names = bench.names.map((name) => `new ${name}`);
    bench.hold = true;
    const refreshed = bench.table.refresh(2);
    await Promise.resolve();
    expect(bench.table.rows.rowAt(5)?.id).toBe("@turn:5");
    bench.hold = false;
    for (const go of bench.held.splice(0)) go();
    await refreshed;
    expect(bench.table.rows.rowAt(5)?.id).toBe("@turn:new 5");
  });

  it("asks once for what is there already, and not more often than it can be answered", async () => {
    const bench = new Bench(300);
    await bench.table.refresh(1);
    await bench.table.refresh(1);
    const before = bench.asked.length;
    for (let version = 2; version < 50; version += 1) void bench.table.refresh(version);
    await settle();
    expect(bench.asked.length - before).toBeLessThanOrEqual(4);
    bench.table.forget();
    await bench.table.refresh(49);
    expect(bench.asked.length - before).toBeGreaterThan(2);
  });

  it("takes the last of several queries, in whatever order they are answered", async () => {
    const bench = new Bench(300);
    await bench.table.refresh(1);
    bench.hold = true;
    const queries = ["1", "12", "123"].map((text) => bench.table.setQuery(withText(noQuery, text)));
    await Promise.resolve();
    bench.hold = false;
    for (const go of bench.held.splice(0).reverse()) go();
    await Promise.all(queries);
    expect([bench.table.query.text, bench.table.rows.total, bench.table.rows.rowAt(0)?.id]).toEqual(["123", 1, "@turn:123"]);
  });

  it("clears filters that hide a row it is led to, and says when there is no such row", async () => {
    const bench = new Bench(300);
    await bench.table.refresh(1);
    await bench.table.setQuery(withText(noQuery, "299"));
    expect(await bench.table.reveal("@turn:7")).toBe("unfiltered");
    expect([bench.table.query.text, bench.table.cursor, bench.table.selectedId]).toEqual(["", 7, "@turn:7"]);
    expect(await bench.table.reveal("@turn:gone")).toBe("absent");
    expect(bench.table.selectedId).toBe("@turn:7");
  });

  it("finds a remembered row far down with its first window", async () => {
    const bench = new Bench(5000, "@turn:4000");
    await bench.table.refresh(1);
    expect([bench.table.cursor, bench.table.selectedRow?.id]).toEqual([4000, "@turn:4000"]);
  });

  it("keeps its rows when newer ones cannot be had, says why, and tries again with the next version", async () => {
    const bench = new Bench(10);
    await bench.table.refresh(1);
    bench.fault = "The log went away.";
    await bench.table.refresh(2);
    expect([bench.table.fault, bench.table.rows.total]).toEqual(["The log went away.", 10]);
    bench.fault = null;
    await bench.table.refresh(2);
    expect(bench.table.fault).toBeNull();
  });

  it("asks again when its answers were overtaken by another revision", async () => {
    const bench = new Bench(10);
    bench.stale = true;
    const refreshed = bench.table.refresh(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(bench.table.frame).toBeNull();
    bench.stale = false;
    await settle();
    await refreshed;
    expect(bench.table.rows.total).toBe(10);
  });
});
