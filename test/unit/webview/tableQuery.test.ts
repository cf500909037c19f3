import { describe, expect, it } from "vitest";
import { NO_QUERY } from "../../../src/view/tables.ts";
import type { TableColumn } from "../../../src/view/tables.ts";
import { leavesOut, noQuery, withFilter, withNextSort, withoutFilters, withText } from "../../../webview/tableQuery.ts";

const at: TableColumn = { id: "at", title: "At", align: "start", sortable: true, width: 10 };

describe("a table's query", () => {
  it("begins as the tables' own empty one", () => {
    expect(noQuery).toEqual(NO_QUERY);
  });

  it("sorts by a column up, down, and not at all; another column begins anew", () => {
    const up = withNextSort(noQuery, at);
    const down = withNextSort(up, at);
    expect([up.sort, down.sort, withNextSort(down, at).sort]).toEqual([
      { column: "at", descending: false },
      { column: "at", descending: true },
      null,
    ]);
    expect(withNextSort(down, { ...at, id: "by" }).sort).toEqual({ column: "by", descending: false });
  });

  it("leaves rows out by words and filters, not by its order", () => {
    const filtered = withFilter(withNextSort(noQuery, at), "kind", "question");
    expect(leavesOut(filtered)).toBe(true);
    expect(leavesOut(withText(noQuery, "  "))).toBe(false);
    expect(leavesOut(withFilter(filtered, "kind", ""))).toBe(false);
    expect(withoutFilters(withText(filtered, "a"))).toEqual({ text: "", filters: {}, sort: { column: "at", descending: false } });
  });

  it("takes any name of a filter as a name", () => {
    expect(Object.entries(withFilter(noQuery, "__proto__", "x").filters)).toEqual([["__proto__", "x"]]);
  });
});
