import { describe, expect, it } from "vitest";
import { hitlLedger, isWaitpointCancelled, readHitlEvents, waitpointTopic } from "../../../src/eventlog/hitlLedger.ts";
import type { HitlEntry, LedgerRun } from "../../../src/eventlog/hitlLedger.ts";
import type { LogEvent } from "../../../src/eventlog/LogEvent.ts";
import { sliceText } from "../../../src/json/cursor.ts";
import type { EventGiven } from "./support.ts";
import { line, logEvent, memoryLog } from "./support.ts";

const run: LedgerRun = { id: "r", traceId: "trace", window: null, stored: [] };
const request = (kind: string, payload: object, more: object = {}): EventGiven => ({
  kind,
  at: 100,
  payload: { request_id: "q", run_id: "r", requested_at: "2026-01-01T00:00:00Z", agent: "a", payload, ...more },
});
const question = request("hitl.question_asked", { prompt: "Why?", default: "no", timeout_ms: 60000 });
const response = (payload: object, at = 150): EventGiven => ({
  kind: "hitl.response_received",
  at,
  payload: { request_id: "q", ...payload },
});
const told = (kind: string, payload: object = {}, at = 200): EventGiven => ({ kind, at, headers: { request_id: "q" }, payload });

function ledger(topic: string, events: readonly EventGiven[], given: Partial<LedgerRun> = {}): HitlEntry[] {
  const list: LogEvent[] = events.map((event, index) => logEvent({ id: index + 1, ...event }));
  return hitlLedger({ ...run, ...given }, { byTopic: new Map([[topic, list]]), faults: [] });
}

const only = (entries: readonly HitlEntry[]): HitlEntry => {
  expect(entries.length).toBe(1);
  return entries[0]!;
};

describe("questions", () => {
  it.each([
    ["open", [], null],
    ["answered", [response({ answer: "x", reviewer: "me" })], 50n],
    ["timedOut", [told("hitl.timeout")], 100n],
    ["timedOut", [told("hitl.timeout"), response({ answer: "late" }, 900)], 100n],
    ["open", [response({ request_id: "other" })], null],
  ])("are %s", (state, events, waited) => {
    const entry = only(ledger("hitl.questions", [question, ...events]));
    expect([entry.outcome?.state, entry.waitedMs]).toEqual([state, waited]);
  });

  it("tell who answered what, and what came too late", () => {
    const events = [question, response({ answer: { a: 1 }, reviewer: "me", responded_at: "then" }), response({ answer: 2 })];
    const { outcome, request: asked } = only(ledger("hitl.questions", events));
    expect(outcome).toMatchObject({ by: "me", at: "then", reason: null });
    expect(outcome?.answer && sliceText(outcome.answer.tape, outcome.answer.node)).toBe('{"a":1}');
    expect(outcome?.late.length).toBe(1);
    expect(asked).toMatchObject({ prompt: "Why?", timeoutMs: 60000n, agent: "a" });
    expect(asked?.fallback && sliceText(asked.fallback.tape, asked.fallback.node)).toBe('"no"');
  });
});

describe("approvals", () => {
  const approval = request("hitl.approval_requested", { action: "ship", quorum: 2, reviewers: ["a", "b", "c"] });
  const yes = (reviewer?: string): EventGiven => response({ approved: true, reviewer });

  it.each([
    ["open", [], 0],
    ["open", [yes("a")], 1],
    ["open", [yes("a"), yes("a")], 1],
    ["open", [yes("a"), yes("stranger")], 1],
    ["approved", [yes("a"), yes("b")], 2],
    ["approved", [yes("a"), yes("b"), told("hitl.approval_approved", { record: { approved_at: "then" } })], 2],
    ["approved", [told("hitl.approval_approved")], 0],
    ["denied", [yes("a"), response({ approved: false, reviewer: "b", reason: "no" })], 1],
    ["denied", [response({ reviewer: "b" })], 0],
    ["denied", [yes()], 0],
    ["open", [response({ approved: false, reviewer: "stranger" })], 0],
    ["denied", [told("hitl.approval_denied", { reviewer: "c", reason: "no" })], 0],
    ["timedOut", [yes("a"), told("hitl.timeout")], 1],
    ["timedOut", [told("hitl.timeout"), yes("a"), yes("b")], 2],
  ])("are %s", (state, events, approvals) => {
    const { outcome } = only(ledger("hitl.approvals", [approval, ...events]));
    expect([outcome?.state, outcome?.approvals]).toEqual([state, approvals]);
  });

  it("count votes one by one", () => {
    const votes = [yes("a"), yes("a"), yes("x"), response({ reviewer: "b" })];
    const { outcome } = only(ledger("hitl.approvals", [approval, ...votes]));
    expect(outcome?.votes.map(({ reviewer, counts }) => `${reviewer ?? ""} ${counts}`)).toEqual([
      "a approval",
      "a repeated",
      "x outsider",
      "b denial",
    ]);
  });

  it.each([
    [{ quorum: 3, approvers_required: 2 }, 3n],
    [{ quorum: "x", approvers_required: 2 }, 1n],
    [{ approvers_required: 2 }, 2n],
    [{ approval_request: { approvers_required: 4 } }, 4n],
    [{}, 1n],
  ])("need by %j %s votes", (payload, needed) => {
    expect(only(ledger("hitl.approvals", [request("hitl.approval_requested", payload)])).request?.votesNeeded).toBe(needed);
  });
});

