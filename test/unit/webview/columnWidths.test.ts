import { describe, expect, it } from "vitest";
import type { TableColumn } from "../../../src/view/tables.ts";
import { columnWidths, type SeenInColumns } from "../../../webview/columnWidths.ts";

function column(width: number, grows = false): TableColumn {
  return { id: `c${width}`, title: "", align: "start", sortable: false, width, ...(grows ? { grows } : {}) };
}

function seen(toned: readonly number[] = [], times: readonly (readonly [number, number])[] = []): SeenInColumns {
  return { toned: new Set(toned), times: new Map(times) };
}

describe("columnWidths", () => {
  it("gives what is left to the one that grows, else to the last", () => {
    expect(columnWidths([column(10, true), column(10)], seen()).columns).toBe(
      "minmax(calc(9.00ch + 58px), 1fr) minmax(calc(9.00ch + 16px), calc(9.00ch + 16px)) 64px",
    );
    expect(columnWidths([column(10), column(10)], seen()).columns).toMatch(/ minmax\(calc\(9\.00ch \+ 16px\), 1fr\) 64px$/);
  });

  it("lets wide columns give way, the one that grows less, and makes room for icons of tones", () => {
    const { columns, least } = columnWidths([column(10), column(40), column(40, true)], seen([1]));
    expect(columns).toContain("minmax(calc(18.00ch + 36px), calc(36.00ch + 36px))");
    expect(least).toBe("calc(calc(9.00ch + 58px) + calc(18.00ch + 36px) + calc(23.40ch + 16px) + 64px)");
  });

  it("bounds what is asked for", () => {
    expect(columnWidths([column(5000), column(0)], seen()).least).toBe("calc(calc(36.00ch + 58px) + calc(1.80ch + 16px) + 64px)");
  });

  it("makes columns of times as wide as their longest time, which is never cut", () => {
    const { columns, least } = columnWidths([column(40), column(18), column(30, true)], seen([], [[1, 8]]));
    expect(columns).toContain(" calc(8.00ch + 16px) ");
    expect(least).toContain(" calc(8.00ch + 16px) ");
    expect(columnWidths([column(10), column(5), column(30, true)], seen([], [[1, 18]])).columns).toContain(" calc(18.00ch + 16px) ");
  });

  it("has room for the buttons of rows when there are no columns yet", () => {
    expect(columnWidths([], seen())).toEqual({ columns: "64px", least: "calc(64px)" });
  });
});
