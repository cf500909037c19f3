import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { around, aroundRecord, openRequest, source, trigger, turnTable } from "./aroundBuilders.ts";
import { header, opened, start } from "./builders.ts";
import { FakeHost, type FakeRecord } from "./FakeHost.ts";
import { PageBench, type OpenedPage, type OpenOptions } from "./openPage.ts";

const bench = new PageBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

interface Opened extends OpenedPage {
  readonly host: FakeHost;
}

async function openAround(options: OpenOptions = {}, record: Partial<FakeRecord> = {}): Promise<Opened> {
  const host = new FakeHost(aroundRecord(record));
  return { ...(await bench.open(host, options)), host };
}

function focusedRow(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute("data-row-id") ?? null);
}

function selectedTab(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector('[role="tab"][aria-selected="true"]')?.id ?? "");
}

/** Ids of the rows of the table, from the top. */
function rowIds(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".table .row[data-row-id]")]
      .sort((a, b) => Number(a.dataset["index"]) - Number(b.dataset["index"]))
      .map((row) => row.dataset["rowId"] ?? ""),
  );
}

async function showTable(page: Page, name: RegExp): Promise<void> {
  await page.getByRole("tab", { name }).click();
  await page.waitForSelector(".table .row[data-row-id]");
}

describe("tabs", () => {
  it("are walked by the keyboard, wrap around, and show what they name", async () => {
    const { page, remembered, faults } = await openAround();
    await page.getByRole("tab", { name: "Tree" }).focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => selectedTab(page)).toBe("tab-questions");
    await page.getByRole("grid", { name: "Questions" }).getByText("Roll back").waitFor();
    await page.keyboard.press("End");
    await expect.poll(() => selectedTab(page)).toBe("tab-problems");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => selectedTab(page)).toBe("tab-tree");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => selectedTab(page)).toBe("tab-files");
    await page.keyboard.press("Home");
    await expect.poll(() => selectedTab(page)).toBe("tab-tree");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("tab-tree");
    expect(await page.locator('[role="tab"][tabindex="0"]').count()).toBe(1);
    await expect.poll(() => remembered()?.view).toBe("tree");
    expect(faults).toEqual([]);
  });

  it("say how many rows there are, and what needs somebody instead", async () => {
    const { page } = await openAround();
    expect(await page.getByRole("tab").allInnerTexts()).toEqual(["Tree", "Questions\n1 open", "Turns\n412", "Files\n4", "Problems\n3"]);
  });

  it("that do not fit are in a menu with a menu's keys", async () => {
    const { page, faults } = await openAround({ width: 320 });
    const more = page.getByRole("button", { name: "More" });
    await more.focus();
    await page.keyboard.press("ArrowDown");
    const items = page.getByRole("menuitem");
    const names = await items.allInnerTexts();
    expect(names.length).toBeGreaterThan(1);
    expect(await items.first().evaluate((item) => item === document.activeElement)).toBe(true);
    await page.keyboard.press("ArrowUp");
    expect(await items.last().evaluate((item) => item === document.activeElement)).toBe(true);
    await page.keyboard.press("Escape");
    expect(await more.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await page.keyboard.press("f");
    await page.keyboard.press("Enter");
    await expect.poll(() => selectedTab(page)).toBe("tab-files");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("tab-files");
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect(faults).toEqual([]);
  });

  it("fall back to the tree when their table is no more", async () => {
    const { page, send } = await openAround();
    await showTable(page, /Turns/);
    await send({ type: "around", around: around({ version: 2 }) });
    await expect.poll(() => selectedTab(page), { timeout: 10_000 }).toBe("tab-tree");
    expect(await page.getByRole("tab").allInnerTexts()).toEqual(["Tree", "Problems\n3"]);
  });
});

