import { describe, expect, it } from "vitest";
import { scan } from "../../../src/json/scan.ts";
import { childCard } from "../../../src/view/childCard.ts";
import { childCardAt } from "../../../src/view/childCardAt.ts";
import { childFacts } from "../../../src/view/childFacts.ts";
import { readingOf } from "./readingOf.ts";

const child = {
  worker_id: "worker_1",
  worker_name: "log-scout",
  parent_stage_id: "run:evidence:1",
  session_id: "session_1",
  mutation_scope: "read_only",
  approval_policy: {
    auto_approve: ["read_file", "grep"],
    require_approval: ["deploy"],
    repeat_limit: 3,
    repeat_action: "deny",
    rules: [{ deny: "rm" }],
  },
  task: "Read the\nlog",
  request: { q: [1.0] },
  status: "completed",
  started_at: "2026-11-19T02:30:46Z",
  finished_at: "2026-11-19T02:31:16Z",
  run_id: "run_1",
  run_path: ".harn-runs/x.json",
  snapshot_path: ".harn/workers/w.json",
};

const FIELDS = [
  "worker: log-scout",
  "worker id: worker_1",
  "task: Read the log",
  "parent stage: run:evidence:1",
  "session: session_1",
  "mutation scope: read_only",
  "approval policy: 1 rule · auto-approve read_file, grep · ask for deploy · repeat limit 3 then deny",
  "started: 2026-11-19T02:30:46Z",
  "finished: 2026-11-19T02:31:16Z",
  "duration: 30 s",
  "run id: run_1",
  "run path: .harn-runs/x.json",
  "snapshot: .harn/workers/w.json",
  'request: {"q":[1]}',
];

function lines(card: ReturnType<typeof childCard>): string[] {
  return card.fields.map((field) => `${field.name}: ${field.value}`);
}

describe("childCard", () => {
  it("tells all of a child run", () => {
    const [decoded] = readingOf(JSON.stringify({ child_runs: [child] })).record.child_runs;
    const card = childCard(childFacts(decoded!), { record: "present" });
    expect(card).toMatchObject({ title: "log-scout", status: { text: "completed", tone: "success" }, record: "present" });
    expect(lines(card)).toEqual(FIELDS);
  });

  it("leaves out what is not told", () => {
    const [decoded] = readingOf(JSON.stringify({ child_runs: [{}] })).record.child_runs;
    const card = childCard(childFacts(decoded!), { record: "unnamed" });
    expect(card).toMatchObject({ title: "child run", status: { text: "no status" }, fields: [] });
    expect(card.recordNote).toBe("No record file is named for this child run.");
  });
});

describe("childCardAt", () => {
  /** The card under the first occurrence of `mark` in the pretty text of a record. */
  function under(record: object, mark: string): { lines: string[]; object: string } | null {
    const text = JSON.stringify(record);
    const at = text.indexOf(mark);
    expect(at).toBeGreaterThan(-1);
    const found = childCardAt(scan(new TextEncoder().encode(text)), at);
    return found && { lines: lines(childCard(found.facts, { record: "absent" })), object: text.slice(found.start, found.end) };
  }

  it.each(["worker_1", "worker_name", ".harn-runs/x.json", "read_file", '"q"'])("finds an entry of child_runs under %s", (mark) => {
    expect(under({ id: "r", child_runs: [{ worker_id: "other" }, child] }, mark)?.lines).toEqual(FIELDS);
  });

  it("finds a worker in stage metadata", () => {
    const {
      worker_id: id,
      worker_name: name,
      session_id,
      mutation_scope,
      approval_policy,
      parent_stage_id,
      run_id,
      run_path,
      ...same
    } = child;
    const worker = {
      id,
      name,
      parent_stage_id,
      child_run_id: run_id,
      child_run_path: run_path,
      ...same,
      audit: { session_id, mutation_scope, approval_policy },
    };
    expect(under({ stages: [{ metadata: { worker } }] }, "log-scout")?.lines).toEqual(FIELDS);
  });

  it.each([
    ["an entry of the worker lineage", { worker_lineage: [{ worker_id: "worker_1", worker_name: "MARK" }] }],
    [
      "a worker of the action graph",
      { action_graph_nodes: [{ id: "worker:worker_1", kind: "worker", label: "MARK", worker_id: "worker_1" }] },
    ],
  ])("completes %s from child_runs", (_, observability) => {
    const found = under({ child_runs: [child], observability }, "MARK");
    expect(found?.lines).toEqual(["worker: MARK", ...FIELDS.slice(1)]);
    expect(found?.object).toContain("MARK");
  });

  it("takes any object with a run path of its own, the innermost one", () => {
    const found = under({ metadata: { deep: [{ run_path: "outer.json", more: { child_run_path: "MARK.json" } }] } }, "MARK");
    expect(found?.object).toBe('{"child_run_path":"MARK.json"}');
  });

  it.each([
    ["outside of any child run", { id: "MARK", child_runs: [child] }],
    ["the run's own node of the graph", { observability: { action_graph_nodes: [{ kind: "run", label: "MARK", run_path: "self.json" }] } }],
    ["a stage's node of the graph", { observability: { action_graph_nodes: [{ kind: "stage", label: "MARK", worker_id: "w" }] } }],
    ["other objects named worker", { stages: [{ verification: { worker: { id: "MARK" } } }] }],
  ])("finds nothing %s", (_, record) => {
    expect(under(record, "MARK")).toBeNull();
  });

  it("finds nothing in texts that hold nothing", () => {
    for (const text of ["", "x", "[]", '{"child_runs"']) {
      const tape = scan(new TextEncoder().encode(text));
      for (let offset = -1; offset <= text.length + 1; offset++) expect(childCardAt(tape, offset)).toBeNull();
    }
  });

  it("finds what stands before the break of a broken text", () => {
    const text = `{"child_runs":[{"worker_id":"w","task":"t"`;
    expect(childCardAt(scan(new TextEncoder().encode(text)), 20)?.facts).toMatchObject({ workerId: "w", task: "t" });
  });
});
