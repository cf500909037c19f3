import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hitlLedger } from "../../../src/eventlog/hitlLedger.ts";
import type { HitlEntry } from "../../../src/eventlog/hitlLedger.ts";
import type { LogEvent } from "../../../src/eventlog/LogEvent.ts";
import { scan } from "../../../src/json/scan.ts";
import { answerText, askedText } from "../../../src/view/questions/answerText.ts";
import { questionDetail } from "../../../src/view/questions/questionDetail.ts";
import { questionFacts, questionRowId, stateView, waitedMs } from "../../../src/view/questions/QuestionFacts.ts";
import type { QuestionFacts, RunTimes } from "../../../src/view/questions/QuestionFacts.ts";
import { openRequests } from "../../../src/view/questions/questionRows.ts";
import { questionsSummary, waitedInAll } from "../../../src/view/questions/questionsSummary.ts";
import { questionsTable } from "../../../src/view/questions/questionsTable.ts";
import { TableModel } from "../../../src/view/table/TableModel.ts";
import { NO_QUERY } from "../../../src/view/tables.ts";
import type { DetailSection } from "../../../src/view/types.ts";
import { logEvent } from "../eventlog/support.ts";
import type { EventGiven } from "../eventlog/support.ts";

const RUNNING: RunTimes = { startMs: 0, endMs: null, isOver: false };
const OVER: RunTimes = { startMs: 0, endMs: 100_000, isOver: true };
const NOW = 60_000;

const request = (kind: string, payload: object, at = 1000): EventGiven => ({
  kind,
  at,
  payload: { request_id: "q", run_id: "r", requested_at: new Date(at).toISOString(), agent: "a", payload },
});
const response = (payload: object, at = 31_000): EventGiven => ({
  kind: "hitl.response_received",
  at,
  payload: { request_id: "q", ...payload },
});
const told = (kind: string, payload: object = {}, at = 41_000): EventGiven => ({ kind, at, payload: { request_id: "q", ...payload } });

const question = request("hitl.question_asked", { prompt: "Why?", default: null });
const withDefault = request("hitl.question_asked", { prompt: "Why?", default: "no", timeout_ms: 5000 });
const approval = request("hitl.approval_requested", { action: "ship", quorum: 2, reviewers: ["ann", "bob", "cy"] });
const dual = request("hitl.dual_control_requested", { action: "drop", n: 2, approvers: ["ann", "bob"] });
const escalation = request("hitl.escalation_issued", { role: "lead", reason: "stuck" });
const yes = (reviewer: string, at?: number): EventGiven => response({ approved: true, reviewer }, at);

const TOPICS: Readonly<Record<string, string>> = {
  "hitl.question_asked": "hitl.questions",
  "hitl.approval_requested": "hitl.approvals",
  "hitl.dual_control_requested": "hitl.dual_control",
  "hitl.escalation_issued": "hitl.escalations",
};

function entryOf(events: readonly EventGiven[], cancelled = false): HitlEntry {
  const list: LogEvent[] = events.map((event, index) => logEvent({ id: index + 1, ...event }));
  const topic = TOPICS[events[0]?.kind ?? ""] ?? "";
  const ids = new Set(cancelled ? ["q"] : []);
  const [entry] = hitlLedger({ id: "r", traceId: null, window: null, stored: [] }, { byTopic: new Map([[topic, list]]), faults: [] }, ids);
  if (entry === undefined) throw new Error("no request");
  return entry;
}

const CONTEXT = {
  stages: { at: () => 2, name: () => "work", rowId: () => "stage:2" },
  recordIndex: new Map<string, number>(),
  unknown: "no event log",
  reachable: null,
};
const factsOf = (events: readonly EventGiven[], run: RunTimes = RUNNING, cancelled = false): QuestionFacts =>
  questionFacts(entryOf(events, cancelled), { ...CONTEXT, run });

function cells(facts: QuestionFacts, nowMs = NOW): string[] {
  const model = new TableModel(questionsTable(() => nowMs));
  model.set([facts]);
  const { columns, rows } = model.window(NO_QUERY, 0, 1);
  const order = ["kind", "asked", "by", "at", "answer", "waited", "outcome", "found", "normalize"];
  return order.map((id) => rows[0]?.cells[columns.findIndex((column) => column.id === id)]?.text ?? "");
}

