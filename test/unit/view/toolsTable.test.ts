import { describe, expect, it } from "vitest";
import { StageFinder } from "../../../src/view/StageFinder.ts";
import { TableModel } from "../../../src/view/table/TableModel.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import { toolEntries, toolEntryCount } from "../../../src/view/tools/toolEntries.ts";
import type { ToolEntry } from "../../../src/view/tools/toolEntries.ts";
import { TOOLS_TABLE, toolsSummary } from "../../../src/view/tools/toolsTable.ts";
import { treeOf } from "./readingOf.ts";

const call = (id: string, name: string, input: unknown = {}): object => ({
  role: "assistant",
  content: [{ type: "tool_use", id, name, input }],
});
const answer = (id: string, content: unknown, more: object = {}): object => ({ role: "tool_result", tool_use_id: id, content, ...more });
const stage = (node_id: string, messages: readonly unknown[], more: object = {}): object => ({
  id: `s-${node_id}`,
  node_id,
  transcript: { id: `t-${node_id}`, messages, ...more },
});

function entriesOf(record: Record<string, unknown>): ToolEntry[] {
  const tree = treeOf(record);
  const entries = [...toolEntries(tree, new StageFinder(tree.reading.record))];
  for (const { treeRow } of entries) expect([treeRow, tree.find(treeRow)?.kind]).toEqual([treeRow, "toolCall"]);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  expect(entries.length).toBeLessThanOrEqual(toolEntryCount(tree));
  return entries;
}

function modelOf(entries: readonly ToolEntry[]): TableModel<ToolEntry> {
  const model = new TableModel(TOOLS_TABLE);
  model.set(entries);
  return model;
}

function textsOf(entries: readonly ToolEntry[]): string[][] {
  return modelOf(entries)
    .window(NO_QUERY, 0, 300)
    .rows.map(({ cells }) => cells.map(({ text }) => text));
}

/** A UUID of version 7 of that moment. */
const at = (ms: number): string => {
  const hex = ms.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
};