describe("dual control and escalations", () => {
  const dual = request("hitl.dual_control_requested", { action: "drop", n: 2, approvers: ["a", "b"] });
  const escalation = request("hitl.escalation_issued", { role: "lead", reason: "stuck" });

  it("go from approval to execution, with the result", () => {
    const events = [
      dual,
      response({ approved: true, reviewer: "a" }),
      response({ approved: true, reviewer: "b" }),
      told("hitl.dual_control_approved", {}, 210),
      told("hitl.dual_control_executed", { result: 7 }, 300),
    ];
    const { outcome, waitedMs } = only(ledger("hitl.dual_control", events));
    expect(outcome).toMatchObject({ state: "executed", by: "b", approvals: 2 });
    expect(outcome?.answer && sliceText(outcome.answer.tape, outcome.answer.node)).toBe("7");
    // People were waited for until they had decided, not until what they let run was done.
    expect(waitedMs).toBe(110n);
  });

  it.each([
    ["accepted", [told("hitl.escalation_accepted", { accepted: true })]],
    ["responded", [told("hitl.escalation_accepted", { accepted: false })]],
    ["responded", [told("hitl.escalation_accepted")]],
    ["accepted", [told("hitl.escalation_accepted"), response({ accepted: true })]],
    ["open", []],
  ])("are %s", (state, events) => {
    const entry = only(ledger("hitl.escalations", [escalation, ...events]));
    expect([entry.prompt, entry.outcome?.state]).toEqual(["stuck", state]);
  });
});

describe("what belongs to a run", () => {
  const noRun = { ...question, payload: { request_id: "q", trace_id: "trace", payload: { prompt: "?" } } };
  it.each([
    ["run", question, {}],
    ["run", { ...noRun, headers: { run_id: "r" } }, {}],
    ["trace", noRun, {}],
    ["time", noRun, { traceId: null, window: { startMs: 100n, endMs: 100n } }],
    [undefined, noRun, { traceId: null, window: { startMs: 101n, endMs: 200n } }],
    [undefined, noRun, { traceId: null }],
    [undefined, { ...noRun, headers: { run_id: "x" } }, {}],
  ])("%s", (belongs, event, given) => expect(ledger("hitl.questions", [event], given)[0]?.belongs).toBe(belongs));

  const stored = { request_id: "q", prompt: "Why?", agent: "a", trace_id: null, asked_at: "2026-01-01T00:00:00Z" };
  it("tells the record's questions and the log's apart, and what a merge would do", () => {
    const both = (prompt: string) => only(ledger("hitl.questions", [question], { stored: [{ ...stored, prompt }] }));
    expect(both("Why?")).toMatchObject({ source: "both", merge: "none" });
    expect(both("Old?")).toMatchObject({ source: "both", merge: "replace", prompt: "Why?" });
    expect(only(ledger("hitl.questions", [question]))).toMatchObject({ source: "log", merge: "add" });
    expect(only(ledger("hitl.questions", [], { stored: [stored] }))).toMatchObject({
      source: "record",
      merge: "none",
      outcome: null,
      askedAtMs: null,
    });
    expect(only(ledger("hitl.questions", [noRun]))).toMatchObject({ source: "log", merge: "none" });
  });

  it("takes a request for the run's own where the record lists it, whatever run it names", () => {
    const other = { ...question, payload: { ...(question.payload as object), run_id: "x" } };
    expect(only(ledger("hitl.questions", [other], { stored: [stored] }))).toMatchObject({
      source: "both",
      belongs: "record",
      merge: "none",
    });
  });

  it("is in the order of asking, by its text", () => {
    const at = (id: string, time: string): EventGiven =>
      request("hitl.question_asked", { prompt: "?" }, { request_id: id, requested_at: time });
    expect(ledger("hitl.questions", [at("b", "2"), at("a", "2"), at("c", "1")]).map(({ requestId }) => requestId)).toEqual(["c", "a", "b"]);
  });
});

it("reads all topics of a log, answers of hosts too, and notes those it cannot read", async () => {
  const log = memoryLog({
    "hitl.questions.jsonl": line(question),
    "hitl.responses.jsonl": line(response({ answer: 1 })),
    "hitl.approvals.jsonl": "{oops\n",
  });
  const events = await readHitlEvents(log);
  expect(events.faults).toEqual([{ topic: "hitl.approvals", message: expect.stringContaining("line 1") as string }]);
  expect(only(hitlLedger(run, events)).outcome?.state).toBe("answered");
});

it("knows a request whose waiting point was taken back", () => {
  const state = (status: string): LogEvent => logEvent({ kind: "waitpoint.state", payload: { status } });
  expect(isWaitpointCancelled([state("open"), state("cancelled")])).toBe(true);
  expect(isWaitpointCancelled([state("cancelled"), state("completed")])).toBe(false);
  expect(isWaitpointCancelled([logEvent({ kind: "waitpoint_cancelled" })])).toBe(false);
  expect(waitpointTopic("hitl_question_a:b")).toBe("waitpoint.state.hitl_question_a_b");
  const list = [logEvent(question)];
  const entries = hitlLedger(run, { byTopic: new Map([["hitl.questions", list]]), faults: [] }, new Set(["q"]));
  expect(only(entries).outcome?.state).toBe("cancelled");
});
