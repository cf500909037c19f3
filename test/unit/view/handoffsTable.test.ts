import { describe, expect, it } from "vitest";
import { handoffEntries } from "../../../src/view/handoffs/handoffEntries.ts";
import type { HandoffEntry } from "../../../src/view/handoffs/handoffEntries.ts";
import { HANDOFFS_TABLE, handoffsSummary } from "../../../src/view/handoffs/handoffsTable.ts";
import { TableModel } from "../../../src/view/table/TableModel.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import { treeOf } from "./readingOf.ts";

function entriesOf(handoffs: readonly object[]): HandoffEntry[] {
  const tree = treeOf({ handoffs });
  const entries = [...handoffEntries(tree)];
  for (const { treeRow } of entries) expect(tree.find(treeRow)?.kind).toBe("handoff");
  return entries;
}

function modelOf(entries: readonly HandoffEntry[]): TableModel<HandoffEntry> {
  const model = new TableModel(HANDOFFS_TABLE);
  model.set(entries);
  return model;
}

function textsOf(entries: readonly HandoffEntry[]): string[][] {
  return modelOf(entries)
    .window(NO_QUERY, 0, 300)
    .rows.map(({ cells }) => cells.map(({ text }) => text));
}

const HANDOFF = {
  _type: "handoff_artifact",
  kind: "escalation",
  id: "h1",
  source_persona: "responder",
  target_persona_or_human: { kind: "human", id: "ic", label: "Incident commander" },
  task: "Bring it back",
  reason: "The rollback is incomplete",
  open_questions: ["Freeze deploys?", "Roll forward?"],
  evidence_refs: [{ artifact_id: "a1", label: "approval" }, { artifact_id: "a2" }],
  route_decision: { dispatch_status: "failed" },
  created_at: "1795056268",
};

describe("the table of handoffs", () => {
  it("tells who left what to whom", () => {
    const entries = entriesOf([HANDOFF]);
    expect(textsOf(entries)).toEqual([
      ["responder", "Incident commander · human", "escalation", "failed", "Bring it back", "2", "2", "1795056268"],
    ]);
    const [row] = modelOf(entries).window(NO_QUERY, 0, 1).rows;
    expect([row?.id, row?.treeRow, row?.cells[3]?.tone, row?.cells[5]?.hint, row?.cells[6]?.hint]).toEqual([
      "@handoff:0",
      "handoff:0",
      "failure",
      "Freeze deploys? · Roll forward?",
      "approval · a2",
    ]);
  });

  it("says what is not told", () => {
    expect(textsOf(entriesOf([{}, { reason: "only a reason", created_at: "soon" }]))).toEqual([
      ["–", "unknown", "–", "–", "–", "0", "0", "–"],
      ["–", "unknown", "–", "–", "only a reason", "0", "0", "soon"],
    ]);
  });

  it("sums up", () => {
    expect(handoffsSummary(entriesOf([HANDOFF, { open_questions: ["one"] }]))).toBe("2 handoffs · 1 to a human · 3 open questions");
    expect(handoffsSummary(entriesOf([{}]))).toBe("1 handoff");
  });

  it("is filtered by target and kind", () => {
    const model = modelOf(entriesOf([HANDOFF, HANDOFF, {}]));
    expect(model.window(NO_QUERY, 0, 1).filters.map(({ options }) => options.map(({ label, count }) => `${label} ${count}`))).toEqual([
      ["Incident commander 2", "unknown 1"],
      ["escalation 2", "no kind 1"],
    ]);
    expect(model.window({ ...NO_QUERY, filters: { target: "none" } }, 0, 1).total).toBe(1);
    expect(model.window({ ...NO_QUERY, text: "freeze" }, 0, 1).total).toBe(2);
  });

  it("keeps a hostile handoff small", () => {
    const long = "x".repeat(100_000);
    const open_questions = Array.from({ length: 5000 }, () => long.slice(0, 400));
    const [row] = modelOf(
      entriesOf([{ ...HANDOFF, source_persona: "a\u202eb", task: long, open_questions, target_persona_or_human: { label: long } }]),
    ).window(NO_QUERY, 0, 1).rows;
    expect(row?.cells[0]?.text).toBe("a\\u202eb");
    expect([row?.cells[5]?.text, row?.cells[5]?.hint?.endsWith(" · and 4992 more")]).toEqual(["5,000", true]);
    expect(JSON.stringify(row).length).toBeLessThan(3000);
  });
});