describe("the table of tool calls", () => {
  it("tells of each call how it ended, with the beginning of what was asked and answered", () => {
    const messages = [
      call("1", "read", { path: "a.md" }),
      answer("1", "line one\nline two"),
      call("2", "fetch"),
      answer("2", [{ type: "text", text: "[error from fetch] no route" }]),
      call("3", "write"),
      answer("3", '{"error": "permission_denied"}'),
      call("4", "wait"),
      call("5", "count"),
      answer("5", { n: 5 }),
    ];
    expect(textsOf(entriesOf({ stages: [stage("plan", messages)] }))).toEqual([
      ["read", "plan", "–", "–", "returned", '{ "path": "a.md" }', "line one line two"],
      ["fetch", "plan", "–", "–", "error", "{}", "[error from fetch] no route"],
      ["write", "plan", "–", "–", "denied", "{}", '{"error": "permission_denied"}'],
      ["wait", "plan", "–", "–", "no result", "{}", "–"],
      ["count", "plan", "–", "–", "returned", "{}", '{ "n": 5 }'],
    ]);
  });

  it("takes the times that the transcript's events tell", () => {
    const events = [
      { id: at(1000), kind: "message", role: "assistant" },
      { id: at(3500), kind: "tool_result" },
    ];
    const entries = entriesOf({ stages: [stage("one", [call("1", "read"), answer("1", "x")], { events })] });
    expect(textsOf(entries)[0]?.slice(2, 4)).toEqual(["1970-01-01T00:00:01.000Z", "2.5 s"]);
    expect(toolsSummary(entries)).toBe("1 call of 1 tool · 2.5 s in tools");
  });

  it("counts the time of calls at the same time once", () => {
    const messages = [call("1", "read"), call("2", "read"), answer("1", "[result of read] x"), answer("2", "[result of reads] y")];
    const events = [
      { id: at(1000), kind: "message", role: "assistant" },
      { id: at(2000), kind: "message", role: "assistant" },
      { id: at(3000), kind: "tool_result" },
      { id: at(4500), kind: "tool_result" },
    ];
    const entries = entriesOf({ stages: [stage("one", messages, { events })] });
    expect(entries.map(({ durationMs, result }) => [durationMs, result])).toEqual([
      [2000, "x"],
      [2500, "[result of reads] y"],
    ]);
    expect(toolsSummary(entries)).toBe("2 calls of 1 tool · 3.5 s in tools");
    const grown = [...entries];
    expect(toolsSummary(grown)).toBe("2 calls of 1 tool · 3.5 s in tools");
    grown.push({ ...grown[0], id: "@tool:more", startMs: 10_000, durationMs: 500 } as ToolEntry);
    expect(toolsSummary(grown)).toBe("3 calls of 1 tool · 4 s in tools");
  });

  it("counts a call once that several transcripts of a session tell, and those of the run", () => {
    const messages = [call("1", "read"), answer("1", "x")];
    const shared = { id: "same", messages };
    const record = {
      stages: [
        { node_id: "a", transcript: shared },
        { node_id: "b", transcript: shared },
      ],
      transcript: { id: "same", messages: [...messages, call("2", "last")] },
    };
    expect(entriesOf(record).map(({ id, stageName }) => [id, stageName])).toEqual([
      ["@tool:stage:0/tool:0", "a"],
      ["@tool:run/tool:1", "run transcript"],
    ]);
  });

  it("joins the record's own list with the transcripts' calls, and lists what only it tells", () => {
    const recording = (tool_use_id: string, tool_name: string, more: object = {}): object => ({
      tool_use_id,
      tool_name,
      args_hash: "abc",
      result: "as recorded",
      is_rejected: false,
      duration_ms: 120,
      iteration: 1,
      timestamp: "1750000005",
      ...more,
    });
    const record = {
      stages: [
        {
          ...stage("one", [call("1", "read"), answer("1", "as told"), call("2", "wait")]),
          started_at: "1750000000",
          finished_at: "1750000010",
        },
      ],
      tool_recordings: [
        recording("1", "read"),
        recording("1", "read", { is_rejected: true }),
        recording("2", "wait", { status: "failed", duration_ms: null }),
        recording("2", "other", { timestamp: "1760000000" }),
        recording("", "wait"),
      ],
    };
    const entries = entriesOf(record);
    expect(entries.map((entry) => [entry.treeRow, entry.recordingRow])).toEqual([
      ["stage:0/tool:0", "tool:0"],
      ["stage:0/tool:1", "tool:2"],
      ["tool:1", null],
      ["tool:3", null],
      ["tool:4", null],
    ]);
    expect(textsOf(entries).map((texts) => [texts[1], texts[3], texts[4], texts[6]])).toEqual([
      ["one", "120 ms", "returned", "as told"],
      ["one", "–", "failed", "as recorded"],
      ["one", "120 ms", "rejected", "as recorded"],
      ["–", "120 ms", "–", "as recorded"],
      ["one", "120 ms", "–", "as recorded"],
    ]);
    expect(toolsSummary(entries)).toBe("5 calls of 3 tools · 1 error · 1 denied · 240 ms in tools (4 of 5 timed)");
  });

  it.each<[string, Record<string, unknown>]>([
    ["no transcripts", { stages: [{}, { transcript: null }, { transcript: 7 }] }],
    ["transcripts that are none", { stages: [{ transcript: [] }, { transcript: { messages: {}, events: 5 } }], transcript: "text" }],
    ["messages that are none", { stages: [stage("a", [null, 5, [], { role: "assistant", content: [1, null, { type: 4 }] }])] }],
  ])("has no rows for %s", (_, record) => {
    expect(entriesOf(record)).toEqual([]);
  });

  it("says of a half call what is not told, and shows hostile text on one line", () => {
    const messages = [
      { role: "assistant", content: [{ type: "tool_use" }] },
      { role: "assistant", tool_calls: [{ function: { name: "a\u202eb\nc", arguments: "x".repeat(100_000) } }] },
      { role: "tool", content: "\u0000".repeat(10_000) },
    ];
    const [half, hostile] = textsOf(entriesOf({ stages: [stage("one", messages)] }));
    expect(half?.slice(0, 6)).toEqual(["no name", "one", "–", "–", "returned", "–"]);
    expect(hostile?.[0]).toBe("a\\u202eb c");
    for (const text of [...(half ?? []), ...(hostile ?? [])]) expect(text.length).toBeLessThanOrEqual(200);
  });

  it("is filtered by tool, status and stage, and found by what was asked and answered", () => {
    const model = modelOf(
      entriesOf({
        stages: [
          stage("one", [call("1", "read", { path: "needle.md" }), answer("1", "hay")]),
          stage("two", [call("2", "read"), call("3", "write")]),
        ],
      }),
    );
    expect(model.window(NO_QUERY, 0, 1).filters.map(({ options }) => options.map(({ label, count }) => `${label} ${count}`))).toEqual([
      ["read 2", "write 1"],
      ["returned 1", "no result 2"],
      ["one 1", "two 2"],
    ]);
    expect(model.window({ ...NO_QUERY, text: "HAY needle" }, 0, 1).total).toBe(1);
    expect(model.window({ ...NO_QUERY, filters: { tool: "read", status: "no result" } }, 0, 1).total).toBe(1);
  });
});
