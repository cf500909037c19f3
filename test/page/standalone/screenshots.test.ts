import { mkdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aroundRecord, openRequest } from "./aroundBuilders.ts";
import { preview, triageRecord } from "./builders.ts";
import { FakeHost } from "./FakeHost.ts";
import { PageBench } from "./openPage.ts";
import type { ThemeName } from "./servePage.ts";

/** Pictures of the page, to be looked at: `test-results/standalone/*.png`. */
const folder = "test-results/standalone";
const bench = new PageBench();
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  await bench.start();
});
afterAll(() => bench.stop());

const themes: readonly ThemeName[] = ["dark", "light", "hc-dark", "hc-light"];

describe.each(themes)("%s", (theme) => {
  it("shows a run, a child's card and the preview of a resave", async () => {
    const { page, send, faults } = await bench.open(new FakeHost(triageRecord()), { theme, width: 1440, height: 780 });
    await page.getByRole("row", { name: /verify-fix/ }).click();
    await page.waitForSelector("rr-detail h2");
    await page.screenshot({ path: `${folder}/${theme}-tree.png` });
    await page.getByRole("row", { name: /log-scout/ }).hover();
    await page.waitForSelector(".card");
    await page.screenshot({ path: `${folder}/${theme}-card.png` });
    await send({
      type: "preview",
      preview: preview({
        rederive: { offered: true, on: false },
        notes: ["The stored parts of a later runtime version are kept as they are."],
      }),
    });
    await page.waitForSelector(".change");
    await page.screenshot({ path: `${folder}/${theme}-preview.png` });
    expect(faults).toEqual([]);
  });
});

describe.each(themes)("%s, what lies around a record", (theme) => {
  it("shows questions, turns and files", async () => {
    const { page, faults } = await bench.open(new FakeHost(aroundRecord()), { theme, width: 1440, height: 780 });
    await page.getByRole("row", { name: /Roll back/ }).click();
    await page.waitForSelector("rr-detail h2");
    await page.screenshot({ path: `${folder}/${theme}-around-tree.png` });
    await page.getByRole("tab", { name: /Questions/ }).click();
    await page.locator('.table [data-row-id="@question:1"]').click();
    await page.getByRole("columnheader", { name: "Asked" }).getByRole("button").click();
    await page.waitForSelector('[aria-sort="ascending"]');
    await page.screenshot({ path: `${folder}/${theme}-questions.png` });
    await page.getByRole("combobox", { name: /^Outcome/ }).click();
    await page.screenshot({ path: `${folder}/${theme}-filter.png` });
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: /Turns/ }).click();
    await page.locator('.table [data-row-id="@turn:2"]').click();
    await page.getByRole("button", { name: "Copy rows" }).click();
    await page.screenshot({ path: `${folder}/${theme}-turns.png` });
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: /Files/ }).click();
    await page.waitForSelector('.table [data-row-id="@file:3"]');
    await page.getByText("2 things could not be read").click();
    await page.getByRole("button", { name: /event log/ }).click();
    await page.screenshot({ path: `${folder}/${theme}-files.png` });
    expect(faults).toEqual([]);
  });
});

it("fits what lies around a record into a narrow pane", async () => {
  const record = aroundRecord();
  const openRequests = [1, 2, 3].map((n) => openRequest(n));
  const host = new FakeHost({ ...record, around: { ...record.around!, openRequests } });
  const { page, faults } = await bench.open(host, { width: 420, height: 800 });
  await page.getByRole("tab", { name: /Questions/ }).click();
  await page.waitForSelector(".table .row[data-row-id]");
  await page.screenshot({ path: `${folder}/narrow-questions.png` });
  await page.locator('.table [data-row-id="@question:1"]').click();
  await page.getByRole("button", { name: "More" }).click();
  await page.screenshot({ path: `${folder}/narrow-more.png` });
  expect(faults).toEqual([]);
});

it("fits a narrow pane", async () => {
  const { page, send, faults } = await bench.open(new FakeHost(triageRecord()), { width: 420, height: 760 });
  await page.getByRole("row", { name: /verify-fix/ }).click();
  await page.waitForSelector("rr-detail h2");
  await page.screenshot({ path: `${folder}/narrow-tree.png` });
  await send({ type: "preview", preview: preview() });
  await page.waitForSelector(".change");
  await page.screenshot({ path: `${folder}/narrow-preview.png` });
  expect(faults).toEqual([]);
});

it("fits a pane as wide as beside another editor", async () => {
  const { page, faults } = await bench.open(new FakeHost(triageRecord()), { width: 900, height: 600 });
  await page.getByRole("row", { name: /verify-fix/ }).click();
  await page.waitForSelector("rr-detail h2");
  await page.screenshot({ path: `${folder}/medium-tree.png` });
  await page.getByRole("button", { name: /3 problems/ }).click();
  await page.waitForSelector(".problems .row .message");
  await page.screenshot({ path: `${folder}/medium-problems.png` });
  expect(faults).toEqual([]);
});