describe("one row", () => {
  it.each<[string, readonly EventGiven[], string, string, string]>([
    ["a question that is open", [question], "nobody yet", "59 s …", "open"],
    ["one that was answered", [question, response({ answer: "x", reviewer: "me" })], "me: “x”", "30 s", "answered"],
    ["an answer that is no text", [question, response({ answer: { a: [1] } })], 'somebody: {"a":[1]}', "30 s", "answered"],
    ["an answer of nothing", [question, response({ reviewer: "me" })], "me: nothing", "30 s", "answered"],
    ["a question whose time is over", [question, told("hitl.timeout")], "nobody", "40 s", "timed out"],
    ["one with a default", [withDefault, told("hitl.timeout")], "nobody — the default “no” was used", "40 s", "timed out"],
    [
      "an answer that came too late",
      [question, told("hitl.timeout"), response({ answer: 1 }, 50_000)],
      "nobody; an answer came too late",
      "40 s",
      "timed out",
    ],
    ["an approval nobody voted on", [approval], "nobody yet", "59 s …", "open"],
    ["an approval with a vote", [approval, yes("ann")], "1 of 2 — ann: yes", "59 s …", "open"],
    [
      "votes that do not count",
      [approval, yes("ann"), yes("ann"), yes("dan")],
      "1 of 2 — ann: yes, ann: again (does not count), dan: not asked (does not count)",
      "59 s …",
      "open",
    ],
    [
      "an approval",
      [approval, yes("ann"), yes("cy", 35_000), told("hitl.approval_approved", {}, 35_500)],
      "2 of 2 — ann: yes, cy: yes",
      "35 s",
      "approved",
    ],
    ["a denial", [approval, yes("ann"), response({ approved: false, reviewer: "bob" })], "1 of 2 — ann: yes, bob: no", "30 s", "denied"],
    ["a denial told by the runtime alone", [approval, told("hitl.approval_denied", { reviewer: "bob" })], "bob: no", "40 s", "denied"],
    [
      "votes after the time was over",
      [approval, told("hitl.timeout"), yes("ann", 50_000), yes("bob", 51_000)],
      "nobody; 2 answers came too late",
      "40 s",
      "timed out",
    ],
    [
      "a vote after the decision",
      [approval, yes("ann"), yes("bob"), response({ approved: false, reviewer: "cy" }, 50_000)],
      "2 of 2 — ann: yes, bob: yes",
      "30 s",
      "approved",
    ],
    [
      "dual control that ran",
      [
        dual,
        yes("ann"),
        yes("bob"),
        told("hitl.dual_control_approved", {}, 32_000),
        told("hitl.dual_control_executed", { result: "done" }),
      ],
      "2 signatures, then run: “done”",
      "31 s",
      "executed",
    ],
    ["dual control that ran for nothing", [dual, told("hitl.dual_control_executed")], "0 signatures, then run: ok", "40 s", "executed"],
    [
      "an escalation that was accepted",
      [escalation, told("hitl.escalation_accepted", { accepted: true, reviewer: "lea", reason: "mine" })],
      "lea: accepted · “mine”",
      "40 s",
      "accepted",
    ],
    [
      "an escalation that was only answered",
      [escalation, told("hitl.escalation_accepted", { reviewer: "lea" })],
      "lea: not accepted",
      "40 s",
      "responded, not accepted",
    ],
  ])("tells of %s", (_, events, answer, waited, outcome) => {
    const [, , , , ...rest] = cells(factsOf(events));
    expect(rest.slice(0, 3)).toEqual([answer, waited, outcome]);
  });

  it("tells of what was taken back, and of what nobody answered before the run was over", () => {
    expect(cells(factsOf([question], RUNNING, true)).slice(4, 7)).toEqual(["nobody", "–", "cancelled"]);
    expect(cells(factsOf([question], OVER)).slice(4, 7)).toEqual(["nobody", "1m 39s", "never answered"]);
    expect(cells(factsOf([question], { ...OVER, endMs: null })).slice(4, 7)).toEqual(["nobody", "–", "never answered"]);
    expect(stateView("neverAnswered").tone).toBe("warning");
  });

  it("names kind, prompt, stage and agent, and what a normalise would do", () => {
    expect(cells(factsOf([question]))).toEqual([
      "question",
      "“Why?”",
      "work · a",
      "1970-01-01T00:00:01.000Z",
      "nobody yet",
      "59 s …",
      "open",
      "log only",
      "would be added",
    ]);
    expect(askedText(factsOf([escalation]))).toBe("to lead: “stuck”");
    expect(cells(factsOf([approval])).at(-1)).toBe("–");
  });

  it("stays one line of safe text whatever was asked", () => {
    const hostile = "a\n\u202eb <img src=x onerror=alert(1)>\u0000";
    const asked = { ...question, payload: { ...(question.payload as object), payload: { prompt: hostile, default: hostile } } };
    const row = cells(factsOf([asked, told("hitl.timeout")]));
    expect(row[1]).toBe("“a \\u202eb <img src=x onerror=alert(1)>\\u0000”");
    expect(row.join("")).not.toMatch(/[\n\u202e\u0000]/);
  });

  it("has an id that stays short whatever the request is called", () => {
    const [one, other] = ["a", "b"].map((end) => questionRowId("x".repeat(100_000) + end));
    expect(one).not.toBe(other);
    expect(one?.length).toBeLessThan(250);
    expect(questionRowId("q")).toBe("@question:q");
  });

  it("says when the time of an open request is over without a word", () => {
    const model = new TableModel(questionsTable(() => NOW));
    model.set([factsOf([withDefault])]);
    const hint = model.window(NO_QUERY, 0, 1).rows[0]?.cells.find(({ text }) => text.endsWith("…"))?.hint;
    expect(hint).toContain("time limit of 5 s is over");
  });
});

