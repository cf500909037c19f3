import { cpSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { SessionsPart } from "../../../src/engine/around/SessionsPart.ts";
import { DocumentState } from "../../../src/engine/DocumentState.ts";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import type { LogView } from "../../../src/eventlog/LogView.ts";
import { scan } from "../../../src/json/scan.ts";
import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import { readRecord } from "../../../src/record/readRecord.ts";
import { StageFinder } from "../../../src/view/StageFinder.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import { placeOf } from "./engineHarness.ts";
import { testFolder } from "./testFolder.ts";

const SQL_WASM = resolve("node_modules/sql.js/dist/sql-wasm.wasm");

const open: LogView[] = [];

afterEach(async () => {
  for (const view of open.splice(0)) await view.close();
});

/** The sessions of a sample's record, read from a copy of its folder. */
async function sessionsOf(story: string, record: string): Promise<SessionsPart> {
  const copy = join(testFolder(), story);
  cpSync(resolve("samples", story), copy, { recursive: true });
  const place = placeOf(join(copy, ".harn-runs", record));
  const ports = nodeEnginePorts(() => undefined, SQL_WASM);
  const log = await ports.findLog(place, DEFAULT_LOG_CHOICE);
  if (log.view !== null) open.push(log.view);
  const state = new DocumentState(readRecord(scan(readFileSync(place.path))), record, 1);
  const stages = new StageFinder(state.reading.record);
  const part = new SessionsPart({ place, ports, state, stages, log, signal: new AbortController().signal, changed: () => undefined });
  await part.look();
  let reading: Promise<void> | null = null;
  while (reading !== part.reading) await (reading = part.reading);
  return part;
}

describe("the samples' sessions", () => {
  it.each([
    [
      "release-notes",
      "release-notes-v2.4.0.json",
      "11 sessions · 357 events · 26 tool calls (1 failed) · 2 compactions · chain intact · 203 checkpoints hidden",
    ],
    [
      "incident-triage",
      "incident-4471-replay.json",
      "7 sessions · 169 events · 12 tool calls (3 failed) · chain intact · 95 checkpoints hidden",
    ],
    ["running", "dependency-audit.json", "3 sessions · 96 events · 8 tool calls · chain intact · 55 checkpoints hidden"],
    ["daemon", "inbox-watch.json", "3 sessions · 338 events · 16 tool calls (1 failed) · chain intact · 224 checkpoints hidden"],
  ])("of %s", async (story, record, summary) => {
    const part = await sessionsOf(story, record);
    const window = part.tables[0].window(NO_QUERY, 0, 300);
    expect(window.summary).toBe(summary);
    expect(window.faults).toEqual([]);
    for (const { id } of window.rows.filter(({ level }) => level === 2).slice(0, 20)) {
      const found = await part.tables[0].detail(id);
      expect(JSON.stringify(found?.detail.sections), id).not.toContain("The log has it no more");
    }
  });

  it("show a running stage's tool calls and its open question, which only the log's newest part tells of", async () => {
    const part = await sessionsOf("running", "dependency-audit.json");
    const rows = part.tables[0].window({ ...NO_QUERY, filters: { family: "human" } }, 0, 10).rows;
    expect(rows.map(({ cells }) => [cells[1]?.text, cells[3]?.text])).toMatchObject([expect.anything(), ["Question", "waiting"]]);
  });

  it("lead from a tool call to its row in the tree", async () => {
    const part = await sessionsOf("release-notes", "release-notes-v2.4.0.json");
    const failed = part.tables[0].window({ ...NO_QUERY, filters: { status: "failed" } }, 0, 10).rows.find(({ level }) => level === 2);
    expect(failed).toMatchObject({ label: "read_pull", treeRow: "stage:0/tool:4" });
  });
});
