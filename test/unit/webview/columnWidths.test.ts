import { describe, expect, it } from "vitest";
import type { TableColumn } from "../../../src/view/tables.ts";
import { columnWidths } from "../../../webview/columnWidths.ts";

function column(width: number, grows = false): TableColumn {
  return { id: `c${width}`, title: "", align: "start", sortable: false, width, ...(grows ? { grows } : {}) };
}

describe("columnWidths", () => {
  it("gives what is left to the one that grows, else to the last", () => {
    expect(columnWidths([column(10, true), column(10)], new Set()).columns).toBe(
      "minmax(calc(9.00ch + 58px), 1fr) minmax(calc(9.00ch + 16px), calc(9.00ch + 16px)) 64px",
    );
    expect(columnWidths([column(10), column(10)], new Set()).columns).toMatch(/ minmax\(calc\(9\.00ch \+ 16px\), 1fr\) 64px$/);
  });

  it("lets wide columns give way, the one that grows less, and makes room for icons of tones", () => {
    const { columns, least } = columnWidths([column(10), column(40), column(40, true)], new Set([1]));
    expect(columns).toContain("minmax(calc(21.60ch + 36px), calc(36.00ch + 36px))");
    expect(least).toBe("calc(calc(9.00ch + 58px) + calc(21.60ch + 36px) + calc(30.60ch + 16px) + 64px)");
  });

  it("bounds what is asked for", () => {
    expect(columnWidths([column(5000), column(0)], new Set()).least).toBe("calc(calc(43.20ch + 58px) + calc(1.80ch + 16px) + 64px)");
  });

  it("has room for the buttons of rows when there are no columns yet", () => {
    expect(columnWidths([], new Set())).toEqual({ columns: "64px", least: "calc(64px)" });
  });
});