describe("filters and search", () => {
  const model = new TableModel(questionsTable(() => NOW));
  model.set([factsOf([question, response({ answer: "blue", reviewer: "me" })]), factsOf([approval, yes("ann")])]);
  const found = (text: string, filters: Record<string, string> = {}): number => model.window({ ...NO_QUERY, text, filters }, 0, 9).total;

  it.each([
    ["why", 1],
    ["BLUE", 1],
    ["ann", 1],
    ["cy", 1],
    ["work", 2],
    ["nothing of it", 0],
  ])("find %s in %i rows", (text, rows) => expect(found(text)).toBe(rows));

  it("leave what has the value", () => {
    expect(found("", { kind: "approval" })).toBe(1);
    expect(found("", { outcome: "answered", kind: "approval" })).toBe(0);
    expect(found("", { stage: "work", found: "log only" })).toBe(2);
    expect(model.window(NO_QUERY, 0, 0).filters.map(({ id, options }) => [id, options.map(({ label }) => label)])).toEqual([
      ["kind", ["question", "approval"]],
      ["outcome", ["answered", "open"]],
      ["stage", ["work"]],
      ["found", ["log only"]],
    ]);
  });
});

describe("the summary", () => {
  it("counts each request once, and time that two were waited for once", () => {
    const answered = factsOf([question, response({ answer: 1 }, 11_000)]);
    const open = factsOf([approval]);
    const late = factsOf([{ ...question, at: 20_000 }, told("hitl.timeout", {}, 25_000)]);
    expect(questionsSummary([answered, late], OVER, NOW)).toBe(
      "2 asked · 1 answered · 1 timed out · people were waited for 15 s of 1m 40s",
    );
    expect(questionsSummary([answered, late, open], RUNNING, NOW)).toBe(
      "3 asked · 1 answered · 1 timed out · 1 open · people were waited for 59 s of 1m 00s",
    );
    expect(questionsSummary([], RUNNING, NOW)).toBe("Nobody was asked anything.");
  });

  it("is never longer than the run, nor than all waits together, nor shorter than the longest", () => {
    const span = fc.tuple(fc.nat(120_000), fc.nat(50_000));
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 8 }), (spans) => {
        const facts = spans.map(([from, length]) => factsOf([{ ...question, at: from }, told("hitl.timeout", {}, from + length)]));
        const sum = waitedInAll(facts, { startMs: 0, endMs: 200_000, isOver: true }, NOW) ?? -1;
        const waits = facts.map((each) => waitedMs(each, NOW) ?? -1);
        expect(sum).toBeLessThanOrEqual(waits.reduce((a, b) => a + b, 0));
        expect(sum).toBeGreaterThanOrEqual(Math.max(...waits));
        const cut = waitedInAll(facts, { startMs: 10_000, endMs: 20_000, isOver: true }, NOW) ?? -1;
        expect(cut).toBeGreaterThanOrEqual(0);
        expect(cut).toBeLessThanOrEqual(Math.min(10_000, sum));
      }),
    );
  });
});

