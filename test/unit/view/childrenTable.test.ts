import { describe, expect, it } from "vitest";
import { childEntries } from "../../../src/view/children/childEntries.ts";
import type { ChildEntry } from "../../../src/view/children/childEntries.ts";
import { CHILDREN_TABLE, childrenAlert, childrenSummary } from "../../../src/view/children/childrenTable.ts";
import { StageFinder } from "../../../src/view/StageFinder.ts";
import { TableModel } from "../../../src/view/table/TableModel.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import type { TableRow } from "../../../src/view/tables.ts";
import { treeOf } from "./readingOf.ts";

function entriesOf(record: Record<string, unknown>): ChildEntry[] {
  const tree = treeOf(record);
  const entries = [...childEntries(tree, new StageFinder(tree.reading.record))];
  for (const { treeRow } of entries) expect(tree.find(treeRow)?.kind).toBe("childRun");
  return entries;
}

function rowsOf(entries: readonly ChildEntry[]): { row: TableRow; texts: Record<string, string> }[] {
  const model = new TableModel(CHILDREN_TABLE);
  model.set(entries);
  const { columns, rows } = model.window(NO_QUERY, 0, 300);
  return rows.map((row) => ({ row, texts: Object.fromEntries(columns.map(({ id }, at) => [id, row.cells[at]?.text ?? ""])) }));
}

describe("the table of child runs", () => {
  it("tells what the record says of a child and of its worker", () => {
    const record = {
      stages: [
        {
          id: "s1",
          node_id: "port",
          metadata: {
            worker: {
              id: "w1",
              result: {
                result: { visible_text: "Done:\n**all** ported", cost_usd: 0.25, llm: { input_tokens: 1800, output_tokens: 200 } },
              },
            },
          },
        },
      ],
      child_runs: [
        {
          worker_id: "w1",
          worker_name: "port-core",
          parent_stage_id: "s1",
          session_id: "session_1",
          task: "Port core",
          status: "completed",
          started_at: "1750000000",
          finished_at: "1750000041",
          run_id: "run_2",
          run_path: ".harn-runs/port-core.json",
        },
      ],
    };
    const [first] = rowsOf(entriesOf(record));
    expect(first?.texts).toEqual({
      name: "port-core",
      status: "completed",
      stage: "port",
      task: "Port core",
      outcome: "Done: **all** ported",
      started: "1750000000",
      took: "41 s",
      tokens: "2.0k",
      cost: "$0.25",
      record: "named",
      runId: "run_2",
      session: "session_1",
    });
    expect([first?.row.id, first?.row.treeRow, first?.row.opens]).toEqual(["@child:0", "child:0", true]);
  });

  it("says what is not told, and opens nothing where no record is named", () => {
    const [bare, odd] = rowsOf(entriesOf({ child_runs: [{}, { run_path: "", parent_stage_id: "nowhere", started_at: "soon" }] }));
    expect(bare?.texts).toEqual({
      name: "child run",
      status: "no status",
      stage: "–",
      task: "–",
      outcome: "–",
      started: "–",
      took: "–",
      tokens: "–",
      cost: "–",
      record: "none",
      runId: "–",
      session: "–",
    });
    expect([bare?.row.opens, odd?.row.opens, odd?.texts["stage"], odd?.texts["started"]]).toEqual([false, false, "nowhere", "soon"]);
  });

  it.each<[string, unknown, string, boolean]>([
    ["a text", { result: "as text" }, "as text", false],
    ["a summary before a text", { result: { text: "long", summary: "short" } }, "short", false],
    ["an error before all", { result: { summary: "short", error: { message: "no room" } } }, "no room", true],
    ["the worker's own error", { error: "crashed", result: { summary: "" } }, "crashed", true],
    ["null and other types", { result: { error: null, summary: 5, text: [] } }, "–", false],
  ])("finds what came of it: %s", (_, result, text, isError) => {
    const worker = { id: "w", ...(result as object) };
    const entries = entriesOf({ stages: [{ id: "s", metadata: { worker } }], child_runs: [{ worker_id: "w" }] });
    expect([rowsOf(entries)[0]?.texts["outcome"], entries[0]?.isError]).toEqual([text, isError]);
  });

  it("counts how they ended, the most frequent first, and says which need somebody", () => {
    const children = ["failed", "completed", "completed", "running", "completed"].map((status) => ({ status }));
    const entries = entriesOf({ child_runs: children });
    expect(childrenSummary(entries)).toBe("5 children · 3 completed · 1 failed · 1 running");
    expect(childrenSummary(entries.slice(1, 2))).toBe("1 child · 1 completed");
    expect([childrenAlert(entries), childrenAlert(entries.slice(1))]).toEqual(["1 failed", null]);
    const odd = Array.from({ length: 9 }, (_, at) => ({ status: `odd ${at}` }));
    expect(childrenSummary(entriesOf({ child_runs: odd }))).toMatch(/odd 4 · 4 with another status$/);
  });

  it("shows hostile text on one line, cut, and with what cannot be seen made visible", () => {
    const child = { worker_name: "a\u202eb\nc", task: "x".repeat(1_000_000), status: "s".repeat(1000), run_path: "p".repeat(9000) };
    const [row] = rowsOf(entriesOf({ child_runs: [child] }));
    expect(row?.texts["name"]).toBe("a\\u202eb c");
    for (const text of Object.values(row?.texts ?? {})) expect(text.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(row?.row).length).toBeLessThan(4000);
  });
});
