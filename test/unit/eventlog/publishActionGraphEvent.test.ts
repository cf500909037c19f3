import { expect, it } from "vitest";
import { actionGraphEvent, publishActionGraphEvent } from "../../../src/eventlog/publishActionGraphEvent.ts";
import { scan } from "../../../src/json/scan.ts";
import { saveRunRecord } from "../../../src/record/saveSteps.ts";
import { readRunRecord } from "../../../src/record/readStrictly.ts";
import type { RunRecord } from "../../../src/record/types.ts";
import { memoryLog, textOf, utf8 } from "./support.ts";

async function saved(record: unknown): Promise<RunRecord> {
  const read = readRunRecord(utf8(JSON.stringify(record)));
  if (!read.ok) throw new Error(read.message);
  const ports = { now: () => "1", newUuid: () => "0", activeLog: null, readSidecar: () => Promise.resolve({ exists: false, bytes: null }) };
  await saveRunRecord(read.value, "out/r.json", ports);
  return read.value;
}

const record = { _type: "run_record", id: "run_1", workflow_id: "wf", status: "completed", metadata: { trace_id: "t" } };

it("tells of the saved record with keys sorted at every depth", async () => {
  const event = actionGraphEvent(await saved(record), "out/r.json");
  expect(event.kind).toBe("action_graph_update");
  expect([...event.headers]).toEqual([
    ["run_id", "run_1"],
    ["workflow_id", "wf"],
    ["trace_id", "t"],
  ]);
  const text = textOf(event.payload);
  expect(scan(event.payload).error).toBeUndefined();
  expect(text).toMatch(/^\{"observability":\{"action_graph_edges":\[.*"schema_version":4,.*\},"persisted_path":"out\/r\.json",/);
  expect(text.endsWith('"run_id":"run_1","status":"completed","workflow_id":"wf"}')).toBe(true);
});

it("has no trace where the run has none", async () => {
  const event = actionGraphEvent(await saved({ ...record, metadata: {} }), "r.json");
  expect(event.headers.has("trace_id")).toBe(false);
});

it("appends one event a save, and answers a log that cannot take it", async () => {
  const run = await saved(record);
  const log = memoryLog({});
  expect(await publishActionGraphEvent(log, run, "r.json")).toEqual({ ok: true, id: 1n });
  expect(await publishActionGraphEvent(log, run, "r.json")).toEqual({ ok: true, id: 2n });
  const bad = memoryLog({ "observability.action_graph.jsonl": "{oops\n" });
  expect(await publishActionGraphEvent(bad, run, "r.json")).toMatchObject({ ok: false });
});