describe("a remembered view", () => {
  const state = {
    version: 1,
    selected: null,
    expanded: [],
    collapsed: [],
    scrollTop: 0,
    detailWidth: null,
    view: "turns",
    tables: { turns: { selected: "@turn:300", query: { text: "", filters: {}, sort: null } } },
  } as const;

  it("is there again, with its selected row in sight", async () => {
    const { page } = await openAround({ state, waitFor: ".table .row[data-row-id]" });
    expect(await selectedTab(page)).toBe("tab-turns");
    await page.getByRole("heading", { name: "turn 300" }).waitFor();
    const row = page.locator('.table [data-row-id="@turn:300"]');
    expect(await row.getAttribute("aria-selected")).toBe("true");
    await expect.poll(() => row.evaluate((element) => element.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
  });

  it("is waited for while its table is not there yet", async () => {
    const record = aroundRecord();
    const host = new FakeHost({ ...record, around: around() });
    const { page, send } = await bench.open(host, { state, waitFor: "rr-table" });
    expect(await selectedTab(page)).toBe("tab-turns");
    await send({ type: "around", around: { ...record.around!, version: 2 } });
    await page.getByRole("heading", { name: "turn 300" }).waitFor();
    expect(await selectedTab(page)).toBe("tab-turns");
  });
});

describe("a table", () => {
  it("tells assistive technology its size, its order and where each row stands", async () => {
    const { page } = await openAround();
    await showTable(page, /Turns/);
    const grid = page.getByRole("grid", { name: "Turns" });
    expect(await grid.getAttribute("aria-rowcount")).toBe("413");
    expect(await grid.getAttribute("aria-colcount")).toBe("6");
    expect(await page.locator('.table [data-row-id="@turn:3"]').getAttribute("aria-rowindex")).toBe("5");
    expect(await page.getByRole("columnheader", { name: "Model" }).getAttribute("aria-sort")).toBe("none");
    expect(await grid.locator('.row[tabindex="0"]').count()).toBe(1);
  });

  it("is ordered by its heads: ascending, descending, its own order", async () => {
    const { page, remembered, host } = await openAround();
    await showTable(page, /Questions/);
    const head = page.getByRole("columnheader", { name: "Kind" });
    await head.getByRole("button").click();
    await expect.poll(() => head.getAttribute("aria-sort")).toBe("ascending");
    await expect.poll(() => rowIds(page)).toEqual(["@question:1", "@question:2", "@question:3", "@question:0", "@question:4"]);
    await head.getByRole("button").click();
    await expect.poll(() => head.getAttribute("aria-sort")).toBe("descending");
    await expect.poll(() => rowIds(page).then((ids) => ids[0])).toBe("@question:0");
    await expect.poll(() => remembered()?.tables.questions?.query.sort).toEqual({ column: "kind", descending: true });
    await head.getByRole("button").click();
    await expect.poll(() => head.getAttribute("aria-sort")).toBe("none");
    await expect.poll(() => rowIds(page).then((ids) => ids[1])).toBe("@question:1");
    expect(await page.getByRole("columnheader", { name: "Found in" }).getByRole("button").count()).toBe(0);
    expect(host.faults).toEqual([]);
  });

  it("is searched as one types; / goes to the field, Escape empties it, and then goes to the rows", async () => {
    const { page, host } = await openAround();
    await showTable(page, /Questions/);
    await page.locator('.table [data-row-id="@question:1"]').click();
    await page.keyboard.press("/");
    await page.keyboard.type("commander");
    await page.getByText("3 of 5").waitFor();
    expect(await rowIds(page)).toEqual(["@question:1", "@question:2", "@question:3"]);
    const asked = host.requests.filter((request) => request.kind === "table" && request.query.text !== "");
    expect(asked.length).toBeLessThan(9);
    expect(await page.locator('.table [aria-selected="true"]').getAttribute("data-row-id")).toBe("@question:1");
    await page.keyboard.press("Escape");
    await page.getByText("5 rows").first().waitFor();
    await page.keyboard.type("x");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("textbox", { name: "Search" }).inputValue()).toBe("");
    await page.keyboard.press("Escape");
    await expect.poll(() => focusedRow(page)).toBe("@question:1");
  });

  it("is filtered by a dropdown with counts; when nothing is left it says so and offers to clear", async () => {
    const { page } = await openAround();
    await showTable(page, /Questions/);
    const kind = page.getByRole("combobox", { name: /^Kind/ });
    await kind.click();
    await page.getByRole("option", { name: "question (2)" }).click();
    await page.getByText("2 of 5").waitFor();
    expect(await rowIds(page)).toEqual(["@question:0", "@question:4"]);
    expect(await kind.getAttribute("aria-label")).toBe("Kind: question");
    await page.keyboard.press("Tab");
    await page.getByRole("textbox", { name: "Search" }).fill("nothing like this");
    await page.getByText("No row is left by the search and the filters.").waitFor();
    await page.locator(".table-empty").getByText("Clear filters").click();
    await expect.poll(() => rowIds(page)).toHaveLength(5);
    expect(await kind.getAttribute("aria-label")).toBe("Kind: all");
  });

  it("keeps selection and place when rows come above, without an empty frame", async () => {
    const { page, send, host } = await openAround();
    await showTable(page, /Turns/);
    await page.locator('.table [data-row-id="@turn:6"]').click();
    await page.getByRole("heading", { name: "turn 6" }).waitFor();
    const top = (): Promise<number> => page.locator('.table [data-row-id="@turn:6"]').evaluate((row) => row.getBoundingClientRect().top);
    const before = await top();
    const { row } = turnTable(412).options;
    host.record.tables = {
      ...host.record.tables,
      turns: turnTable(462, { row: (index) => (index < 50 ? { ...row(index), id: `@turn:new${index}` } : row(index - 50)) }),
    };
    await page.evaluate(() => {
      const grid = document.querySelector(".table .rows");
      (window as unknown as { least: number }).least = Infinity;
      const count = (): void => {
        const rows = grid?.querySelectorAll(".row[data-row-id]").length ?? 0;
        (window as unknown as { least: number }).least = Math.min((window as unknown as { least: number }).least, rows);
        requestAnimationFrame(count);
      };
      count();
    });
    await send({ type: "around", around: { ...host.record.around!, version: 2, tabs: [{ id: "turns", count: 462, alert: null }] } });
    await page.getByText("462 rows").first().waitFor();
    expect(await page.locator('.table [aria-selected="true"]').getAttribute("data-row-id")).toBe("@turn:6");
    await expect.poll(top).toBe(before);
    expect(await focusedRow(page)).toBe("@turn:6");
    expect(await page.evaluate(() => (window as unknown as { least: number }).least)).toBeGreaterThan(10);
  });

  it("of a hundred thousand rows is drawn and asked for in windows", async () => {
    const { page, host, faults } = await openAround({}, { tables: { turns: turnTable(100_000) } });
    await showTable(page, /Turns/);
    const most = await page.locator(".table-scroller").evaluate(async (scroller) => {
      let drawn = 0;
      for (let n = 1; n <= 60; n += 1) {
        scroller.scrollTop = n * 39_000;
        await new Promise((frame) => requestAnimationFrame(frame));
        drawn = Math.max(drawn, document.querySelectorAll(".table .row").length);
      }
      return drawn;
    });
    expect(most).toBeLessThan(90);
    await page.locator('.table [data-row-id="@turn:97500"]').waitFor();
    const windows = host.requests.filter((request) => request.kind === "table");
    expect(windows.every((request) => request.count <= 300)).toBe(true);
    expect(windows.length).toBeLessThan(150);
    await page.locator('.table [data-row-id="@turn:97501"]').click();
    await page.keyboard.press("End");
    await expect.poll(() => focusedRow(page)).toBe("@turn:99999");
    await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Home");
    await expect.poll(() => focusedRow(page)).toBe("@turn:0");
    expect(faults).toEqual([]);
  });

  it("is copied as text or Markdown, a row by its key", async () => {
    const { page, host } = await openAround();
    await showTable(page, /Questions/);
    await page.getByRole("button", { name: "Copy rows" }).click();
    await page.getByRole("menuitem", { name: /Markdown/ }).click();
    await expect
      .poll(() => host.actions.at(-1))
      .toMatchObject({ kind: "copy", what: "5 rows", text: expect.stringContaining("Kind | Asked") as string });
    await page.locator('.table [data-row-id="@question:3"]').click();
    await page.keyboard.press("Control+c");
    await expect
      .poll(() => host.actions.at(-1))
      .toEqual({
        kind: "copy",
        what: "Row",
        text: `escalation\tto incident commander\tescalate · commander\t${start / 1000 + 320}\taccepted\t3 s\taccepted\tlog only`,
      });
  });

  it("opens a row's file by Enter, and says where nothing is", async () => {
    const { page, host } = await openAround();
    await showTable(page, /Files/);
    await page.locator('.table [data-row-id="@file:0"]').click();
    await page.keyboard.press("Enter");
    await expect.poll(() => host.actions).toEqual([{ kind: "openBeside", rowId: "@file:0" }]);
    await page.getByRole("button", { name: "Open the file" }).first().click();
    expect(host.actions).toHaveLength(2);
    await page.locator('.table [data-row-id="@file:2"]').click();
    await page.keyboard.press("t");
    await page.getByText("This row has no counterpart in the tree").waitFor();
  });

  it("says where its rows come from, what is missing and what can be done", async () => {
    const { page, host } = await openAround();
    await showTable(page, /Files/);
    const sources = page.getByRole("list", { name: "Sources" });
    await sources.getByText("It lies outside of the workspace and is read only when you allow it.").waitFor();
    await sources.getByRole("button", { name: "Allow…" }).click();
    await sources.getByRole("button", { name: "Settings…" }).click();
    expect(host.actions).toEqual([{ kind: "allowLog" }, { kind: "logSettings" }]);
    await page.getByText("2 things could not be read").click();
    await page.getByText("3 broken lines: 12, 40, 41").waitFor();
  });

  it("says how far reading is, and that there are no rows yet", async () => {
    const { page } = await openAround({}, { tables: { turns: turnTable(0, { progress: { done: 34, total: 100 } }) } });
    await page.getByRole("tab", { name: /Turns/ }).click();
    const bar = page.getByRole("progressbar", { name: "Reading" });
    await bar.waitFor();
    expect(await bar.getAttribute("aria-valuetext")).toBe("reading 34 %");
    await page.getByText("No rows yet.").waitFor();
  });

  it("keeps its rows and says why when newer ones cannot be had", async () => {
    let isBroken = false;
    const { page, send, host } = await openAround(
      {},
      { faulty: (request) => (isBroken && request.kind === "table" ? "The log went away." : null) },
    );
    await showTable(page, /Questions/);
    isBroken = true;
    await send({ type: "around", around: { ...host.record.around!, version: 2 } });
    await page.getByRole("alert").getByText("The log went away.").waitFor();
    expect(await rowIds(page)).toHaveLength(5);
  });
});

describe("links", () => {
  it("lead from a row of the tree to a row of a table, and back", async () => {
    const { page, host } = await openAround();
    await page.getByRole("row", { name: /Roll back eu-west-1/ }).click();
    await page.getByRole("button", { name: "1 of 2 answers" }).click();
    await expect.poll(() => selectedTab(page)).toBe("tab-questions");
    await expect.poll(() => focusedRow(page)).toBe("@question:1");
    await page.getByRole("button", { name: "in the tree" }).click();
    await expect.poll(() => selectedTab(page)).toBe("tab-tree");
    await expect.poll(() => focusedRow(page)).toBe("stage:4/question:0");
    expect(host.selected.slice(-2)).toEqual(["@question:1", "stage:4/question:0"]);
  });

  it("take filters away that hide what they lead to", async () => {
    const { page } = await openAround();
    await showTable(page, /Questions/);
    await page.getByRole("textbox", { name: "Search" }).fill("customer-facing");
    await page.getByText("1 of 5").waitFor();
    await page.getByRole("button", { name: "Go to question" }).click();
    await expect.poll(() => focusedRow(page)).toBe("@question:1");
    await page.getByText("The filters were cleared to show the row").waitFor();
    await expect.poll(() => page.getByRole("textbox", { name: "Search" }).inputValue()).toBe("");
  });

  it("lead from a table's row to the tree, by t, by its button and by Enter", async () => {
    const { page } = await openAround();
    await showTable(page, /Questions/);
    await page.locator('.table [data-row-id="@question:0"]').click();
    await page.keyboard.press("t");
    await expect.poll(() => focusedRow(page)).toBe("stage:2/question:0");
    await page.getByRole("tab", { name: /Questions/ }).click();
    await page.locator('.table [data-row-id="@question:4"]').hover();
    await page.locator('.table [data-row-id="@question:4"]').getByRole("button", { name: "Show in tree" }).click();
    await expect.poll(() => focusedRow(page)).toBe("stage:1");
  });

  it("lead by Enter to the details where there is neither a file nor a row of the tree, and by Escape back", async () => {
    const { page } = await openAround();
    await showTable(page, /Turns/);
    await page.locator('.table [data-row-id="@turn:0"]').click();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "")).toBe("Details");
    await page.keyboard.press("Escape");
    await expect.poll(() => focusedRow(page)).toBe("@turn:0");
  });

  it("lead back to the row they came from, by the button, by Alt+Left and by Escape, until another view is chosen", async () => {
    const { page, host, faults } = await openAround();
    await showTable(page, /Questions/);
    const back = page.getByRole("button", { name: "Back to Questions" });
    for (const goBack of [() => back.click(), () => page.keyboard.press("Alt+ArrowLeft"), () => page.keyboard.press("Escape")]) {
      await page.locator('.table [data-row-id="@question:0"]').click();
      expect(await back.count()).toBe(0);
      await page.keyboard.press("Enter");
      await expect.poll(() => focusedRow(page)).toBe("stage:2/question:0");
      await back.waitFor();
      await goBack();
      await expect.poll(() => focusedRow(page)).toBe("@question:0");
      expect(await selectedTab(page)).toBe("tab-questions");
    }
    await page.keyboard.press("Enter");
    await back.waitFor();
    await page.getByRole("tab", { name: /Turns/ }).click();
    await expect.poll(() => back.count()).toBe(0);
    expect(host.selected).not.toContain("@question:0");
    expect(faults).toEqual([]);
  });

  it("lead back to the tree's row a link was followed from", async () => {
    const { page } = await openAround();
    await page.locator('.tree [data-row-id="stage:1"]').click();
    await page.getByRole("button", { name: "Go to question" }).first().click();
    await expect.poll(() => focusedRow(page)).toBe("@question:1");
    await page.keyboard.press("Escape");
    await expect.poll(() => focusedRow(page)).toBe("stage:1");
    expect(await page.getByRole("button", { name: /^Back to/ }).count()).toBe(0);
  });
});

