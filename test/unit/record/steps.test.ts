import { describe, expect, test } from "vitest";
import { compileStruct } from "../../../src/record/codec.ts";
import { materializeChildRunsFromStageMetadata } from "../../../src/record/childRuns.ts";
import { diffRunRecords } from "../../../src/record/diffRunRecords.ts";
import { encodePretty } from "../../../src/record/encode.ts";
import { evaluateRunAgainstFixture } from "../../../src/record/evaluateRunAgainstFixture.ts";
import { plannerRoundFromStage } from "../../../src/record/plannerRound.ts";
import { readReplayFixture, readRunRecord } from "../../../src/record/readStrictly.ts";
import { loadRunRecord } from "../../../src/record/saveSteps.ts";
import { RunRecord as RunRecordSchema } from "../../../src/record/schema/RunRecord.ts";
import { syncRunHandoffs } from "../../../src/record/syncRunHandoffs.ts";
import { daemonEventsFromSidecar } from "../../../src/record/transcriptEvents.ts";
import { triggerEventFromRun } from "../../../src/record/trigger.ts";
import type { ReplayFixture, RunRecord } from "../../../src/record/types.ts";
import { NOW, plain, portsWith, recordOf, textOf, utf8 } from "./builders.ts";

const HANDOFF = { source_persona: "p", target_persona_or_human: { label: "x" }, task: "t", reason: "r" };

describe("child runs of stages", () => {
  test("are added, and fill gaps of those listed", () => {
    const run = recordOf({
      child_runs: [{ worker_id: "w1", task: "kept" }],
      stages: [
        {
          id: "s1",
          metadata: {
            worker: { id: "w1", task: "other", status: "failed", audit: { session_id: "se", approval_policy: { rules: [{ deny: "x" }] } } },
          },
        },
        { id: "", metadata: { worker: { id: "w2" } } },
        { metadata: { worker: { id: "" } } },
        { metadata: { worker: ["w3"] } },
      ],
    });
    materializeChildRunsFromStageMetadata(run);
    expect(
      run.child_runs.map(({ worker_id, worker_name, task, status, session_id, parent_stage_id }) => [
        worker_id,
        worker_name,
        task,
        status,
        session_id,
        parent_stage_id,
      ]),
    ).toEqual([
      ["w1", "worker", "kept", "failed", "se", "s1"],
      ["w2", "worker", "", "completed", null, null],
    ]);
    expect(run.child_runs[0]?.approval_policy?.rules[0]).toMatchObject({ action: "deny", match: { tool: ["x"] } });
  });

  test("a request that is there as null is not filled by a later stage; an absent one is", () => {
    const run = recordOf({
      stages: [
        { metadata: { worker: { id: "a", request: null } } },
        { metadata: { worker: { id: "b" } } },
        { metadata: { worker: { id: "a", request: 1 } } },
        { metadata: { worker: { id: "b", request: 1 } } },
      ],
    });
    materializeChildRunsFromStageMetadata(run);
    expect(run.child_runs.map(({ request }) => request && plain(request))).toEqual([null, 1]);
  });
});

