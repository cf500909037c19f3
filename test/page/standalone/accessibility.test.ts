import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aroundRecord } from "./aroundBuilders.ts";
import { opened, preview, triageRecord } from "./builders.ts";
import { FakeHost } from "./FakeHost.ts";
import { PageBench } from "./openPage.ts";
import type { ThemeName } from "./servePage.ts";

const bench = new PageBench();
let axe = "";
beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await bench.start();
});
afterAll(() => bench.stop());

/** What axe finds, each as one line. */
async function violations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axe);
  return page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then((results) =>
    results.violations.flatMap((violation) => violation.nodes.map((node) => violation.id + ": " + node.target.join(" ") + " — " + node.failureSummary)))`);
}

const themes: readonly ThemeName[] = ["dark", "light", "hc-dark", "hc-light"];

describe.each(themes)("axe finds nothing in %s", (theme) => {
  it("on the tree with details, a card, the problems and the preview", async () => {
    const { page, send } = await bench.open(new FakeHost(triageRecord()), { theme });
    await page.getByRole("row", { name: /verify-fix/ }).click();
    await page.getByRole("heading", { name: "verify-fix" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("row", { name: /log-scout/ }).hover();
    await page.waitForSelector(".card");
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /3 problems/ }).click();
    await page.waitForSelector(".problems .message");
    expect(await violations(page)).toEqual([]);
    await send({ type: "preview", preview: preview({ rederive: { offered: true, on: true }, notes: ["A note."] }) });
    await page.waitForSelector(".change");
    expect(await violations(page)).toEqual([]);
    await send({ type: "previewRefused", error: { message: "No." }, offset: 3 });
    await page.getByRole("alert").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it("on the tables, their lists and menus", async () => {
    const { page } = await bench.open(new FakeHost(aroundRecord()), { theme });
    expect(await violations(page)).toEqual([]);
    for (const name of [/Questions/, /Turns/, /Files/]) {
      await page.getByRole("tab", { name }).click();
      await page.locator(".table .row[data-row-id]").nth(1).click();
      await page.waitForSelector(".detail h2");
      expect(await violations(page)).toEqual([]);
    }
    await page.getByText("2 things could not be read").click();
    await page.getByRole("button", { name: /event log/ }).click();
    await page.getByRole("button", { name: "Copy rows" }).click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("textbox", { name: "Search" }).fill("no row has this");
    await page.waitForSelector(".table-empty");
    expect(await violations(page)).toEqual([]);
    await page.getByRole("tab", { name: /Questions/ }).click();
    await page.getByRole("combobox", { name: /^Kind/ }).click();
    await page.getByRole("option").nth(1).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it("in a narrow pane with its menu", async () => {
    const { page } = await bench.open(new FakeHost(aroundRecord()), { theme, width: 320 });
    await page.getByRole("button", { name: "More" }).click();
    expect(await violations(page)).toEqual([]);
  });

  it("on the states without a record", async () => {
    const host = new FakeHost(triageRecord(), [{ type: "loading", fileName: "big.json", byteLength: 5 }]);
    const { page, send } = await bench.open(host, { theme, waitFor: ".state" });
    expect(await violations(page)).toEqual([]);
    await send({ type: "failed", error: { message: "The file was deleted." } });
    await page.getByRole("button", { name: "Reload" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await send({ type: "opened", view: opened({ state: "notJson", header: null, notice: "No." }) });
    await page.getByRole("button", { name: "Open as Text" }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

it("shows where the keyboard is, on everything that Tab reaches", async () => {
  const { page, send } = await bench.open(new FakeHost(triageRecord()));
  await send({ type: "select", rowId: "stage:3" });
  await page.getByRole("heading", { name: "verify-fix" }).waitFor();
  const stops = new Set<string>();
  for (let n = 0; n < 60; n += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const style = getComputedStyle(element);
      const after = getComputedStyle(element, "::after");
      const visible = (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || after.backgroundColor !== "rgba(0, 0, 0, 0)";
      return { name: (element.getAttribute("aria-label") ?? (element as HTMLElement).innerText).trim(), visible };
    });
    if (stop === null) break;
    expect(stop).toMatchObject({ visible: true });
    stops.add(stop.name);
  }
  expect([...stops]).toEqual(
    expect.arrayContaining(["Copy run id", "3 problems", "Width of the details", "Copy path", "Reveal in JSON", "escalate"]),
  );
});

it("shows where the keyboard is in a table, on everything that Tab reaches", async () => {
  const { page } = await bench.open(new FakeHost(aroundRecord()));
  await page.getByRole("tab", { name: /Questions/ }).click();
  await page.locator('.table [data-row-id="@question:0"]').click();
  await page.getByRole("tab", { name: /Questions/ }).focus();
  const stops: string[] = [];
  for (let n = 0; n < 24; n += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const deepest = (root: Document | ShadowRoot): Element | null => {
        const element = root.activeElement;
        return element?.shadowRoot?.activeElement ? deepest(element.shadowRoot) : element;
      };
      const element = deepest(document);
      if (element === null || element === document.body) return null;
      const probe = document.createElement("span");
      probe.style.color = "var(--vscode-focusBorder)";
      document.body.append(probe);
      const focusColour = getComputedStyle(probe).color;
      probe.remove();
      // The toolkit's controls show it by the border of a part of theirs.
      const shown = [element, element.closest(".root"), element.shadowRoot?.querySelector(".control")];
      const visible = shown.some((each) => {
        if (each === null || each === undefined) return false;
        const style = getComputedStyle(each);
        const hasOutline = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
        const hasMark = getComputedStyle(each, "::after").backgroundColor !== "rgba(0, 0, 0, 0)";
        return hasOutline || hasMark || (style.borderTopWidth !== "0px" && style.borderTopColor === focusColour);
      });
      return { name: (element.getAttribute("aria-label") ?? (element as HTMLElement).innerText).trim().split("\n")[0] ?? "", visible };
    });
    if (stop === null) break;
    expect(stop).toMatchObject({ visible: true });
    stops.push(stop.name);
  }
  expect(stops).toEqual(
    expect.arrayContaining(["Search", "Kind: all", "Copy rows", "Kind", "Asked", "Show in tree", "Width of the details"]),
  );
});