describe("the head of the run", () => {
  it("says what set it off", async () => {
    const { page, host } = await openAround();
    await page.getByText("pagerduty · incident.triggered").waitFor();
    await page.getByText("signature verified").waitFor();
    await page.getByRole("button", { name: "Copy dedupe key" }).click();
    await page.getByRole("button", { name: "Copy trace id" }).click();
    expect(host.actions).toEqual([
      { kind: "copy", text: trigger.dedupeKey, what: "Dedupe key" },
      { kind: "copy", text: trigger.traceId, what: "Trace id" },
    ]);
  });

  it("says which field of a trigger is at fault, and leads there", async () => {
    const faulty = {
      ...trigger,
      signature: null,
      provider: "",
      kind: "",
      eventId: "",
      fault: "trigger.received_at is a number, a text was expected.",
      offset: 77,
    };
    const { page, host } = await openAround({}, { view: opened({ header: header({ trigger: faulty }) }) });
    await page.getByText("trigger.received_at is a number").waitFor();
    await page.getByRole("button", { name: "Show in the text" }).click();
    expect(host.actions).toEqual([{ kind: "openAsText", offset: 77 }]);
  });

  it("says where the run went wrong first, and goes to the stage", async () => {
    const failure = { rowId: "stage:4", stage: "verify-fix", error: "2 of 5 checks failed", more: 2, runFailed: true };
    const { page } = await openAround({}, { view: opened({ header: header({ failure }) }) });
    await page.getByText("verify-fix failed — 2 of 5 checks failed · 2 more stages failed").waitFor();
    await showTable(page, /Turns/);
    await page.getByRole("button", { name: "Go to stage" }).click();
    await expect.poll(() => focusedRow(page)).toBe("stage:4");
  });

  it("says who is waited for, and goes to the question", async () => {
    const requests = [1, 2, 3, 4, 0].map((n) => openRequest(n, n === 2 ? { kind: "question", prompt: "Which region?" } : {}));
    const { page } = await openAround({}, { around: { ...aroundRecord().around!, openRequests: requests } });
    await page.getByText("Waits for approval 1 of 2 — “Roll back eu-west-1 now?” asked by escalate, since 14:08:20").first().waitFor();
    await page.getByText("Waits for an answer — “Which region?”").waitFor();
    await page.getByText("and 3 more").waitFor();
    expect(await page.getByRole("button", { name: "Go to question" }).count()).toBe(2);
    await page.getByRole("button", { name: "Go to question" }).first().click();
    await expect.poll(() => focusedRow(page)).toBe("@question:1");
    await page.getByRole("heading", { name: "Roll back" }).waitFor();
  });
});

describe("the foot line", () => {
  it("names the event log, and says more on request", async () => {
    const log = source("outside", { note: "It is read only when you allow it.", offer: "allowLog" });
    const { page, host } = await openAround({}, { around: around({ log }) });
    const button = page.getByRole("button", { name: /event log: .harn\/events.sqlite/ });
    await button.click();
    await page.getByText("It is read only when you allow it.").waitFor();
    await page.getByRole("button", { name: "Allow…" }).click();
    expect(host.actions).toEqual([{ kind: "allowLog" }]);
    await page.keyboard.press("Escape");
    expect(await button.getAttribute("aria-expanded")).toBe("false");
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});
