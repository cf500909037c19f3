import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { unpackAsset } from "../../../scripts/samples.ts";
import { Around } from "../../../src/engine/around/Around.ts";
import { RecordPart } from "../../../src/engine/around/RecordPart.ts";
import { DocumentState } from "../../../src/engine/DocumentState.ts";
import type { EnginePorts } from "../../../src/engine/EnginePorts.ts";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import { rowDetail } from "../../../src/view/rowDetail.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import type { TableId, TableWindow } from "../../../src/view/tables.ts";
import { readingOf } from "../view/readingOf.ts";
import { engineHarness, placeOf } from "./engineHarness.ts";
import { testFolder } from "./testFolder.ts";

const folder = mkdtempSync(join(tmpdir(), "run-record-part-"));
unpackAsset("long-haul", folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TABLES = ["compactions", "children", "handoffs", "tools"] as const satisfies readonly TableId[];

interface Tables {
  readonly around: Around;
  readonly state: () => DocumentState;
  window(table: TableId, start?: number): TableWindow;
  set(record: object): void;
  /** Waits until nothing is gathered in the background any more. */
  settled(): Promise<void>;
}

function tablesOf(record: object | Uint8Array, changes: Partial<EnginePorts> = {}, path = "/nowhere/.harn-runs/run.json"): Tables {
  const node = nodeEnginePorts(() => undefined);
  const stateOf = (value: object | Uint8Array): DocumentState =>
    new DocumentState(readingOf(value instanceof Uint8Array ? value : { _type: "run_record", ...value }), "run.json", 1);
  let state = stateOf(record);
  const around = new Around(
    placeOf(path),
    // A clock that stands: all is gathered at once.
    { ...node, monotonicMs: () => 0, ...changes },
    state,
    { ...DEFAULT_LOG_CHOICE, backend: "none" },
    () => undefined,
    (context) => [new RecordPart(context)],
  );
  state.tree.around = around;
  onTestFinished(() => around.close());
  const window: Tables["window"] = (table, start = 0) => around.answer({ kind: "table", table, query: NO_QUERY, start, count: 300 });
  return {
    around,
    state: () => state,
    window,
    set(value) {
      state = stateOf(value);
      state.tree.around = around;
      around.setState(state);
    },
    async settled() {
      while (window("tools").progress !== null) await node.pause();
    },
  };
}

const summaries = (tables: Tables): string[] => TABLES.map((table) => tables.window(table).summary);

const calls = (count: number): object[] =>
  Array.from({ length: count }, (_, at) => ({
    role: "assistant",
    content: [{ type: "tool_use", id: `call ${at}`, name: `tool ${at % 7}`, input: { at } }],
  }));

describe("the samples", () => {
  it.each<[root: string, path: string, summaries: readonly (string | RegExp)[]]>([
    [
      resolve("samples"),
      "release-notes/.harn-runs/release-notes-v2.4.0.json",
      ["2 · 1.6k tokens given up · 1 snapshot kept, 1 never taken", "3 children · 3 completed", "", /^20 calls of \d+ tools · 1 error/],
    ],
    [
      resolve("samples"),
      "incident-triage/.harn-runs/incident-4471-replay.json",
      ["", "1 child · 1 completed", "1 handoff · 1 to a human · 2 open questions", /^11 calls of/],
    ],
    [
      folder,
      "long-haul/.harn-runs/esm-migration.json",
      [/^8 · [\d.]+k tokens given up · 4 snapshots kept, 4 never taken$/, "24 children · 23 completed · 1 failed", "", /^\d+ calls of/],
    ],
  ])("%s %s", async (root, path, expected) => {
    const file = join(root, path);
    const tables = tablesOf(new Uint8Array(readFileSync(file)), {}, file);
    await tables.around.look();
    await tables.settled();
    summaries(tables).forEach((summary, at) =>
      expect(summary).toEqual(typeof expected[at] === "string" ? expected[at] : expect.stringMatching(expected[at] ?? "")),
    );
    for (const table of TABLES) {
      for (const { id, treeRow } of tables.window(table).rows) {
        const found = await tables.around.detail(id);
        const own = rowDetail(tables.state().tree, treeRow ?? "", found?.detail.card ?? null);
        expect(own).not.toBeNull();
        expect(found?.detail).toEqual({ ...own, rowId: id });
        expect(found?.tapes).toEqual([tables.state().tape]);
      }
    }
  });

  it("lead from a child to its own record, and show its card", async () => {
    const file = join(folder, "long-haul/.harn-runs/esm-migration.json");
    const tables = tablesOf(new Uint8Array(readFileSync(file)), {}, file);
    await tables.around.look();
    await tables.settled();
    const rows = tables.window("children").rows;
    const paths = await Promise.all(rows.map(async ({ id }) => tables.around.filePath(id)));
    // One failed before it had a run.
    expect(rows.filter(({ opens }) => !opens).map(({ label }) => label)).toEqual(["port-fixtures · failed"]);
    expect(paths.filter((path) => path?.presence === "absent")).toHaveLength(8);
    expect(paths.find((path) => path?.presence === "present")?.path).toMatch(/\.harn-runs\/port-[a-z0-9-]+\.json$/);
    expect((await tables.around.detail(rows[0]?.id ?? ""))?.detail.card?.record).toBe("present");
  });
});

describe("the tables of a record", () => {
  it("are nothing before they are looked for, and have no tab where there is nothing to show", async () => {
    const tables = tablesOf({ child_runs: [{ status: "failed" }] });
    expect(tables.around.view.tabs).toEqual([]);
    await tables.around.look();
    expect(tables.around.view.tabs).toEqual([{ id: "children", count: 1, alert: "1 failed" }]);
  });

  it("are made anew when the record changes, without waiting for a look", async () => {
    const tables = tablesOf({ child_runs: [{ worker_name: "a" }, { worker_name: "b" }] });
    tables.set({ child_runs: [{ worker_name: "c" }] });
    expect(tables.around.view.tabs).toEqual([]);
    await tables.around.look();
    expect(tables.window("children").rows.map(({ label }) => label)).toEqual(["c · no status"]);
    tables.set({ handoffs: [{}] });
    expect(tables.around.view.tabs).toEqual([{ id: "handoffs", count: 1, alert: null }]);
    expect(await tables.around.detail("@child:0")).toBeNull();
  });

  it("stay the same when they are looked for again", async () => {
    const tables = tablesOf({ child_runs: [{}] });
    await tables.around.look();
    const { version } = tables.around.view;
    await tables.around.look();
    expect(tables.around.view.version).toBe(version);
  });

  it("are gathered a little at a time, so that others get their turn, and not at all once the record is another", async () => {
    let clock = 0;
    let pauses = 0;
    const node = nodeEnginePorts(() => undefined);
    const tables = tablesOf(
      { stages: [{ node_id: "one", transcript: { messages: calls(10_000) } }] },
      { monotonicMs: () => (clock += 0.1), pause: () => (pauses++, node.pause()) },
    );
    await tables.around.look();
    const first = tables.window("tools");
    expect(first.all).toBeGreaterThan(0);
    expect(first.all).toBeLessThan(200);
    expect(first.progress).toEqual({ done: first.all, total: 10_000 });
    await tables.settled();
    expect([tables.window("tools").all, tables.window("tools", 9_990).rows.length]).toEqual([10_000, 10]);
    expect(pauses).toBeGreaterThan(50);
    expect(tables.window("tools").summary).toBe("10,000 calls of 7 tools · 10,000 without result");

    tables.set({ stages: [{ node_id: "one", transcript: { messages: calls(10_000) } }] });
    tables.set({ stages: [{ node_id: "two", transcript: { messages: calls(3) } }] });
    await tables.settled();
    for (let turn = 0; turn < 10; turn++) await node.pause();
    expect(tables.window("tools").rows.map(({ cells }) => cells[1]?.text)).toEqual(["two", "two", "two"]);
  });

  it("stop being gathered when the document is closed", async () => {
    let clock = 0;
    const node = nodeEnginePorts(() => undefined);
    const tables = tablesOf({ stages: [{ transcript: { messages: calls(2000) } }] }, { monotonicMs: () => (clock += 1) });
    await tables.around.look();
    await tables.around.close();
    for (let turn = 0; turn < 200; turn++) await node.pause();
    expect(tables.window("tools").all).toBeLessThan(100);
  });
});

describe("a page", () => {
  it("is told of a table's row all that it is told of the tree's", async () => {
    const harness = engineHarness({ monotonicMs: () => 0 });
    await harness.open(resolve("samples/release-notes/.harn-runs/release-notes-v2.4.0.json"));
    await harness.page({ kind: "rows", start: 0, count: 1 });
    await harness.ask({ kind: "look", doc: "d" });
    const table = async (id: TableId): Promise<TableWindow> =>
      harness.page({ kind: "table", table: id, query: NO_QUERY, start: 0, count: 300 });
    while ((await table("turns")).progress !== null) await new Promise(setImmediate);
    const rows = await table("tools");
    const titles = new Set<string>();
    for (const { id, treeRow } of rows.rows) {
      const own = await harness.page({ kind: "detail", rowId: treeRow ?? "" });
      expect(await harness.page({ kind: "detail", rowId: id })).toEqual({ ...own, rowId: id });
      for (const { title } of own?.sections ?? []) titles.add(title);
    }
    expect(titles).toContain("Asked for by");
  });

  it("reads on in a long text of a table's row as in the tree's", async () => {
    const result = `${"long ".repeat(5000)}end`;
    const messages = [
      { role: "assistant", content: [{ type: "tool_use", id: "1", name: "read", input: {} }] },
      { role: "tool_result", tool_use_id: "1", content: result },
    ];
    const record = JSON.stringify({ _type: "run_record", id: "run_1", stages: [{ node_id: "one", transcript: { messages } }] });
    const harness = engineHarness({ monotonicMs: () => 0 });
    await harness.open(join(testFolder({ ".harn-runs/run.json": record }), ".harn-runs/run.json"));
    await harness.page({ kind: "rows", start: 0, count: 1 });
    await harness.ask({ kind: "look", doc: "d" });
    const rowId = "@tool:stage:0/tool:0";
    const detail = await harness.page({ kind: "detail", rowId });
    expect([detail?.rowId, detail?.kind, detail?.title]).toEqual([rowId, "toolCall", "read"]);
    const text = detail?.sections.flatMap((section) => (section.kind === "text" && section.title === "result" ? [section.text] : []))[0];
    expect(text?.length).toBe(result.length);
    const end = await harness.page({ kind: "text", rowId, ref: text?.ref ?? -1, format: "string", start: result.length - 8, length: 100 });
    expect(end.text).toBe("long end");
  });
});
