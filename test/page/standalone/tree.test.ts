import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { around } from "./aroundBuilders.ts";
import { opened, preview, start, triageRecord } from "./builders.ts";
import { FakeHost } from "./FakeHost.ts";
import { PageBench, type OpenedPage, type OpenOptions } from "./openPage.ts";
import { flatSource, nodes, treeSource, type NodeSpec } from "./RowSource.ts";

const bench = new PageBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

async function openTriage(options: OpenOptions = {}): Promise<OpenedPage & { host: FakeHost }> {
  const host = new FakeHost(triageRecord());
  return { ...(await bench.open(host, options)), host };
}

/** Name of the row that has the keyboard; empty when none has. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() =>
    document.activeElement?.getAttribute("role") === "row" ? (document.activeElement.querySelector(".label")?.textContent ?? "") : "",
  );
}

async function press(page: Page, keys: string, expected: string): Promise<void> {
  for (const key of keys.split(" ")) await page.keyboard.press(key);
  await expect.poll(() => focused(page), { message: `after ${keys}` }).toBe(expected);
}

describe("by keyboard", () => {
  it("walks, opens, closes and jumps", async () => {
    const { page, faults } = await openTriage();
    await page.getByRole("row", { name: /^Stage plan/ }).click();
    await press(page, "ArrowDown ArrowDown", "compaction");
    await press(page, "ArrowLeft", "plan");
    await press(page, "ArrowLeft", "plan");
    await expect.poll(() => page.getByRole("row").count()).toBe(17);
    await press(page, "ArrowDown", "plan → gather-evidence");
    await press(page, "ArrowUp ArrowRight ArrowRight", "read_file");
    await press(page, "End", "publish");
    await press(page, "ArrowDown", "publish");
    await press(page, "Home", "plan");
    await press(page, "ArrowUp", "plan");
    await press(page, "v", "verify-fix");
    await press(page, "ArrowDown", "attempt 1");
    await press(page, "*", "attempt 1");
    await page
      .getByRole("row", { name: /run_checks/ })
      .nth(1)
      .waitFor();
    expect(faults).toEqual([]);
  });

  it("tells assistive technology where every row stands", async () => {
    const { page } = await openTriage();
    const grid = page.getByRole("treegrid", { name: "Stages of the run" });
    expect(await grid.getAttribute("aria-rowcount")).toBe("20");
    const attempt = page.getByRole("row", { name: /attempt 2/ });
    const names = ["aria-level", "aria-posinset", "aria-setsize", "aria-expanded", "aria-selected", "aria-rowindex"];
    expect(await Promise.all(names.map((name) => attempt.getAttribute(name)))).toEqual(["2", "2", "2", "true", "false", "15"]);
    expect(await page.getByRole("row", { name: /^Artifact/ }).getAttribute("aria-expanded")).toBeNull();
    expect(await grid.locator('[tabindex="0"]').count()).toBe(1);
  });

  it("Enter opens a child's record, and elsewhere goes to the details; Escape comes back", async () => {
    const { page, host } = await openTriage();
    await page.getByRole("row", { name: /log-scout/ }).click();
    await page.keyboard.press("Enter");
    await expect.poll(() => host.actions).toEqual([{ kind: "openChildRecord", rowId: "stage:1/child:0" }]);
    await press(page, "ArrowUp", "gather-evidence");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe("detail");
    await press(page, "Escape", "gather-evidence");
  });

  it("keeps a row in the document, and the keyboard on it, when it is scrolled out of sight", async () => {
    const host = new FakeHost({ view: opened(), rows: flatSource(100_000) });
    const { page, faults } = await bench.open(host);
    await page.getByRole("row", { name: /step 4 / }).click();
    await page.locator(".tree-scroller").evaluate((scroller) => (scroller.scrollTop = 900_000));
    await page.getByRole("row", { name: /step 40915 / }).waitFor();
    expect(await focused(page)).toBe("step 4");
    expect(await page.getByRole("row").count()).toBeLessThan(90);
    await press(page, "ArrowDown", "step 5");
    expect(await page.locator(".tree-scroller").evaluate((scroller) => scroller.scrollTop)).toBeLessThan(200);
    await press(page, "End", "step 99999");
    await press(page, "PageUp Home", "step 0");
    expect(faults).toEqual([]);
  });

  it("reaches the last of two million rows, one by one around it", async () => {
    const host = new FakeHost({ view: opened(), rows: flatSource(2_000_000) });
    const { page } = await bench.open(host);
    await page.getByRole("row", { name: /step 0 / }).click();
    await press(page, "End", "step 1999999");
    await press(page, "ArrowUp ArrowUp ArrowUp", "step 1999996");
    const inSight = await page.getByRole("row", { name: /step 1999996 / }).evaluate((row) => {
      const box = row.getBoundingClientRect();
      return box.top >= 0 && box.bottom <= innerHeight;
    });
    expect(inSight).toBe(true);
  });
});

describe("scrolling a hundred thousand rows", () => {
  it("never draws more than what is in sight, and asks for windows of at most a hundred", async () => {
    const host = new FakeHost({ view: opened(), rows: flatSource(100_000), axis: { startMs: 0, endMs: 100_000_000 } });
    const { page } = await bench.open(host);
    const most = await page.locator(".tree-scroller").evaluate(async (scroller) => {
      let drawn = 0;
      for (let n = 1; n <= 60; n += 1) {
        scroller.scrollTop = n * 36_000;
        await new Promise((frame) => requestAnimationFrame(frame));
        drawn = Math.max(drawn, document.querySelectorAll(".tree .row").length);
      }
      return drawn;
    });
    expect(most).toBeLessThan(90);
    await page.getByRole("row", { name: /step 98200 / }).waitFor();
    const windows = host.requests.filter((request) => request.kind === "rows");
    expect(windows.every((request) => request.count <= 100)).toBe(true);
  });
});

describe("by pointer", () => {
  it("selects, opens by the twistie, and opens a child's record by double click", async () => {
    const { page, host } = await openTriage();
    await page
      .getByRole("row", { name: /attempt 1/ })
      .locator("[data-twistie]")
      .click();
    await page.getByRole("row", { name: /timeout failed|run_checks timeout/ }).waitFor();
    expect(host.selected.at(-1)).toBe("stage:3/attempt:0");
    await page.getByRole("row", { name: /metrics-scout/ }).dblclick();
    await expect.poll(() => host.actions).toEqual([{ kind: "openChildRecord", rowId: "stage:1/child:1" }]);
    await page.getByRole("row", { name: /^Stage plan/ }).dblclick();
    await expect.poll(() => page.getByRole("row", { name: /read_file/ }).count()).toBe(0);
  });

  it("shows a child's card on resting, keeps it while the pointer is on it, and Escape closes it", async () => {
    const { page, host } = await openTriage();
    await page.getByRole("row", { name: /log-scout/ }).hover();
    const card = page.getByRole("dialog", { name: "Child run" });
    await card.waitFor();
    await card.getByText("read only").hover();
    await card.getByRole("button", { name: "Open record" }).click();
    expect(host.actions).toEqual([{ kind: "openChildRecord", rowId: "stage:1/child:0" }]);
    await page.keyboard.press("Escape");
    await card.waitFor({ state: "detached" });
  });

  it("shows the card of a row that was just clicked once the pointer moves on it", async () => {
    const { page } = await openTriage();
    await page.getByRole("row", { name: /log-scout/ }).click();
    await page.getByRole("row", { name: /log-scout/ }).hover({ position: { x: 90, y: 11 } });
    await page.getByRole("dialog", { name: "Child run" }).waitFor();
  });

  it("closes the card when the pointer goes elsewhere", async () => {
    const { page } = await openTriage();
    await page.getByRole("row", { name: /log-scout/ }).hover();
    const card = page.getByRole("dialog", { name: "Child run" });
    await card.waitFor();
    await page.locator(".run h1").hover();
    await card.waitFor({ state: "detached" });
  });

  it("shows the card by the space bar, with the keyboard in it, and Escape goes back to the row", async () => {
    const { page } = await openTriage();
    await page.getByRole("row", { name: /log-scout/ }).click();
    await page.keyboard.press("Space");
    const card = page.getByRole("dialog", { name: "Child run" });
    await card.waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe("card");
    await press(page, "Escape", "log-scout");
    expect(await card.count()).toBe(0);
  });
});

describe("what is remembered", () => {
  it("is the selection, what was opened and closed, the place, and the width of the details", async () => {
    const { page, remembered } = await openTriage();
    await page.getByRole("row", { name: /attempt 1/ }).click();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("row", { name: /^Stage plan/ }).click();
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("separator").focus();
    await page.keyboard.press("ArrowLeft");
    await expect
      .poll(remembered)
      .toMatchObject({ version: 1, selected: "stage:0", expanded: ["stage:3/attempt:0"], collapsed: ["stage:0"], detailWidth: 390 + 16 });
  });

  it("is there again after a restart", async () => {
    const state = {
      version: 1,
      selected: "stage:50000",
      expanded: [],
      collapsed: [],
      scrollTop: 1_099_000,
      detailWidth: 500,
      view: "tree",
      tables: {},
    } as const;
    const host = new FakeHost({ view: opened(), rows: flatSource(100_000) });
    const { page } = await bench.open(host, { state });
    expect(host.readyWith).toEqual(state);
    const row = page.getByRole("row", { name: /step 50000 / });
    await row.waitFor();
    await expect.poll(() => row.getAttribute("aria-selected")).toBe("true");
    await expect.poll(() => page.locator(".tree-scroller").evaluate((scroller) => scroller.scrollTop)).toBe(1_099_000);
    expect(await page.getByRole("separator").getAttribute("aria-valuenow")).toBe("500");
  });

  it("survives that the record is read again: selection by name, though its place changed", async () => {
    const host = new FakeHost({
      view: opened(),
      rows: treeSource(
        nodes([
          ["a", {}],
          ["b", {}],
        ]),
      ),
    });
    const { page, send } = await bench.open(host);
    await page.getByRole("row", { name: "Stage b" }).click();
    const longer: NodeSpec[] = [
      ["new", {}],
      ["a", {}],
      ["b", { note: "now done" }],
    ];
    host.record.rows = treeSource(nodes(longer));
    await send({ type: "loading", fileName: "x.json", byteLength: 1 }, { type: "opened", view: opened({ revision: 2 }) });
    await page.getByRole("row", { name: /now done/ }).waitFor();
    expect(await page.locator('[aria-selected="true"] .label').textContent()).toBe("b");
    await expect.poll(() => focused(page)).toBe("b");
  });
});

describe("time", () => {
  it("is one axis for all rows: bars, moments, and words where nothing can be drawn", async () => {
    const { page } = await openTriage();
    const place = (name: RegExp, what: string): Promise<number[]> =>
      page
        .getByRole("row", { name })
        .locator(`.time .${what}`)
        .evaluate((mark) => {
          const lane = mark.parentElement!.getBoundingClientRect();
          const box = mark.getBoundingClientRect();
          return [(box.left - lane.left) / lane.width, box.width / lane.width];
        });
    const [left = 0, width = 0] = await place(/verify-fix/, "bar");
    expect(left).toBeCloseTo(170 / 401, 2);
    expect(width).toBeCloseTo(130 / 401, 2);
    const [open = 0, rest = 0] = await place(/escalate/, "bar");
    expect(open + rest).toBeCloseTo(1, 2);
    expect(
      await page
        .getByRole("row", { name: /incident commander/ })
        .locator(".moment")
        .count(),
    ).toBe(1);
    expect(
      await page
        .getByRole("row", { name: /publish/ })
        .locator(".time")
        .textContent(),
    ).toBe("");
    expect((await page.locator(".tick").allTextContents()).slice(0, 2)).toEqual(["0s", "2m"]);
  });

  it("is said in words when the record has lengths but no times", async () => {
    const rows = treeSource(
      nodes([
        ["plan", { durationMs: 31_000 }],
        ["late", { startMs: start, durationMs: 5000 }],
      ]),
    );
    const { page } = await bench.open(new FakeHost({ view: opened(), rows }));
    expect(await page.locator(".tree .time .length").allTextContents()).toEqual(["31 s", "5 s"]);
    expect(await page.locator(".bar, .moment").count()).toBe(0);
  });
});

describe("rows from around the record", () => {
  it("come into the tree without a blink: selection, what is open and the place stay", async () => {
    const turns: NodeSpec[] = Array.from({ length: 40 }, (_, n) => [
      `stage:0/@turn:${n}`,
      { kind: n % 2 === 0 ? "modelTurn" : "agentEvent", label: `turn ${n}`, note: "model-a" },
    ]);
    const stages = (children: readonly NodeSpec[]): NodeSpec[] =>
      Array.from({ length: 60 }, (_, n) => [
        `stage:${n}`,
        n === 0 ? { label: "step 0", expanded: true, children } : { label: `step ${n}` },
      ]);
    const host = new FakeHost({
      view: opened(),
      rows: treeSource(nodes(stages([["stage:0/tool:0", { kind: "toolCall", label: "read_file" }]]))),
      around: around(),
    });
    const { page, send, faults } = await bench.open(host);
    await page.locator(".tree-scroller").evaluate((scroller) => (scroller.scrollTop = 600));
    await page.locator('[data-row-id="stage:40"]').click();
    const top = (): Promise<number> => page.locator('[data-row-id="stage:40"]').evaluate((row) => row.getBoundingClientRect().top);
    const before = await top();
    await page.evaluate(() => {
      const watch = window as unknown as { least: number };
      watch.least = Infinity;
      const count = (): void => {
        watch.least = Math.min(watch.least, document.querySelectorAll(".tree .row[data-row-id]").length);
        requestAnimationFrame(count);
      };
      count();
    });
    host.record.rows = treeSource(nodes(stages([["stage:0/tool:0", { kind: "toolCall", label: "read_file" }], ...turns])));
    await send({ type: "around", around: around({ version: 2, treeVersion: 2 }) });
    await page.getByText("101 rows").waitFor();
    await expect.poll(top).toBe(before);
    expect(await focused(page)).toBe("step 40");
    expect(await page.evaluate(() => (window as unknown as { least: number }).least)).toBeGreaterThan(10);
    await page.keyboard.press("Home");
    await page.getByRole("row", { name: /^Model turn turn 0 / }).waitFor();
    await page.getByRole("row", { name: /^Agent event turn 1 / }).waitFor();
    expect(faults).toEqual([]);
  });

  it("may go, and the keyboard finds the row that stands in the place of the selected one", async () => {
    const turns = (count: number): NodeSpec[] => [
      [
        "stage:0",
        {
          expanded: true,
          children: Array.from({ length: count }, (_, n): NodeSpec => [`stage:0/@turn:${n}`, { kind: "modelTurn", label: `turn ${n}` }]),
        },
      ],
      ["stage:1", { label: "step 1" }],
    ];
    const host = new FakeHost({ view: opened(), rows: treeSource(nodes(turns(5))), around: around() });
    const { page, send, faults } = await bench.open(host);
    await page.getByRole("row", { name: /turn 4/ }).click();
    host.record.rows = treeSource(nodes(turns(4)));
    await send({ type: "around", around: around({ version: 2, treeVersion: 2 }) });
    await expect.poll(() => focused(page)).toBe("step 1");
    expect(faults).toEqual([]);
  });
});

it("shows the selected row again after a preview was over it, also when it is closed by a new revision", async () => {
  const host = new FakeHost({ view: opened(), rows: flatSource(500) });
  const { page, send } = await bench.open(host);
  await page.getByRole("row", { name: /step 3 / }).click();
  await send({ type: "preview", preview: preview() });
  await page.waitForSelector(".change");
  await page.locator(".tree-scroller").evaluate((scroller) => (scroller.scrollTop = 5000));
  await send({ type: "opened", view: opened({ revision: 2 }) }, { type: "previewClosed" });
  await expect.poll(() => focused(page)).toBe("step 3");
  const row = page.locator('[data-row-id="stage:3"]');
  await expect.poll(() => row.evaluate((element) => element.getBoundingClientRect().top > 0)).toBe(true);
});
