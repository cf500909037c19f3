import { mkdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
