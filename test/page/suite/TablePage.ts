import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { patience, type RecordPage } from "./RecordPage.ts";

/** A table beside the tree, read through its accessibility tree. */
export class TablePage {
  readonly record: RecordPage;
  readonly title: string;

  private constructor(record: RecordPage, title: string) {
    this.record = record;
    this.title = title;
  }

  /** Chooses a view by its tab, once the tab is there, and waits for its first row. */
  static async open(record: RecordPage, title: string): Promise<TablePage> {
    const { frame } = record;
    await frame.getByRole("tab", { name: title }).click();
    const table = new TablePage(record, title);
    await table.rows().first().waitFor();
    return table;
  }

  grid(): Locator {
    return this.record.frame.getByRole("grid", { name: this.title });
  }

  /** The rows that exist now, the head left out. */
  rows(): Locator {
    return this.grid().locator('[role="row"][data-row-id]');
  }

  row(text: string | RegExp): Locator {
    return this.rows().filter({ hasText: text }).first();
  }

  /** How many rows the table has under its search and filters. */
  async total(): Promise<number> {
    return Number(await this.grid().getAttribute("aria-rowcount")) - 1;
  }

  async expectTotal(total: number): Promise<void> {
    await expect.poll(() => this.total(), { timeout: patience }).toBe(total);
  }

  /** The line above the rows that sums the table up. */
  async expectSummary(text: string | RegExp): Promise<void> {
    const summary = this.record.frame.locator(".summary");
    if (typeof text === "string") await expect.poll(() => summary.innerText(), { timeout: patience }).toContain(text);
    else await expect.poll(() => summary.innerText(), { timeout: patience }).toMatch(text);
  }
}
