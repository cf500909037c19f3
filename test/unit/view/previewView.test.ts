import { describe, expect, it } from "vitest";
import { scan } from "../../../src/json/scan.ts";
import { NO_NODE } from "../../../src/json/Tape.ts";
import type { Tape } from "../../../src/json/Tape.ts";
import { resolvePath } from "../../../src/json/cursor.ts";
import type { RecordChange } from "../../../src/record/recordChanges.ts";
import { previewView } from "../../../src/view/previewView.ts";
import { CHANGE_LIMIT } from "../../../src/view/types.ts";
import { valueSummary } from "../../../src/view/valueSummary.ts";

const tapeOf = (value: unknown): Tape => scan(new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value)));

const FACTS = {
  operation: "resave",
  fidelity: "lossless",
  token: "t",
  unchanged: false,
  bytesBefore: 1,
  bytesAfter: 2,
  notes: [],
  rederive: { offered: false, on: false },
  targetPath: "/x.json",
} as const;

describe("valueSummary", () => {
  it.each([
    ["a string", "\"a 'b'\"", ["task"], "\"a 'b'\""],
    ["null", "null", ["branch"], "null"],
    ["a number by its own text", "0.0038729999999999997", ["usage", "total_cost"], "0.0038729999999999997"],
    ["a fixture", '{"id":"f","stage_assertions":[1,2,3,4,5,6,7,8]}', ["replay_fixture"], "{ 8 stage assertions }"],
    [
      "a child run",
      '{"worker_id":"worker_91aa","worker_name":"metrics-scout","task":""}',
      ["child_runs", 2],
      "{ worker_91aa “metrics-scout” }",
    ],
    ["events", "[1,2,3]", ["observability", "compaction_events"], "3 events"],
    ["one edge", "[1]", ["observability", "action_graph_edges"], "1 edge"],
    ["questions", "[1,2]", ["hitl_questions"], "2 questions"],
    ["a list without a name of its own", "[1,2]", ["metadata", "x", 0], "2 items"],
    ["an empty list", "[]", ["stages"], "[]"],
    ["an empty object", "{}", ["metadata"], "{}"],
    ["a named object", '{"id":"a1","kind":"x"}', ["artifacts", 0], "{ “x”, 2 fields }"],
    ["a plain object", '{"a":1}', ["usage"], "{ 1 field }"],
    ["a direction override", '"a\u202eb"', ["task"], '"a\\u202eb"'],
    ["a long string", JSON.stringify("x".repeat(1_000_000)), ["task"], `"${"x".repeat(118)}…`],
  ])("of %s", (_, json, path, expected) => {
    expect(valueSummary(tapeOf(json), 0, path)).toBe(expected);
  });

  it("of nothing is null", () => {
    expect(valueSummary(tapeOf("1"), NO_NODE, [])).toBeNull();
  });
});

describe("previewView", () => {
  const change = (
    group: RecordChange["group"],
    kind: RecordChange["change"],
    path: RecordChange["path"],
    before: Tape,
    after: Tape,
  ): RecordChange => ({ group, change: kind, path, before: resolvePath(before, path), after: resolvePath(after, path), why: "because" });

  it("orders by group, the worst first, and counts all", () => {
    const before = tapeOf({ a: 1, c: "x", z: 0.5 });
    const after = tapeOf({ a: 2, b: [1] });
    const runtime = tapeOf({ z: 1 });
    const sets = [
      {
        before,
        after,
        changes: [
          change("lost", "removed", ["c"], before, after),
          change("filled", "added", ["b"], before, after),
          change("filled", "changed", ["a"], before, after),
        ],
      },
      { before, after: runtime, changes: [change("runtimeOnly", "changed", ["z"], before, runtime)] },
    ];
    const preview = previewView(sets, FACTS);
    expect(preview.changes).toEqual([
      { group: "filled", change: "changed", path: "a", before: "1", after: "2", why: "because" },
      { group: "filled", change: "added", path: "b", before: null, after: "1 item", why: "because" },
      { group: "lost", change: "removed", path: "c", before: '"x"', after: null, why: "because" },
      { group: "runtimeOnly", change: "changed", path: "z", before: "0.5", after: "1", why: "because" },
    ]);
    expect(preview.totals).toEqual({ filled: 2, merged: 0, derived: 0, rewritten: 0, lost: 1, runtimeOnly: 1 });
  });

  it("of very many changes keeps all losses and some of every group", () => {
    const tape = tapeOf({ a: 1 });
    const many = (group: RecordChange["group"], count: number): RecordChange[] =>
      Array.from({ length: count }, () => change(group, "changed", ["a"], tape, tape));
    const preview = previewView(
      [
        {
          before: tape,
          after: tape,
          changes: [...many("runtimeOnly", 50_000), ...many("filled", 3), ...many("derived", 5000), ...many("lost", 700)],
        },
      ],
      FACTS,
    );
    const kept = (group: string): number => preview.changes.filter((entry) => entry.group === group).length;
    expect(preview.changes).toHaveLength(CHANGE_LIMIT);
    expect([kept("lost"), kept("filled")]).toEqual([700, 3]);
    expect(kept("derived")).toBeGreaterThan(500);
    expect(preview.totals).toMatchObject({ runtimeOnly: 50_000, lost: 700 });
  });

  it("stays small enough for one message, whatever the keys and values are", () => {
    const key = "k\u202e".repeat(100_000);
    const tape = tapeOf({ [key]: "v".repeat(1000) });
    const one = {
      group: "lost",
      change: "removed",
      path: [key],
      before: resolvePath(tape, [key]),
      after: resolvePath(tape, [key]),
      why: "w".repeat(1000),
    } as const;
    const preview = previewView([{ before: tape, after: tape, changes: Array<RecordChange>(CHANGE_LIMIT).fill(one) }], FACTS);
    expect(preview.changes).toHaveLength(CHANGE_LIMIT);
    expect(JSON.stringify(preview.changes).length).toBeLessThan(1_000_000);
    expect(preview.changes[0]?.path).not.toContain("\u202e");
  });
});
