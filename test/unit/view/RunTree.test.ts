import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runHeader } from "../../../src/view/runHeader.ts";
import { rowDetail } from "../../../src/view/rowDetail.ts";
import { RunTree } from "../../../src/view/RunTree.ts";
import type { RunNode } from "../../../src/view/RunTree.ts";
import { readingOf, treeOf } from "./readingOf.ts";

/** The whole tree as indented ids. */
function outline(tree: RunTree, nodes: readonly RunNode[] = tree.roots, depth = 0): string[] {
  return nodes.flatMap((node) => ["  ".repeat(depth) + node.id, ...outline(tree, tree.children(node), depth + 1)]);
}

const stage = (id: string, more: object = {}): object => ({ id, node_id: id, ...more });
const compaction = (id: string, metadata: object = {}): object => ({ id, kind: "compaction", metadata });
const calls = (...ids: string[]): object[] => [
  { role: "assistant", content: ids.map((id) => ({ type: "tool_use", id, name: id, input: {} })) },
];

describe("RunTree", () => {
  it("puts everything in its place", () => {
    const tree = treeOf({
      stages: [
        stage("a", {
          attempts: [{}, {}],
          artifacts: [{ id: "art1" }],
          transcript: { id: "t1", messages: calls("x"), events: [compaction("c1")] },
        }),
        stage("b"),
      ],
      transitions: [{ from_stage_id: "a", to_node_id: "b" }],
      child_runs: [{ worker_id: "w1", parent_stage_id: "a" }, { worker_id: "w2" }],
      artifacts: [{ id: "art1" }, { id: "art2" }],
      handoffs: [{}],
      hitl_questions: [{}],
      tool_recordings: [{}],
      transcript: { id: "t2", messages: calls("y"), events: [{ type: "compaction", id: "c2" }] },
    });
    expect(outline(tree)).toEqual([
      "stage:0",
      "  stage:0/attempt:0",
      "  stage:0/attempt:1",
      "  child:0",
      "  stage:0/compaction:0",
      "  stage:0/tool:0",
      "  stage:0/artifact:0",
      "transition:0",
      "stage:1",
      "child:1",
      "question:0",
      "tool:0",
      "run/compaction:0",
      "run/tool:0",
      "artifact:1",
      "handoff:0",
    ]);
  });

  it("adds child runs told by stage metadata below the stage that tells", () => {
    const worker = { id: "w", name: "scout", task: "look", child_run_path: ".harn-runs/x.json" };
    const tree = treeOf({ stages: [stage("a"), stage("b", { metadata: { worker } })] });
    expect(outline(tree)).toEqual(["stage:0", "stage:1", "  child:0"]);
    const detail = rowDetail(tree, "child:0");
    expect(detail?.path).toBe("stages[1].metadata.worker");
    expect(detail?.subtitle).toContain("stage metadata only");
  });

  it("counts a compaction listed twice once, and names both places", () => {
    const transcript = {
      id: "t",
      events: [{ kind: "message" }, compaction("c1", { estimated_tokens_before: 9000, estimated_tokens_after: 1200 })],
    };
    const tree = treeOf({
      stages: [stage("draft", { transcript }), stage("branch", { transcript })],
      transcript: { ...transcript, id: "other" },
    });
    expect(outline(tree)).toEqual(["stage:0", "  stage:0/compaction:1", "stage:1"]);
    expect(tree.counts().compaction).toBe(1);
    const row = tree.find("stage:0/compaction:1");
    expect(row && tree.facts(row).note).toBe("9.0k → 1.2k tokens −87 %");
    const places = rowDetail(tree, "stage:0/compaction:1")?.sections.find((section) => section.kind === "list");
    expect(places).toMatchObject({
      items: [{ value: "transcript of draft" }, { value: "transcript of branch" }, { value: "run transcript" }],
    });
  });

  it("reads a compaction's receipt before its flat metadata", () => {
    const receipt = { receipt_id: "compaction-1", mode: "auto", strategy: "llm", estimated_tokens_before: 100, estimated_tokens_after: 10 };
    const tree = treeOf({
      stages: [stage("a", { transcript: { events: [{ type: "compaction", metadata: { receipt, mode: "flat" } }] } })],
    });
    const row = tree.find("stage:0/compaction:0");
    expect(row && tree.facts(row).note).toBe("100 → 10 tokens −90 % · auto · llm");
  });

  it("keeps compactions without an id apart", () => {
    const transcript = { events: [compaction(""), compaction("")] };
    expect(outline(treeOf({ stages: [stage("a", { transcript }), stage("b", { transcript })] }))).toHaveLength(6);
  });

  it("shows a tool call once for all transcripts of a session, and calls of other sessions apart", () => {
    const tree = treeOf({
      stages: [
        stage("a", { transcript: { id: "s", messages: calls("x", "y") } }),
        stage("fork", { transcript: { id: "s", messages: calls("x", "y") } }),
        stage("b", { transcript: { id: "s", messages: [...calls("x", "y"), ...calls("x")] } }),
        stage("c", { transcript: { id: "other", messages: calls("x") } }),
      ],
      transcript: { id: "other", messages: calls("x") },
    });
    expect(outline(tree)).toEqual([
      "stage:0",
      "  stage:0/tool:0",
      "  stage:0/tool:1",
      "stage:1",
      "stage:2",
      "  stage:2/tool:2",
      "stage:3",
      "  stage:3/tool:0",
    ]);
    expect(tree.counts().toolCall).toBe(4);
  });

  it("gives the same rows whichever stage is asked first", () => {
    const stages = ["x", "y", "z"].map((id, at) =>
      stage(id, { transcript: { id: "s", messages: calls(...["1", "2", "3"].slice(0, at + 1)) } }),
    );
    const late = treeOf({ stages });
    expect(late.find("stage:2/tool:2")).not.toBeNull();
    expect(outline(late)).toEqual(outline(treeOf({ stages })));
  });

  it.each<[string, object[], object[], string[]]>([
    [
      "before the next visit of its target",
      [stage("1", { node_id: "a" }), stage("2", { node_id: "b" }), stage("3", { node_id: "a" })],
      [{ from_stage_id: "2", to_node_id: "a" }],
      ["stage:0", "stage:1", "transition:0", "stage:2"],
    ],
    [
      "after its stage when the target was not reached",
      [stage("a"), stage("b")],
      [{ from_stage_id: "a", to_node_id: "z" }],
      ["stage:0", "transition:0", "stage:1"],
    ],
    ["at the end when it names no stage", [stage("a")], [{ from_node_id: "y", to_node_id: "z" }], ["stage:0", "transition:0"]],
    ["before the first stage when it comes from nowhere", [stage("a")], [{ to_node_id: "a" }], ["transition:0", "stage:0"]],
    [
      "by node when the stage is not named",
      [stage("a"), stage("b")],
      [{ from_node_id: "a", to_node_id: "b" }],
      ["stage:0", "transition:0", "stage:1"],
    ],
  ])("puts a transition %s", (_, stages, transitions, expected) => {
    expect(outline(treeOf({ stages, transitions }))).toEqual(expected);
  });

  it("says when a transition led nowhere", () => {
    const tree = treeOf({ stages: [stage("a")], transitions: [{ from_stage_id: "a", to_node_id: "z", branch: "yes" }] });
    const row = tree.find("transition:0");
    expect(row && tree.facts(row)).toMatchObject({ label: "a → z", note: "branch “yes” · not reached" });
  });

  it("says what a stage is, how it ended, how long, how much", () => {
    const tree = treeOf({
      stages: [
        stage("verify-fix", {
          kind: "verify",
          status: "completed",
          outcome: "verification_failed",
          started_at: "2026-01-01T00:00:00Z",
          finished_at: "2026-01-01T00:02:10Z",
          usage: { input_tokens: 30000, output_tokens: 1500, call_count: 3, total_cost: 0.22 },
          attempts: [{ error: "first" }, { error: "2 of 5 checks failed" }],
        }),
      ],
    });
    expect(tree.row(tree.roots[0]!, 1, false)).toEqual({
      id: "stage:0",
      kind: "stage",
      level: 1,
      posInSet: 1,
      setSize: 1,
      expandable: true,
      expanded: false,
      label: "verify-fix",
      note: "verify · 1 of 1 · 2 attempts · 2 of 5 checks failed",
      status: { text: "completed · verification_failed", tone: "failure" },
      startMs: Date.UTC(2026, 0, 1),
      durationMs: 130000,
      tokens: 31500,
      cost: { usd: 0.22, atLeast: false },
      problems: 0,
    });
  });

  it("leaves the columns of an idle stage empty", () => {
    const tree = treeOf({ stages: [stage("fork", { usage: { input_tokens: 0, output_tokens: 0, call_count: 0, total_cost: 0 } })] });
    expect(tree.row(tree.roots[0]!, 1, false)).toMatchObject({ tokens: null, cost: null, expandable: false });
  });

  it.each([
    ["status of a later shape", { status: "failed" }, { text: "failed", tone: "failure" }],
    ["an open call of a later shape", { status: "open" }, { text: "open", tone: "neutral" }],
    ["a rejection of an older one", { is_rejected: true }, { text: "rejected", tone: "failure" }],
    ["nothing told", {}, null],
  ])("tool recordings: %s", (_, recording, status) => {
    const tree = treeOf({ tool_recordings: [recording] });
    expect(tree.row(tree.roots[0]!, 1, false).status).toEqual(status);
  });

  it("tells a duration that was not measured from zero", () => {
    const tree = treeOf({ tool_recordings: [{ duration_ms: null }, { duration_ms: 0 }, {}] });
    expect(tree.roots.map((row) => tree.facts(row).durationMs)).toEqual([null, 0, null]);
  });

  it("counts the problems inside each row and finds the row of a place", () => {
    const reading = readingOf({
      stages: [{ id: "a", node_id: 5, attempts: [{ attempt: "one" }] }, { id: "b" }],
      child_runs: [{ task: 1 }],
    });
    const tree = new RunTree(reading);
    const rows = ["stage:0", "stage:0/attempt:0", "stage:1", "child:0"].map((id) => tree.find(id)!);
    expect(rows.map((row) => tree.row(row, 1, false).problems)).toEqual([2, 1, 0, 1]);
    expect(reading.problems.map((problem) => tree.at(problem.start)?.id)).toEqual(["stage:0", "stage:0/attempt:0", "child:0"]);
    expect(tree.at(0)).toBeNull();
    expect(tree.at(1e9)).toBeNull();
  });

  it.each([
    "",
    "stage",
    "stage:",
    "stage:9",
    "stage:01",
    "stage:0/attempt:9",
    "stage:0/",
    "child:7",
    "run/",
    "constructor",
    "stage:0/attempt:0/attempt:0",
    "__proto__",
  ])("has no row %j", (id) => {
    const tree = treeOf({ stages: [stage("a", { attempts: [{}] })] });
    expect(tree.find(id)).toBeNull();
    expect(rowDetail(tree, id)).toBeNull();
  });

  it("has no text that can deceive in labels and notes", () => {
    const tree = treeOf({
      stages: [stage("a\u202eb\nc\0", { kind: "x".repeat(1_000_000), attempts: [{ error: "\u2066" }] })],
      hitl_questions: [{ prompt: "a\u0007" }],
    });
    const labels = tree.roots.map((row) => tree.facts(row).label);
    expect(labels).toEqual(["a\\u202eb c\\u0000", "“a\\u0007”"]);
    for (const row of tree.roots) expect(tree.facts(row).note.length).toBeLessThanOrEqual(200);
  });

  it("never throws, whatever stands in the fields of a record", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const list = fc.array(
      fc.oneof(
        fc.dictionary(
          fc.constantFrom(
            "id",
            "node_id",
            "attempts",
            "transcript",
            "artifacts",
            "metadata",
            "usage",
            "worker_id",
            "from_stage_id",
            "to_node_id",
            "kind",
            "events",
            "messages",
          ),
          value,
        ),
        value,
      ),
      { maxLength: 3 },
    );
    const transcripts = fc.record({
      id: value,
      messages: fc.array(fc.record({ role: fc.constantFrom("assistant", "tool", "user"), content: value })),
      events: fc.array(fc.record({ kind: fc.constant("compaction"), metadata: value })),
    });
    fc.assert(
      fc.property(
        fc.record(
          {
            _type: fc.constant("run_record"),
            stages: list,
            transitions: list,
            child_runs: list,
            artifacts: list,
            handoffs: list,
            hitl_questions: list,
            tool_recordings: list,
            transcript: fc.oneof(value, transcripts),
          },
          { requiredKeys: ["_type"] },
        ),
        (record) => {
          const tree = new RunTree(readingOf(record));
          runHeader(tree);
          const ids = outline(tree).map((line) => line.trim());
          expect(new Set(ids).size).toBe(ids.length);
          for (const id of ids) {
            const row = tree.find(id);
            expect(row?.id).toBe(id);
            if (row !== null) tree.row(row, 1, false);
            expect(rowDetail(tree, id)?.rowId).toBe(id);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