describe("handoffs", () => {
  const synced = (fields: Readonly<Record<string, unknown>>): RunRecord => {
    const run = recordOf({ id: "run", workflow_id: "wf", ...fields });
    syncRunHandoffs(run, portsWith());
    return run;
  };

  test.each([
    ["itself", { ...HANDOFF, id: "h" }, 1],
    ["by its type", { _type: "handoff_artifact", ...HANDOFF, id: "h" }, 1],
    ["inside an artifact's data", { _type: "artifact", data: { kind: "handoff", data: { ...HANDOFF, id: "h" } } }, 1],
    ["inside an agent state", { _type: "agent_state_handoff", handoff: 5, summary: { ...HANDOFF, id: "h" } }, 1],
    ["without a reason", { ...HANDOFF, reason: " " }, 0],
    ["for an unknown target", { ...HANDOFF, target_persona_or_human: {} }, 0],
    ["with a wrong type", { ...HANDOFF, task: 5 }, 0],
    ["that is no object", [HANDOFF], 0],
  ])("is found in an artifact's data: %s", (_name, data, found) => {
    expect(synced({ artifacts: [{ id: "a", kind: "handoff", data }] }).handoffs).toHaveLength(found);
  });

  test("are sorted by time and then by id, with receipts, parents and artifacts", () => {
    const run = synced({
      persisted_path: "p",
      handoffs: [
        { ...HANDOFF, id: "b", created_at: "9" },
        { ...HANDOFF, id: "c", created_at: "10" },
        { ...HANDOFF, id: "a", created_at: "9" },
      ],
    });
    expect(run.handoffs.map(({ id }) => id)).toEqual(["c", "a", "b"]);
    expect(run.artifacts.map(({ id }) => id)).toEqual(["artifact_c", "artifact_a", "artifact_b"]);
    expect(run.handoffs[0]).toMatchObject({
      parent_run_id: "run",
      receipt_links: [{ kind: "run_receipt", label: "wf", run_id: "run", artifact_id: null, path: "p", href: null }],
    });
    expect(run.artifacts[0]).toMatchObject({ kind: "handoff", title: "Handoff to x", priority: 85n, relevance: 1, created_at: NOW });
  });

  test("without an id collapse into the last of them", () => {
    const run = synced({ handoffs: [{ task: "one" }, { task: "two" }] });
    expect(run.handoffs.map(({ task, kind, id }) => [task, kind, id.startsWith("handoff_")])).toEqual([["two", "handoff", true]]);
  });

  test("numbers are read once: those of the artifact are the handoff's own", async () => {
    // Numbers that JSON.stringify would spell in another way.
    const text = `{"id":"r","handoffs":[{"id":"h","created_at":"1","confidence":0.9280640504398593,"metadata":{"n":1.1640322042148132e-07}}]}`;
    const strict = readRunRecord(utf8(text));
    if (!strict.ok) throw new Error(strict.message);
    await loadRunRecord(strict.value, "r.json", portsWith());
    const written = textOf(encodePretty(compileStruct(RunRecordSchema), strict.value, { fidelity: "runtime" }));
    expect(written.match(/"confidence": \S+/g)).toEqual(['"confidence": 0.9280640504398592,', '"confidence": 0.9280640504398592,']);
    expect(written.match(/"n": \S+/g)).toEqual(['"n": 1.1640322042148134e-7', '"n": 1.1640322042148134e-7']);
  });
});

describe("planner rounds", () => {
  const round = (data: unknown) => {
    const [stage] = recordOf({ stages: [{ artifacts: [{ data: null }, { data }, { data: { trace: { iterations: 9 } } }] }] }).stages;
    if (stage === undefined) throw new Error("no stage");
    return plannerRoundFromStage(stage);
  };

  test.each([
    [{ trace: { iterations: 2 } }, true],
    [{ trace: { iterations: 2.5, tool_rejections: 4, interventions: 1, compactions: 1 } }, false],
    [{ trace: { iterations: -1 } }, false],
    [{ tools: { successful: ["a", 5] } }, true],
    [{ tools: { calls: 5 }, trace: { tools_used: ["a"] } }, false],
    [{ trace: { tools_used: ["a"] } }, true],
    [{ task_ledger: { rationale: "" } }, false],
    [{ task_ledger: { deliverables: [5] } }, true],
    [false, false],
  ])("%j is kept: %s", (data, kept) => {
    expect(round(data).kept).toBe(kept);
  });

  test("a ledger counts what blocks", () => {
    const { round: made } = round({
      task_ledger: { deliverables: [{ id: "d", status: "open" }, { status: "blocked" }, { status: "done" }, 5], observations: ["f", 1] },
    });
    expect(made).toMatchObject({
      research_facts: ["f"],
      task_ledger: { blocking_count: 2n, deliverables: [{ id: "d", note: null }, {}, {}, { id: "" }] },
    });
  });
});

