import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { opened, scoutCard, triageRecord } from "./builders.ts";
import { FakeHost, type FakeRecord } from "./FakeHost.ts";
import { PageBench } from "./openPage.ts";
import { flatSource, nodes, treeSource } from "./RowSource.ts";

const bench = new PageBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

describe("the details of a row", () => {
  it("show fields, lists, texts and the JSON as it stands in the file, less its indent", async () => {
    const { page, faults } = await bench.open(new FakeHost(triageRecord()));
    await page.getByRole("row", { name: /verify-fix/ }).click();
    const pane = page.getByRole("region", { name: "Details" });
    await pane.getByRole("heading", { name: "verify-fix" }).waitFor();
    expect(await pane.getByText("latency p99 under 400 ms").count()).toBe(1);
    expect(await pane.locator("dd", { hasText: "14:06:01" }).locator(".value").getAttribute("title")).toBe(
      "12 May 2026, 14:06:01 · 2026-05-12 14:06:01.000 UTC · stored as 1778594761",
    );
    const json = (await pane.locator("pre.json").textContent()) ?? "";
    expect(json.split("\n").slice(0, 2)).toEqual(["{", '  "id": "stage_verify",']);
    expect(JSON.parse(json)).toMatchObject({ node_id: "verify-fix", usage: { input_tokens: 28400 } });
    expect(await pane.locator(".json-name").first().textContent()).toBe('"id"');
    expect(faults).toEqual([]);
  });

  it("lead to the text, to other rows and to the clipboard", async () => {
    const host = new FakeHost(triageRecord());
    const { page } = await bench.open(host);
    await page.getByRole("row", { name: /verify-fix/ }).click();
    await page.getByRole("button", { name: "Reveal in JSON" }).click();
    await page.getByRole("button", { name: "Copy path" }).click();
    await page.locator("dd", { hasText: "verification_failed" }).hover();
    await page.getByRole("button", { name: "Copy outcome" }).click();
    await page.getByRole("button", { name: "Copy run id" }).click();
    await page.getByRole("button", { name: "run_0196aa77" }).click();
    expect(host.actions).toEqual([
      { kind: "openAsText", offset: 4242 },
      { kind: "copy", text: "stages[3]", what: "Path" },
      { kind: "copy", text: "verification_failed", what: "outcome" },
      { kind: "copy", text: "run_0197f3c2-5a11-7c0e-9d42-6f1f03d2a91c", what: "Run id" },
      { kind: "openRun", runId: "run_0196aa77" },
    ]);
    await page.getByRole("button", { name: "escalate" }).click();
    await page.getByRole("heading", { name: "escalate" }).waitFor();
    expect(await page.locator('.tree [aria-selected="true"] .label').textContent()).toBe("escalate");
  });

  it("offer a child's record only where there is one", async () => {
    const record = triageRecord({
      details: {
        "stage:1/child:0": { card: scoutCard },
        "stage:1/child:2": { card: { ...scoutCard, record: "absent", recordNote: "gone.json is not there" } },
      },
    });
    const host = new FakeHost(record);
    const { page } = await bench.open(host);
    await page.getByRole("row", { name: /deploy-scout/ }).click();
    await page.getByText("gone.json is not there").waitFor();
    expect(await page.getByRole("button", { name: "Open child record" }).count()).toBe(0);
    await page.getByRole("row", { name: /log-scout/ }).click();
    await page.getByRole("button", { name: "Open child record" }).click();
    expect(host.actions).toEqual([{ kind: "openChildRecord", rowId: "stage:1/child:0" }]);
  });

  it("say why when they cannot be had", async () => {
    const host = new FakeHost(
      triageRecord({ faulty: (request) => (request.kind === "detail" ? "The engine gave up on this row." : null) }),
    );
    const { page } = await bench.open(host);
    await page.getByText("The engine gave up on this row.").waitFor();
  });

  it("are those of the last row when many are passed quickly", async () => {
    const host = new FakeHost({ view: opened(), rows: flatSource(1000) });
    const { page } = await bench.open(host);
    await page.getByRole("row", { name: /step 0 / }).click();
    for (let n = 0; n < 40; n += 1) await page.keyboard.press("ArrowDown");
    await page.getByRole("heading", { name: "step 40" }).waitFor();
    await expect.poll(() => host.selected.at(-1)).toBe("stage:40");
  });
});

