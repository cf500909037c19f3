import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenedState } from "../../../src/view/types.ts";
import { header, opened, problem, triageRecord } from "./builders.ts";
import { FakeHost } from "./FakeHost.ts";
import { PageBench } from "./openPage.ts";
import { treeSource } from "./RowSource.ts";

const bench = new PageBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

describe("before there is a record", () => {
  it("says what is read once it takes long enough to notice", async () => {
    const host = new FakeHost(triageRecord(), [{ type: "loading", fileName: "big.json", byteLength: 200_000_000 }]);
    const { page, send } = await bench.open(host, { waitFor: ".state" });
    await page.getByRole("status").filter({ hasText: "Reading big.json 200 MB" }).waitFor();
    await send({ type: "opened", view: host.record.view });
    await page.getByRole("row", { name: /verify-fix/ }).waitFor();
    expect(await page.getByText("Reading big.json").count()).toBe(0);
  });

  it("says why it cannot be read, and offers to try again and the log", async () => {
    const host = new FakeHost(triageRecord(), [{ type: "failed", error: { message: "The file was deleted." } }]);
    const { page } = await bench.open(host, { waitFor: ".state" });
    await page.getByRole("alert").getByText("The file was deleted.").waitFor();
    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByRole("button", { name: "Show Log" }).click();
    expect(host.actions).toEqual([{ kind: "reload" }, { kind: "showLog" }]);
  });
});

describe("what is no record", () => {
  it.each([
    ["otherJson", "JSON, but no run record"],
    ["notJson", "Not JSON"],
    ["empty", "The file is empty"],
  ] satisfies readonly (readonly [OpenedState, string])[])("%s offers the text", async (state, title) => {
    const host = new FakeHost({ ...triageRecord(), view: opened({ state, header: null, notice: "This is a flight recording." }) });
    const { page, faults } = await bench.open(host, { waitFor: ".state" });
    await page.getByRole("heading", { name: title }).waitFor();
    await page.getByText("This is a flight recording.").waitFor();
    await page.getByRole("button", { name: "Open as Text" }).click();
    expect(host.actions).toEqual([{ kind: "openAsText", offset: null }]);
    expect(faults).toEqual([]);
  });
});

it("shows what came before the break in a broken file, and leads to the break", async () => {
  const host = new FakeHost(triageRecord());
  host.record.view = opened({ state: "broken", notice: "The text breaks off at line 812, column 4.", breakOffset: 31_337 });
  const { page } = await bench.open(host);
  await page.getByText("The text breaks off at line 812, column 4.").waitFor();
  await page.getByRole("row", { name: /verify-fix/ }).waitFor();
  await page.getByRole("button", { name: "Go to the break in the text" }).click();
  expect(host.actions).toEqual([{ kind: "openAsText", offset: 31_337 }]);
});

it("says that a run has no stages", async () => {
  const host = new FakeHost({
    view: opened({
      header: header({ title: "", durationMs: null, tokensIn: null, tokensOut: null, cost: null, modelCalls: null, childRuns: 0 }),
    }),
    rows: treeSource([]),
  });
  const { page, faults } = await bench.open(host, { waitFor: ".state" });
  await page.getByText("This run has no stages yet.").waitFor();
  expect(await page.locator(".fact b").allTextContents()).toEqual(["–", "–", "–", "–"]);
  await page.keyboard.press("ArrowDown");
  expect(faults).toEqual([]);
});

it("says when the file has unsaved changes", async () => {
  const { page, send } = await bench.open(new FakeHost(triageRecord()));
  expect(await page.getByText("unsaved changes").count()).toBe(0);
  await send({ type: "dirty", dirty: true });
  await page.getByText("unsaved changes").waitFor();
});

it("selects the row a command asks for, opening what hides it", async () => {
  const { page, send } = await bench.open(new FakeHost(triageRecord()));
  await send({ type: "select", rowId: "stage:3/attempt:0/tool:0" });
  await expect.poll(() => page.locator('.tree [aria-selected="true"]').getAttribute("data-row-id")).toBe("stage:3/attempt:0/tool:0");
});

it("reports its own faults and says so on the page", async () => {
  const host = new FakeHost(triageRecord());
  const { page } = await bench.open(host);
  await page.evaluate(() =>
    setTimeout(() => {
      throw new Error("on purpose");
    }),
  );
  await page.getByText("Something on this page failed").waitFor();
  await expect.poll(() => host.faults.join()).toContain("on purpose");
});

describe("problems", () => {
  it("are listed all, in windows; each leads to its row and to its place in the text", async () => {
    const problems = Array.from({ length: 5000 }, (_, n) => problem(n, n === 1 ? { rowId: "stage:3" } : {}));
    const host = new FakeHost(triageRecord({ problems, view: opened({ problemCount: 5000, worstProblem: "error" }) }));
    const { page, faults } = await bench.open(host);
    await page.getByRole("button", { name: "5000 problems" }).click();
    const grid = page.getByRole("grid", { name: "Problems of this file" });
    await grid.getByText("Problem 1:").waitFor();
    expect(await grid.getByRole("row").count()).toBeLessThan(80);
    await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { name: "verify-fix" }).waitFor();
    await page.getByRole("button", { name: "11:7, show in the text" }).click();
    expect(host.actions).toEqual([{ kind: "openAsText", offset: 100 }]);
    await grid.getByRole("row", { name: /Problem 2:/ }).click();
    await page.keyboard.press("End");
    await grid.getByText("Problem 4999:").waitFor();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-row-id"))).toBe("stage:3");
    expect(faults).toEqual([]);
  });
});