describe("daemon events of a sidecar", () => {
  const events = (text: string): string[] =>
    daemonEventsFromSidecar({ exists: true, bytes: utf8(text) }).map(({ daemon_id, kind }) => `${daemon_id} ${kind}`);
  const line = (fields: Readonly<Record<string, unknown>>): string => JSON.stringify({ type: "daemon_event", ...fields });

  test.each([
    [line({ daemon_id: "a" }), ["a spawned"]],
    [
      `${line({ daemon_id: "a", kind: "stopped", x: 1 })}\r\n\u00a0\u2003\n${line({ daemon_id: "b", kind: { resumed: null } })}`,
      ["a stopped", "b resumed"],
    ],
    [`\ufeff${line({ daemon_id: "a" })}\n${line({ daemon_id: "b" })}`, ["b spawned"]],
    [`${line({ daemon_id: "a" })}\r${line({ daemon_id: "b" })}`, []],
    [line({ daemon_id: 5 }), []],
    [line({ kind: "exploded" }), []],
    [line({ payload_summary: null }), [" spawned"]],
    ['{"type":"daemon_event","daemon_id":1,"daemon_id":"last"}', ["last spawned"]],
    ['["daemon_event"]', []],
    ["{", []],
    [`{"type":"daemon_event","x":"\\ud800"}`, []],
    [`{"$serde_json::private::RawValue":"{\\"type\\":\\"daemon_event\\",\\"daemon_id\\":\\"r\\"}"}`, ["r spawned"]],
  ])("%j", (text, expected) => {
    expect(events(text)).toEqual(expected);
  });

  test("one invalid byte loses all", () => {
    expect(daemonEventsFromSidecar({ exists: true, bytes: new Uint8Array([...utf8(`${line({})}\n`), 0xff]) })).toEqual([]);
  });
});

describe("triggers", () => {
  const EVENT = {
    id: "e",
    provider: "acme",
    kind: "k",
    received_at: "2026-05-01T10:00:00Z",
    occurred_at: null,
    dedupe_key: "d",
    trace_id: "tr",
    headers: {},
    provider_payload: { provider: "acme", schema_name: "S", raw: null },
    signature_status: { state: "unsigned" },
  };
  const payload = (fields: Readonly<Record<string, unknown>>): unknown => ({ ...EVENT, provider_payload: { raw: {}, ...fields } });

  test.each([
    [EVENT, true],
    [{ ...EVENT, occurred_at: undefined }, false],
    [{ ...EVENT, headers: { a: 1 } }, false],
    [{ ...EVENT, tenant_id: 5 }, false],
    [{ ...EVENT, raw_body: "QQ==" }, true],
    [{ ...EVENT, raw_body: "QR==" }, false],
    [{ ...EVENT, raw_body: "QQ" }, false],
    [{ ...EVENT, batch: [1] }, true],
    [{ ...EVENT, signature_status: { state: "failed" } }, false],
    [{ ...EVENT, signature_status: { state: "failed", reason: "r" } }, true],
    [{ ...EVENT, signature_status: ["verified"] }, true],
    [{ ...EVENT, signature_status: ["failed", "r"] }, true],
    [{ ...EVENT, signature_status: ["verified", 1] }, false],
    [{ ...EVENT, provider_payload: ["acme", "S", null] }, true],
    [{ ...EVENT, provider_payload: ["acme", "S"] }, false],
    [payload({ provider: "acme" }), false],
    [payload({ provider: "webhook" }), true],
    [payload({ provider: "webhook", source: 5 }), false],
    [payload({ provider: "cron", tick_at: "2026-05-01T10:00:00Z" }), true],
    [payload({ provider: "cron", tick_at: "now" }), false],
    [payload({ provider: "github", event: "issues" }), false],
    [payload({ provider: "github", event: "issues", issue: null }), true],
    [payload({ provider: "github", event: "anything" }), true],
    [payload({ provider: "github", event: "toString" }), true],
    [payload({ provider: "kafka", event: "e", headers: null }), false],
    [payload({ provider: "notion", event: "e", attempt_number: 4294967296 }), false],
    [payload({ provider: "constructor" }), false],
  ])("%j: %s", (event, recognised) => {
    expect(triggerEventFromRun(recordOf({ metadata: { trigger_event: event } })) !== null).toBe(recognised);
  });
});

