import { describe, expect, it } from "vitest";
import { rowDetail } from "../../../src/view/rowDetail.ts";
import { RunTree } from "../../../src/view/RunTree.ts";
import type { DetailSection } from "../../../src/view/types.ts";
import { readingOf, treeOf } from "./readingOf.ts";

function section(sections: readonly DetailSection[] | undefined, title: string): DetailSection | undefined {
  return sections?.find((candidate) => candidate.title === title);
}

describe("rowDetail", () => {
  it("shows a struct's fields in the runtime's order, absent, null and empty apart", () => {
    const tree = new RunTree(
      readingOf(
        '{"_type":"run_record","stages":[{"outcome":"ok","id":"","branch":null,"kind":"null","failed_nodes":["x"],"finished_at":"1"}]}',
      ),
    );
    const detail = rowDetail(tree, "stage:0");
    expect(section(detail?.sections, "Stage")).toMatchObject({
      fields: [
        { name: "id", value: '""', state: "empty" },
        { name: "kind", value: "null" },
        { name: "outcome", value: "ok", tone: "success" },
        { name: "branch", value: "null", state: "null" },
        { name: "finished_at", value: "1", time: { text: "1", epochMs: 1000 } },
        { name: "not in the file", state: "absent" },
      ],
    });
    expect(section(detail?.sections, "Unknown to the runtime")).toMatchObject({ fields: [{ name: "failed_nodes", value: "x" }] });
  });

  it("leads to the row's own JSON", () => {
    const text = '{"_type":"run_record","stages":[{},{"id":"b","attempts":[{"attempt": 1.0}]}]}';
    const detail = rowDetail(new RunTree(readingOf(text)), "stage:1/attempt:0");
    expect(detail).toMatchObject({
      path: "stages[1].attempts[0]",
      offset: text.indexOf('{"attempt"'),
      raw: { head: '{"attempt": 1.0}', ref: null },
    });
    expect(section(detail?.sections, "Attempt")).toMatchObject({
      fields: [{ name: "attempt", value: "1.0" }, { name: "not in the file" }],
    });
  });

  it("carries the head of a long text and where to ask for more", () => {
    const tree = treeOf({ stages: [{ visible_text: "x".repeat(10_000), transcript: { id: "t", messages: [] } }] });
    const detail = rowDetail(tree, "stage:0");
    const text = section(detail?.sections, "visible_text");
    expect(text).toMatchObject({ kind: "text", format: "plain", text: { length: 10_000 } });
    expect(text?.kind === "text" && text.text.head.length).toBe(4000);
    expect(text?.kind === "text" && text.text.ref).toBeGreaterThan(0);
  });

  it("keeps deep values as JSON, in the text of the file", () => {
    const detail = rowDetail(
      new RunTree(readingOf('{"_type":"run_record","stages":[{"verification":{"checks":[{"n":1.50}]}}]}')),
      "stage:0",
    );
    expect(section(detail?.sections, "verification")).toMatchObject({
      kind: "text",
      format: "json",
      text: { head: '{"checks":[{"n":1.50}]}' },
    });
  });

  it("reads structs written as lists", () => {
    const detail = rowDetail(new RunTree(readingOf('{"_type":"run_record","transitions":[["t1",null,"a","b"]]}')), "transition:0");
    expect(section(detail?.sections, "Transition")).toMatchObject({
      fields: [
        { name: "id", value: "t1" },
        { name: "from_stage_id", state: "null" },
        { name: "from_node_id", value: "a" },
        { name: "to_node_id", value: "b" },
        { state: "absent" },
      ],
    });
  });

  it("links artifacts, stages, files and the child's record", () => {
    const tree = treeOf({
      stages: [{ id: "s", artifacts: [{ id: "a1" }], consumed_artifact_ids: ["a1", "elsewhere", "a", "b"] }],
      child_runs: [{ worker_id: "w", parent_stage_id: "s", run_path: "../x.json", snapshot_path: "snap.json" }],
    });
    expect(section(rowDetail(tree, "stage:0")?.sections, "consumed_artifact_ids")).toMatchObject({
      items: [{ value: "a1", link: { kind: "row", rowId: "stage:0/artifact:0" } }, { value: "elsewhere" }, {}, {}],
    });
    expect(section(rowDetail(tree, "child:0")?.sections, "Child run")).toMatchObject({
      fields: expect.arrayContaining([
        { name: "parent_stage_id", value: "s", link: { kind: "row", rowId: "stage:0" } },
        { name: "run_path", value: "../x.json", link: { kind: "childRecord", rowId: "child:0" } },
        { name: "snapshot_path", value: "snap.json", link: { kind: "storedPath", path: "snap.json" } },
      ]) as unknown,
    });
  });

  it("tells where else an artifact is listed", () => {
    const tree = treeOf({ stages: [{ node_id: "s", artifacts: [{ id: "a" }] }], artifacts: [{ id: "a" }] });
    expect(section(rowDetail(tree, "stage:0/artifact:0")?.sections, "One artifact, listed in several places")).toMatchObject({
      items: [{ value: "stage s" }, { value: "run artifacts" }],
    });
  });

  it("shows a tool call with its arguments and its answer", () => {
    const messages = [
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "grep", input: { q: "é" } }] },
      {
        role: "tool_result",
        tool_use_id: "t",
        content: [
          { type: "text", text: "one" },
          { type: "text", text: "two" },
        ],
      },
    ];
    const detail = rowDetail(treeOf({ stages: [{ transcript: { messages } }] }), "stage:0/tool:0");
    expect(detail).toMatchObject({
      title: "grep",
      status: { text: "returned", tone: "success" },
      path: "stages[0].transcript.messages[0].content[0]",
    });
    expect(detail?.sections.map((part) => (part.kind === "text" ? part.text.head : part.title))).toEqual([
      "Tool call",
      "arguments",
      "one",
      "two",
    ]);
  });
});
