import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import type { TableWindow } from "../../../src/view/tables.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import type { RowDetail } from "../../../src/view/types.ts";
import { engineHarness } from "./engineHarness.ts";
import type { EngineHarness } from "./engineHarness.ts";

interface Opened {
  readonly harness: EngineHarness;
  readonly table: TableWindow;
  readonly rows: readonly string[];
  detail(place: number): Promise<RowDetail | null>;
}

/** A sample with its real log. */
async function sample(path: string): Promise<Opened> {
  const { findLog } = nodeEnginePorts(() => undefined, resolve("node_modules/sql.js/dist/sql-wasm.wasm"));
  const harness = engineHarness({ nowMs: () => Date.UTC(2026, 10, 20, 6, 1, 0), findLog });
  await harness.open(`${process.cwd()}/samples/${path}`);
  await harness.ask({ kind: "look", doc: "d" });
  const table = await harness.page({ kind: "table", table: "questions", query: NO_QUERY, start: 0, count: 50 });
  const cell = (row: TableWindow["rows"][number], id: string): string =>
    row.cells[table.columns.findIndex((column) => column.id === id)]?.text ?? "";
  const rows = table.rows.map((row) =>
    ["kind", "by", "answer", "waited", "outcome", "found", "normalize"].map((id) => cell(row, id)).join(" | "),
  );
  return { harness, table, rows, detail: async (place) => harness.page({ kind: "detail", rowId: table.rows[place]?.id ?? "" }) };
}

describe("questions of the samples", () => {
  it("tell what the run on an incident asked of people", async () => {
    const { rows, table } = await sample("incident-triage/.harn-runs/incident-4471-replay.json");
    expect(rows).toEqual([
      'question | ask_scope | oncall-primary: {"decision":"eu-west only","note":"us-east and ap-south still run 5.18.2, leave them"} | 1m 35s | answered | record + log | –',
      "approval | approve_rollback | 2 of 2 — oncall-primary: yes, payments-lead: yes | 3m 09s | approved | log only | –",
      'dual control | rollback (2) | 2 signatures, then run: {"flushed":18244,"region":"eu-west"} | 43 ms | executed | log only | –',
      "question | ask_freeze | nobody | 4m 00s | timed out | record + log | –",
      "escalation | page_commander | incident-commander: accepted · “taking over, bridge is open” | 3m 07s | accepted | log only | –",
    ]);
    expect(table.summary).toBe("5 asked · 4 answered · 1 timed out · people were waited for 11m 51s of 14m 37s");
    expect(table.faults).toEqual([]);
    expect(table.rows.map(({ treeRow }) => treeRow)).toEqual([
      "stage:3",
      "stage:4/@question:hitl_approval_01a1f1a5-fa57-7ac2-bb05-433a23aad9c1",
      "stage:7/@question:hitl_dual_control_01a1f1a9-e9fc-7cc0-b482-6d205ce97c4b",
      "stage:9",
      "stage:10/@question:hitl_escalation_01a1f1ad-e26c-7b70-b261-122759d0d929",
    ]);
  });

  it("link the tree's rows with the table's", async () => {
    const { harness } = await sample("incident-triage/.harn-runs/incident-4471-replay.json");
    const stage = await harness.page({ kind: "detail", rowId: "stage:4" });
    expect(stage?.sections.at(-1)).toMatchObject({
      title: "Asked of people",
      items: [{ name: "approval", link: { kind: "tableRow", rowId: "@question:hitl_approval_01a1f1a5-fa57-7ac2-bb05-433a23aad9c1" } }],
    });
    const question = await harness.page({ kind: "detail", rowId: "question:1" });
    expect(question?.sections.at(-1)).toMatchObject({ title: "What became of it", fields: [{ value: "timed out" }, {}, {}, {}, {}] });
    const below = await harness.page({ kind: "detail", rowId: "stage:4/@question:hitl_approval_01a1f1a5-fa57-7ac2-bb05-433a23aad9c1" });
    expect(below).toMatchObject({ kind: "question", path: "hitl.approvals #1", status: { text: "approved" } });
  });

  it("tell the question of the first delivery, by its dispatch", async () => {
    const { rows } = await sample("incident-triage/.harn-runs/incident-4471.json");
    expect(rows).toEqual(["question | evidence · checkout-latency | oncall-primary: “yes, go” | 6 ms | answered | record + log | –"]);
  });

  it("show what is open at the head of the run", async () => {
    const { rows, harness, detail } = await sample("running/.harn-runs/dependency-audit.json");
    expect(rows).toEqual(["question | inventory | nobody yet | 21 s … | open | record + log | –"]);
    const view = await harness.ask({ kind: "attach", doc: "d", page: "p2", state: null });
    expect(view.tabs.find(({ id }) => id === "questions")).toEqual({ id: "questions", count: 1, alert: "1 open" });
    expect(view.openRequests).toMatchObject([
      { kind: "question", prompt: "workers/pyproject.toml pins Python 3.9. May the audit raise it to 3.12?", askedBy: "inventory" },
    ]);
    expect((await detail(0))?.status).toEqual({ text: "open", tone: "waiting" });
  });

  it("are no tab where nobody was asked", async () => {
    const { harness } = await sample("release-notes/.harn-runs/release-notes-v2.4.0.json");
    const view = await harness.ask({ kind: "attach", doc: "d", page: "p2", state: null });
    expect(view.tabs.map(({ id }) => id)).not.toContain("questions");
    expect(view.openRequests).toEqual([]);
  });
});
