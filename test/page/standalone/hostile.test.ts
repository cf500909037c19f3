import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DetailField } from "../../../src/view/types.ts";
import type { SourceNote } from "../../../src/view/tables.ts";
import { around, column } from "./aroundBuilders.ts";
import { change, header, opened, preview, problem } from "./builders.ts";
import { FakeHost, type FakeRecord } from "./FakeHost.ts";
import { FakeTable } from "./FakeTable.ts";
import { PageBench } from "./openPage.ts";
import { nodes, treeSource } from "./RowSource.ts";

const bench = new PageBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

const texts: readonly (readonly [string, string])[] = [
  ["a script", "<script>alert('x')</script></script><img src=x onerror=alert(1)>"],
  ["a command link", "[x](command:workbench.action.quit) javascript:alert(1) ${alert(1)} {{x}}"],
  ["direction marks", "invoice\u202Egpj.exe \u2066x\u2069 \u200B\u0000\u001B[31m"],
  ["template ends", '"></span>--><!-- ?lit$1$ <?x ?> ]]> </style></pre>'],
  ["a megabyte without a space", "x".repeat(1_000_000)],
];

/** A record that says the same hostile thing wherever there is a text. */
function hostileRecord(text: string): FakeRecord {
  const time = { text, epochMs: null };
  const status = { text, tone: "failure" } as const;
  const field: DetailField = { name: text, value: text, hint: text, tone: "warning" };
  const fields = [field, { name: text, value: text, link: { kind: "storedPath", path: text } } as const, { name: text, value: text, time }];
  const card = { title: text, status, fields, record: "outside", recordNote: text } as const;
  const long = { head: text, length: text.length, ref: null };
  const cells = [
    { text, tone: "failure" },
    { text, look: "tag", hint: text },
    { text, look: "mono" },
    { text, time },
  ] as const;
  const source = (state: SourceNote["state"]): SourceNote => ({ state, what: text, path: text, note: text, offer: null });
  const table = new FakeTable({
    columns: ["a", "b", "c", "d"].map((id) => column(id, text, 20)),
    filters: [{ id: "b", title: text }],
    count: 2,
    row: (index) => ({ id: `@question:${index}`, level: 1, label: text, icon: text, cells, treeRow: "row:0", opens: true }),
    summary: text,
    sources: (["found", "absent", "outside"] as const).map(source),
    faults: [text, text],
  });
  const request = { rowId: "@question:0", kind: text, prompt: text, askedBy: text, asked: time };
  const trigger = {
    provider: text,
    kind: text,
    signature: text,
    eventId: text,
    dedupeKey: text,
    received: time,
    traceId: text,
    replayOf: text,
    fault: text,
    offset: 3,
  };
  return {
    around: around({ tabs: [{ id: "questions", count: 2, alert: text }], openRequests: [request, request, request], log: source("found") }),
    tables: { questions: table },
    view: opened({
      fileName: text,
      state: "broken",
      notice: text,
      breakOffset: 5,
      problemCount: 1,
      worstProblem: "error",
      header: header({
        title: text,
        workflowId: text,
        runId: text,
        task: text,
        status,
        started: time,
        parentRunId: text,
        rootRunId: text,
        shape: "later",
        trigger,
        failure: { rowId: text, stage: text, error: text, more: 2, runFailed: true },
      }),
    }),
    rows: treeSource(nodes([["row:0", { kind: "childRun", label: text, note: text, status, problems: 2 }]])),
    cards: { "row:0": card },
    details: {
      "@question:0": { title: text, path: text, sections: [{ kind: "fields", title: text, fields }] },
      "row:0": {
        title: text,
        subtitle: text,
        status,
        path: text,
        card,
        raw: long,
        sections: [
          { kind: "fields", title: text, fields },
          { kind: "list", title: text, items: fields },
          { kind: "text", title: text, text: long, format: "plain" },
          { kind: "text", title: text, text: long, format: "json" },
        ],
      },
    },
    problems: [problem(0, { message: text, path: text, code: text, rowId: "row:0" })],
  };
}

describe.each(texts)("%s", (_name, text) => {
  it("stays text in every field of the page", async () => {
    const host = new FakeHost(hostileRecord(text));
    const { page, send, faults } = await bench.open(host);
    await page.waitForSelector("rr-long-text");
    const look = (): Promise<{ elements: string[]; wide: boolean; directions: boolean }> =>
      page.evaluate(() => ({
        elements: [...document.body.querySelectorAll("script:not([nonce]), img, iframe, object, style, a, [onerror], [style*='url']")].map(
          (element) => element.outerHTML,
        ),
        wide:
          document.documentElement.scrollWidth > innerWidth ||
          [
            ...document.querySelectorAll(".run, .tree, .detail, .card, .preview, .problems, .above, .table-frame, .table-toolbar, .foot"),
          ].some((part) => part.scrollWidth > part.clientWidth + 1),
        directions: /[\u202a-\u202e\u2066-\u2069\u0000]/.test(
          document.body.innerText +
            [...document.querySelectorAll("[title], [aria-label]")]
              .map((element) => (element.getAttribute("title") ?? "") + (element.getAttribute("aria-label") ?? ""))
              .join(""),
        ),
      }));
    const harmless = { elements: [], wide: false, directions: false };
    expect(await look()).toEqual(harmless);
    await page.locator(".tree .row .kind").first().hover();
    await page.waitForSelector(".card");
    expect(await look()).toEqual(harmless);
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: /Questions/ }).click();
    await page.locator('.table [data-row-id="@question:0"]').click();
    await page.locator(".faults > summary").click();
    await page.locator(".foot-log").click();
    await page.waitForSelector(".detail .fields");
    expect(await look()).toEqual(harmless);
    await page.locator(".foot-log").press("Escape");
    await page.getByRole("combobox").click();
    expect(await look()).toEqual(harmless);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "1 problem", exact: true }).click();
    await page.waitForSelector(".problems .message");
    expect(await look()).toEqual(harmless);
    await send({
      type: "preview",
      preview: preview({ notes: [text], targetPath: text, changes: [change("lost", text, text, text, text)] }),
    });
    await page.waitForSelector(".change");
    expect(await look()).toEqual(harmless);
    await send({ type: "previewRefused", error: { message: text }, offset: 7 });
    await page.getByRole("button", { name: "Go to the place in the text" }).waitFor();
    expect(await look()).toEqual(harmless);
    await send({ type: "failed", error: { message: text } });
    await page.getByRole("button", { name: "Show Log" }).waitFor();
    expect(await look()).toEqual(harmless);
    expect(faults).toEqual([]);
    expect(host.faults).toEqual([]);
    expect(host.actions).toEqual([]);
  });
});

it("names what is hidden instead of obeying it", async () => {
  const { page } = await bench.open(new FakeHost(hostileRecord("gpj\u202Eexe.")));
  expect(await page.locator(".tree .row .label").textContent()).toBe("gpjU+202Eexe.");
  expect(await page.locator(".tree .row .label").getAttribute("title")).toBe("gpj‹U+202E›exe.");
});