describe("long text", () => {
  const long = Array.from({ length: 60_000 }, (_, n) => `line ${n} 😀`).join("\n");
  const record = (): FakeRecord => ({
    view: opened(),
    rows: treeSource(nodes([["stage:0", {}]])),
    texts: { 7: long },
    details: {
      "stage:0": {
        raw: null,
        sections: [
          { kind: "text", title: "Transcript", format: "plain", text: { head: long.slice(0, 4000), length: long.length, ref: 7 } },
        ],
      },
    },
  });

  it("comes in pieces of at most 250,000 units, each asked for, and ends whole", async () => {
    const host = new FakeHost(record());
    const { page, faults } = await bench.open(host);
    const text = page.locator("rr-long-text pre");
    const more = page.locator('[data-name="show-more"]');
    let shown = 4000;
    await more.waitFor();
    expect(await text.textContent()).toHaveLength(4000);
    while ((await more.count()) > 0) {
      await more.click();
      await expect.poll(async () => ((await text.textContent()) ?? "").length).toBeGreaterThan(shown);
      const now = ((await text.textContent()) ?? "").length;
      expect(now - shown).toBeLessThanOrEqual(250_000);
      shown = now;
    }
    expect(await text.textContent()).toBe(long);
    const slices = host.requests.filter((request) => request.kind === "text");
    expect(slices.every((slice) => slice.length <= 200_000 && slice.format === "string")).toBe(true);
    expect(faults).toEqual([]);
  });

  it("is asked for as the file has it where it is JSON, and coloured over the seam", async () => {
    const json = JSON.stringify({ text: "word ".repeat(20_000), end: true });
    const rows = treeSource(nodes([["stage:0", {}]]));
    const host = new FakeHost({
      view: opened(),
      rows,
      texts: { 3: json },
      details: { "stage:0": { raw: { head: json.slice(0, 4000), length: json.length, ref: 3 } } },
    });
    const { page } = await bench.open(host);
    await page.locator('[data-name="show-more"]').click();
    await expect.poll(() => page.locator("pre.json").textContent()).toBe(json);
    expect(host.requests.filter((request) => request.kind === "text")).toMatchObject([{ ref: 3, format: "json", start: 4000 }]);
    expect(await page.locator(".json-string").first().textContent()).toMatch(/^"word /);
  });

  it("is copied up to what the wire carries, and says so", async () => {
    const host = new FakeHost(record());
    const { page } = await bench.open(host);
    await page.locator(".long-text").hover();
    await page.getByRole("button", { name: "Copy Transcript" }).click();
    await expect.poll(() => host.actions.length).toBe(1);
    const [action] = host.actions;
    expect(action).toMatchObject({ kind: "copy", what: "the first 300 kB of Transcript" });
    expect(action?.kind === "copy" && long.startsWith(action.text) && action.text.length > 299_990).toBe(true);
  });

  it("says when more of it cannot be had, and keeps what is there", async () => {
    const host = new FakeHost({ ...record(), faulty: (request) => (request.kind === "text" ? "The text is gone." : null) });
    const { page } = await bench.open(host);
    await page.locator('[data-name="show-more"]').click();
    await page.getByRole("alert").getByText("The text is gone.").waitFor();
    expect(await page.locator("rr-long-text pre").textContent()).toHaveLength(4000);
  });
});

describe("the line between tree and details", () => {
  it("is dragged, moved by keys within its limits, and reset by double click", async () => {
    const { page } = await bench.open(new FakeHost(triageRecord()), { width: 1200 });
    const line = page.getByRole("separator");
    const width = (): Promise<number> => page.locator("rr-detail").evaluate((pane) => Math.round(pane.getBoundingClientRect().width));
    expect(await width()).toBe(360);
    const box = (await line.boundingBox())!;
    await page.mouse.move(box.x, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(700, box.y + 120, { steps: 4 });
    await page.mouse.up();
    expect(await width()).toBe(500);
    await line.focus();
    await page.keyboard.press("End");
    expect(await width()).toBe(240);
    await page.keyboard.press("ArrowRight");
    expect(await width()).toBe(240);
    await page.keyboard.press("ArrowLeft");
    expect([await width(), await line.getAttribute("aria-valuenow")]).toEqual([256, "256"]);
    await line.dblclick();
    expect(await width()).toBe(360);
  });
});
