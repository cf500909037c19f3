import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { change, preview, triageRecord } from "./builders.ts";
import { FakeHost } from "./FakeHost.ts";
import { PageBench, type OpenedPage } from "./openPage.ts";

const bench = new PageBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

async function openWith(options: Parameters<typeof preview>[0] = {}): Promise<OpenedPage & { host: FakeHost }> {
  const host = new FakeHost(triageRecord());
  const opened = await bench.open(host);
  await opened.page.getByRole("row", { name: /verify-fix/ }).click();
  await opened.send({ type: "preview", preview: preview(options) });
  await opened.page.waitForSelector(".preview-head");
  return { ...opened, host };
}

/** What has the keyboard, by the name its button has in code. */
const focusedName = ({ page }: OpenedPage): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute("data-name"));

describe("the preview of a resave", () => {
  it("lists what changes in groups, with what was, what will be, and why", async () => {
    const { page, faults } = await openWith();
    const region = page.getByRole("region", { name: "Preview of the change" });
    expect(await region.getByRole("heading", { level: 2 }).textContent()).toBe("Resave");
    expect(await region.locator(".summary").textContent()).toBe("6 changes, nothing lost · lossless fidelity");
    expect(await region.getByRole("table").evaluateAll((tables) => tables.map((table) => table.getAttribute("aria-label")))).toEqual([
      "Filled in",
      "Merged",
      "Derived again",
      "Would change only in runtime fidelity",
    ]);
    expect(await region.locator(".change").first().locator("span[role=cell]").allTextContents()).toEqual([
      "+",
      "replay_fixture",
      "–",
      "{ 8 stage assertions }",
      "the run had none: one is made from its stages",
    ]);
    expect(faults).toEqual([]);
  });

  it("starts on the button that changes nothing, and the tree has the keyboard again afterwards", async () => {
    const opened = await openWith();
    await expect.poll(() => focusedName(opened)).toBe("cancel");
    await opened.page.keyboard.press("Enter");
    await expect.poll(() => opened.host.actions).toEqual([{ kind: "cancelPreview", token: "token-1" }]);
    await expect.poll(() => opened.page.evaluate(() => document.activeElement?.getAttribute("data-row-id"))).toBe("stage:3");
  });

  it("is confirmed by its own button, once", async () => {
    const { page, host, send } = await openWith();
    await page.keyboard.press("Tab");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Write the file");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.getByText("Writing…").first().waitFor();
    expect(host.actions).toEqual([{ kind: "confirmPreview", token: "token-1" }]);
    await send({ type: "previewClosed" });
    await expect.poll(() => page.locator(".preview").count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-row-id"))).toBe("stage:3");
  });

  it("is cancelled by Escape wherever the keyboard is in it", async () => {
    const { page, host } = await openWith();
    await page.getByRole("region", { name: "Changes" }).focus();
    await page.keyboard.press("Escape");
    await expect.poll(() => host.actions).toEqual([{ kind: "cancelPreview", token: "token-1" }]);
  });

  it("is made again with another fidelity, and with derived parts by the rules", async () => {
    const opened = await openWith({ rederive: { offered: true, on: false } });
    const { page, host, send } = opened;
    await page.getByRole("checkbox", { name: /Make derived parts again/ }).click();
    await page.getByText("Working out the changes again…").first().waitFor();
    await send({ type: "preview", preview: preview({ token: "token-2", rederive: { offered: true, on: true } }) });
    await expect.poll(() => page.getByRole("checkbox").getAttribute("aria-checked")).toBe("true");
    await page.getByRole("combobox", { name: "Fidelity" }).click();
    await page.getByRole("option", { name: "runtime" }).click();
    await expect
      .poll(() => host.actions)
      .toEqual([
        { kind: "repreview", token: "token-1", rederive: true, fidelity: "lossless" },
        { kind: "repreview", token: "token-2", rederive: true, fidelity: "runtime" },
      ]);
  });

  it("opens as a text diff and stays", async () => {
    const { page, host } = await openWith();
    await page.getByRole("button", { name: "Open as text diff" }).click();
    expect(host.actions).toEqual([{ kind: "diffPreview", token: "token-1" }]);
    expect(await page.getByRole("button", { name: "Write the file" }).count()).toBe(1);
  });

  it("names its losses", async () => {
    const { page } = await openWith({
      fidelity: "runtime",
      changes: [change("lost", "stages[3].review_note", '"keep"', null, "the runtime does not know this field")],
    });
    expect(await page.locator(".summary").textContent()).toBe("1 change, 1 lost · runtime fidelity");
    await page.getByRole("table", { name: "Lost" }).waitFor();
  });

  it("says how many changes are not listed", async () => {
    const changes = Array.from({ length: 2000 }, (_, n) => change("filled", `stages[${n}].id`, null, '""', "missing"));
    const { page } = await openWith({ changes, totals: { filled: 7345, merged: 0, derived: 0, rewritten: 0, lost: 0, runtimeOnly: 0 } });
    expect(await page.locator(".change").count()).toBe(2000);
    await page.getByText("5,345 more changes are not listed here.").waitFor();
  });
});

it("says that there is nothing to change", async () => {
  const opened = await openWith({ operation: "normalize", changes: [], unchanged: true });
  await opened.page.getByText("Nothing to change").first().waitFor();
  expect(await opened.page.getByRole("button", { name: "Apply" }).count()).toBe(0);
  await expect.poll(() => focusedName(opened)).toBe("close");
});

it("writes the same bytes under another path when that was asked for", async () => {
  const { page, host } = await openWith({ operation: "resaveAs", changes: [], unchanged: true, targetPath: "/project/copy.run.json" });
  expect(await page.locator(".summary").textContent()).toBe("Nothing to change · lossless fidelity");
  await page.getByRole("button", { name: "Write the file" }).click();
  expect(host.actions).toEqual([{ kind: "confirmPreview", token: "token-1" }]);
});

it("can be cancelled while it is worked out", async () => {
  const host = new FakeHost(triageRecord());
  const { page, send } = await bench.open(host);
  await send({ type: "previewBusy", what: "Working out what a resave would write…" });
  await page.getByText("Working out what a resave would write…").first().waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  expect(host.actions).toEqual([{ kind: "cancelPreview", token: "" }]);
});

it("says why the runtime refuses, and leads to the place", async () => {
  const host = new FakeHost(triageRecord());
  const { page, send } = await bench.open(host);
  await send(
    { type: "previewBusy", what: "Working…" },
    { type: "previewRefused", error: { message: "stages[2].visits: a text, a number was expected" }, offset: 991 },
  );
  await page.getByRole("alert").getByText("stages[2].visits: a text, a number was expected").waitFor();
  await page.getByRole("button", { name: "Go to the place in the text" }).click();
  expect(host.actions).toEqual([{ kind: "openAsText", offset: 991 }]);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator(".preview").count()).toBe(0);
});