describe("the head of the run", () => {
  it("names what waits for somebody, as far as it goes into a message", () => {
    const open = factsOf([approval, yes("ann")]);
    expect(openRequests([open, factsOf([question, response({ answer: 1 })])])).toEqual([
      {
        rowId: "@question:q",
        kind: "approval 1 of 2",
        prompt: "ship",
        askedBy: "work · a",
        asked: { text: "1970-01-01T00:00:01.000Z", epochMs: 1000 },
      },
    ]);
    expect(openRequests(Array.from({ length: 1000 }, () => open)).length).toBe(50);
  });
});

describe("the detail", () => {
  const given = { nowMs: NOW, stored: null, waitpoint: null };
  const section = (sections: readonly DetailSection[], title: string): DetailSection | undefined =>
    sections.find((each) => each.title === title);

  it("tells votes, signatures and what came too late, and each event with its own text", () => {
    const record = { approved: true, signatures: [{ reviewer: "ann", signature: "sha256:1", signed_at: "2026-01-01T00:00:00Z" }] };
    const events = [
      approval,
      response({ approved: true, reviewer: "ann", reason: "fine", signature: "sig" }),
      yes("dan"),
      yes("bob", 35_000),
      told("hitl.approval_approved", { record }, 36_000),
      response({ approved: false, reviewer: "cy" }, 46_000),
    ];
    const { detail, tapes } = questionDetail(factsOf(events), given);
    expect(tapes.length).toBe(6);
    expect(detail).toMatchObject({ rowId: "@question:q", kind: "question", path: "hitl.approvals #1", status: { text: "approved" } });
    expect(section(detail.sections, "Votes")).toMatchObject({
      items: [
        { value: "ann: yes · “fine” · signed sig", tone: "success" },
        { value: "dan: not asked (does not count)", tone: "warning" },
        { value: "bob: yes" },
      ],
    });
    expect(section(detail.sections, "Signatures")).toMatchObject({ items: [{ name: "ann", value: "sha256:1" }] });
    expect(section(detail.sections, "Came too late")).toMatchObject({ items: [{ name: "cy", value: "approved: false · 10 s too late" }] });
    expect(section(detail.sections, "In the event log")).toMatchObject({ items: { length: 6 } });
    expect(JSON.stringify(section(detail.sections, "Request"))).toContain("2 of ann, bob, cy");
  });

  it("gives long texts of every event a reference of their own", () => {
    const long = "x".repeat(20_000);
    const { detail, tapes } = questionDetail(factsOf([question, response({ answer: long, reviewer: "me" })]), given);
    const answer = section(detail.sections, "answer");
    if (answer?.kind !== "text") throw new Error("the answer is no text");
    expect(answer.text.length).toBe(20_000);
    expect(Math.floor((answer.text.ref ?? 0) / 2 ** 32)).toBe(1);
    expect(tapes.length).toBe(2);
  });

  it("tells what only the record has", () => {
    const text = '{"request_id":"q","prompt":"Why?","agent":"","trace_id":null,"asked_at":"soon"}';
    const tape = scan(new TextEncoder().encode(text));
    const stored = { request_id: "q", prompt: "Why?", agent: "", trace_id: null, asked_at: "soon" };
    const [entry] = hitlLedger({ id: "r", traceId: null, window: null, stored: [stored] }, { byTopic: new Map(), faults: [] });
    if (entry === undefined) throw new Error("no entry");
    const facts = questionFacts(entry, { ...CONTEXT, recordIndex: new Map([["q", 0]]), run: OVER });
    const { detail } = questionDetail(facts, { ...given, stored: { question: stored, tape, node: 0, path: "hitl_questions[0]" } });
    expect(detail).toMatchObject({ path: "hitl_questions[0]", offset: 0, raw: { head: text }, status: { text: "not known" } });
    expect(JSON.stringify(detail.sections)).toContain("not known: no event log");
    expect(answerText(facts)).toBe("–");
    expect(facts).toMatchObject({ stage: null, questionRow: "question:0" });
  });
});