describe("evaluation", () => {
  const fixtureOf = (fields: Readonly<Record<string, unknown>>): ReplayFixture => {
    const read = readReplayFixture(utf8(JSON.stringify(fields)));
    if (!read.ok) throw new Error(read.message);
    return read.value;
  };
  const failures = (run: Readonly<Record<string, unknown>>, fixture: Readonly<Record<string, unknown>>): string[] =>
    evaluateRunAgainstFixture(recordOf(run), fixtureOf(fixture)).failures;

  test("of a replay: the last stage of a node counts", () => {
    const run = {
      status: "failed",
      stages: [
        { node_id: "n", status: "ok", outcome: "o" },
        { node_id: "n", status: "bad", visible_text: "seen" },
      ],
    };
    const fixture = {
      expected_status: "completed",
      stage_assertions: [
        { node_id: "gone" },
        {
          node_id: "n",
          expected_status: "ok",
          expected_outcome: "o",
          expected_branch: "b",
          required_artifact_kinds: ["k", "k"],
          visible_text_contains: 'a"b',
        },
      ],
    };
    expect(failures(run, fixture)).toEqual([
      "run status mismatch: expected completed, got failed",
      "missing stage gone",
      "stage n status mismatch: expected ok, got bad",
      "stage n outcome mismatch: expected o, got ",
      'stage n branch mismatch: expected Some("b"), got None',
      "stage n missing artifact kind k",
      "stage n missing artifact kind k",
      'stage n visible text does not contain expected snippet "a\\"b"',
    ]);
  });

  test.each([
    [{}, [], ["expected at least 1 clarifying question(s), got 0"]],
    [{}, ["a", "b"], ["expected at most 1 clarifying question(s), got 2"]],
    [{ expected_question: "Which  FILE?" }, ["which, file"], []],
    [{ accepted_questions: ["x", "Ünï"] }, ["n"], []],
    [{ required_terms: ["file", "..."] }, ["The file!"], []],
    [{ forbidden_terms: ["..."] }, ["file"], ['no clarifying question matched fixture; actual questions: "file"']],
    [{ min_questions: 0, max_questions: 0 }, ["a"], []],
  ])("of clarifying questions: %j with %j", (spec, prompts, expected) => {
    const run = { hitl_questions: prompts.map((prompt) => ({ prompt })) };
    expect(failures(run, { eval_kind: "clarifying_question", clarifying_question: spec })).toEqual(expected);
  });
});

describe("diff", () => {
  test("tells stages, tools and what is derived", async () => {
    const left = recordOf({
      id: "l",
      stages: [{ id: "s", node_id: "a", status: "x", branch: "b" }, { node_id: "gone" }],
      tool_recordings: [{ tool_name: "t", args_hash: "h", result: "1" }],
      transitions: [{}],
      observability: {
        daemon_events: [{ daemon_id: "d", kind: "stopped", timestamp: "t", name: "N" }],
        verification_outcomes: [{ stage_id: "s", node_id: "a", status: "x" }],
      },
    });
    const right = recordOf({
      id: "r",
      stages: [{ id: "s", node_id: "a", status: "y" }],
      tool_recordings: [{ tool_name: "t", args_hash: "h", result: "2" }],
      observability: {
        daemon_events: [{ daemon_id: "d", kind: "stopped", timestamp: "t", name: "M" }],
        verification_outcomes: [{ stage_id: "s", node_id: "a", status: "y" }],
      },
    });
    expect(await diffRunRecords(left, right, portsWith())).toMatchObject({
      identical: false,
      stage_diffs: [
        { node_id: "a", change: "changed", details: ["status: x -> y", 'branch: Some("b") -> None'] },
        { node_id: "gone", change: "removed", details: ["stage missing from right run"] },
      ],
      tool_diffs: [{ tool_name: "t", result_changed: true, left_result: "1", right_result: "2" }],
      observability_diffs: [
        { section: "daemon_events", label: "d:Stopped:t", details: ['event: ("N", "", None) -> ("M", "", None)'] },
        { section: "verification", label: "a", details: [] },
      ],
      transition_count_delta: -1n,
    });
    expect(await diffRunRecords(left, left, portsWith())).toMatchObject({ identical: true });
  });
});
