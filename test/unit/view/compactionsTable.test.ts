import { describe, expect, it } from "vitest";
import { compactionEntries } from "../../../src/view/compactions/compactionEntries.ts";
import type { CompactionEntry } from "../../../src/view/compactions/compactionEntries.ts";
import { COMPACTIONS_TABLE, compactionsSummary } from "../../../src/view/compactions/compactionsTable.ts";
import { StageFinder } from "../../../src/view/StageFinder.ts";
import { TableModel } from "../../../src/view/table/TableModel.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import { treeOf } from "./readingOf.ts";

const TIME = "01a1ceec-b992-79e0-99af-c49b05983974";

const event = (metadata: object, id: unknown = TIME): object => ({ id, kind: "compaction", metadata });
const stage = (node_id: string, events: unknown, assets: unknown = []): object => ({
  id: `s-${node_id}`,
  node_id,
  transcript: { id: `t-${node_id}`, events, assets },
});

function entriesOf(record: Record<string, unknown>): CompactionEntry[] {
  const tree = treeOf(record);
  const entries = [...compactionEntries(tree, new StageFinder(tree.reading.record))];
  for (const { treeRow } of entries) expect(tree.find(treeRow)?.kind).toBe("compaction");
  return entries;
}

/** The texts of a row by column. */
function textsOf(entries: readonly CompactionEntry[], at = 0): Record<string, string> {
  const model = new TableModel(COMPACTIONS_TABLE);
  model.set(entries);
  const { columns, rows } = model.window(NO_QUERY, 0, 300);
  return Object.fromEntries(columns.map(({ id }, column) => [id, rows[at]?.cells[column]?.text ?? ""]));
}

describe("the table of compactions", () => {
  it("tells what was given up, when, why and by whose instructions", () => {
    const metadata = {
      mode: "manual",
      strategy: "truncate",
      reason: "threshold",
      archived_messages: 1234,
      estimated_tokens_before: 9000,
      estimated_tokens_after: 1200,
      instruction_mode: "extend",
      instruction_source: "host:docs",
      snapshot_asset_id: "asset-1",
    };
    const entries = entriesOf({ stages: [stage("plan", [event(metadata)], [{ id: "asset-1" }])] });
    expect(textsOf(entries)).toEqual({
      stage: "plan",
      when: TIME,
      before: "9.0k",
      after: "1.2k",
      saved: "−87 %",
      archived: "1,234",
      mode: "manual",
      reason: "threshold",
      strategy: "truncate",
      instructions: "extend · host:docs",
      snapshot: "kept",
      alsoIn: "",
    });
    expect(entries[0]?.time?.epochMs).toBe(0x01a1ceecb992);
    expect(entries[0]?.id).toBe("@compaction:stage:0/compaction:0");
  });

  it("lists an event once, with the other places that list it", () => {
    const record = {
      stages: [stage("draft", [event({ mode: "auto" })]), stage("check", [event({ mode: "auto" })])],
      transcript: { id: "run", events: [event({ mode: "auto" }), event({ mode: "manual" }, "another")] },
    };
    const entries = entriesOf(record);
    expect(entries.map(({ stageName, alsoIn }) => [stageName, ...alsoIn])).toEqual([
      ["draft", "check", "run transcript"],
      ["run transcript"],
    ]);
    expect([textsOf(entries)["alsoIn"], textsOf(entries, 1)["when"]]).toEqual(["check +1", "–"]);
    expect(entries[1]?.treeRow).toBe("run/compaction:1");
  });

  it("tells a snapshot that is kept from one that is missing and one that was never taken", () => {
    const sized = (id: string, snapshot: string | null): object =>
      event({ estimated_tokens_before: 20_000, estimated_tokens_after: 4567, snapshot_asset_id: snapshot }, id);
    const events = [sized("a", "here"), sized("b", "gone"), sized("c", null), sized("d", "here")];
    const entries = entriesOf({ stages: [stage("one", events, [{ id: "here" }])] });
    expect(entries.map(({ snapshot }) => snapshot)).toEqual(["kept", "missing", "never", "kept"]);
    expect(compactionsSummary(entries)).toBe("4 · 61.7k tokens given up · 2 snapshots kept, 1 missing, 1 never taken");
    expect(compactionsSummary(entries.slice(1, 2))).toBe("1 · 15.4k tokens given up · 1 snapshot missing");
  });

  it("reads the receipt of later versions", () => {
    const receipt = { receipt_id: "r1", mode: "auto", estimated_tokens_before: 100, estimated_tokens_after: 150 };
    const entries = entriesOf({ stages: [stage("one", [{ kind: "compaction", metadata: { receipt, mode: "other" } }])] });
    expect([textsOf(entries)["mode"], textsOf(entries)["saved"]]).toEqual(["auto", "+50 %"]);
  });

  it.each<[string, object]>([
    ["nothing", {}],
    ["other types", { mode: 7, strategy: [], estimated_tokens_before: "many", estimated_tokens_after: {}, archived_messages: null }],
    ["counts nobody can have counted", { estimated_tokens_before: -5, archived_messages: -1 }],
  ])("says of %s that it is not known, and never 0", (_, metadata) => {
    const entries = entriesOf({ stages: [stage("one", [event(metadata, 12)])] });
    const texts = textsOf(entries);
    for (const id of ["when", "before", "after", "saved", "archived", "mode", "reason", "strategy", "instructions"])
      expect([id, texts[id]]).toEqual([id, "–"]);
    expect(compactionsSummary(entries)).toBe("1 · 1 snapshot never taken");
  });

  it("shows hostile text on one line, cut, and with what cannot be seen made visible", () => {
    const texts = textsOf(entriesOf({ stages: [stage("a\u202eb\nc", [event({ mode: "x".repeat(5000), reason: "<b>\u0000" })])] }));
    expect(texts["stage"]).toBe("a\\u202eb c");
    expect(texts["mode"]?.length).toBeLessThan(200);
    expect(texts["reason"]).toBe("<b>\\u0000");
  });

  it("is filtered by mode, strategy, snapshot and stage", () => {
    const model = new TableModel(COMPACTIONS_TABLE);
    model.set(
      entriesOf({
        stages: [
          stage("one", [event({ mode: "auto" }, "a"), event({ mode: "manual", strategy: "llm" }, "b")]),
          stage("two", [event({}, "c")]),
        ],
      }),
    );
    const { filters } = model.window(NO_QUERY, 0, 10);
    expect(filters.map(({ id, options }) => [id, ...options.map(({ label, count }) => `${label} ${count}`)])).toEqual([
      ["mode", "auto 1", "manual 1", "no mode 1"],
      ["strategy", "no strategy 2", "llm 1"],
      ["snapshot", "never taken 3"],
      ["stage", "one 2", "two 1"],
    ]);
    expect(model.window({ ...NO_QUERY, filters: { stage: "1" } }, 0, 10).total).toBe(1);
    expect(model.window({ ...NO_QUERY, text: "LLM one" }, 0, 10).total).toBe(1);
  });
});
