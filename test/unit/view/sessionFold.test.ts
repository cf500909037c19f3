import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SessionEvent } from "../../../src/eventlog/sessionTimeline/SessionEvent.ts";
import { readSessionEvent } from "../../../src/eventlog/sessionTimeline/SessionEvent.ts";
import { SessionFold } from "../../../src/view/sessions/SessionFold.ts";
import { entryTook } from "../../../src/view/sessions/TimelineEntry.ts";
import type { SessionFacts, TimelineEntry } from "../../../src/view/sessions/TimelineEntry.ts";
import { logEvent } from "../eventlog/support.ts";

type Given = readonly [at: number, type: string, fields?: Readonly<Record<string, unknown>>];

function emptySession(): SessionFacts {
  return {
    level: 1,
    id: "@session:s",
    sessionId: "s",
    topic: "observability.agent_events.s",
    origin: { kind: "record" },
    entries: [],
    eventCount: 0,
    hiddenCount: 0,
    copyCount: 0,
    carrier: null,
    faultCount: 0,
    firstMs: null,
    lastMs: null,
    tokensIn: null,
    tokensOut: null,
    costUsd: null,
    chain: { state: "none", at: null, count: 0 },
  };
}

function eventOf([at, type, fields]: Given, id: number): SessionEvent {
  return readSessionEvent(
    logEvent({
      id,
      kind: type,
      at,
      headers: { session_id: "s" },
      payload: { event: { ...fields, session_id: "s", type }, session_id: "s" },
    }),
  );
}

function folded(given: readonly Given[]): SessionFacts {
  const fold = new SessionFold(emptySession());
  given.forEach((each, index) => {
    fold.add(eventOf(each, index + 1), `@event:s/${index + 1}`, index * 10);
  });
  fold.sort();
  return fold.session;
}

function only(given: readonly Given[]): TimelineEntry {
  const { entries } = folded(given);
  expect(entries).toHaveLength(1);
  const [entry] = entries;
  if (entry === undefined) throw new Error("no row");
  return entry;
}

const call = (id: string, fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  tool_call_id: id,
  tool_name: "read",
  kind: null,
  status: "pending",
  raw_input: { path: "a" },
  ...fields,
});
const update = (id: string, status: string, fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  tool_call_id: id,
  tool_name: "read",
  status,
  raw_output: null,
  error: null,
  ...fields,
});

describe("events that are one row", () => {
  it("a tool call, its updates and its audit", () => {
    const entry = only([
      [100, "tool_call", call("t")],
      [101, "tool_call_update", update("t", "in_progress", { raw_input: { path: "a" } })],
      [900, "tool_call_update", update("t", "failed", { error: "no such file", duration_ms: 750, executor: { kind: "harn_builtin" } })],
      [901, "tool_call_audit", { tool_call_id: "t", tool_name: "read", audit: {} }],
    ]);
    expect(entry).toMatchObject({
      family: "tool",
      label: "read",
      text: '{"path":"a"}',
      status: "failed",
      error: "no such file",
      executor: "harn builtin",
      startMs: 100,
      join: { kind: "tool", id: "t" },
      fault: null,
      eventCount: 4,
    });
    expect(entryTook(entry)).toBe(750);
    expect(entry.refs.map(({ id, offset }) => [id, offset])).toEqual([
      [1n, 0],
      [2n, 10],
      [3n, 20],
      [4n, 30],
    ]);
  });

  it("takes the time between its events where none tells how long it took", () => {
    const entry = only([
      [100, "tool_call", call("t")],
      [350, "tool_call_update", update("t", "completed")],
    ]);
    expect(entryTook(entry)).toBe(250);
  });

  it("reads the same when the end was stored before the beginning", () => {
    const entry = only([
      [104, "tool_call_update", update("t", "completed", { duration_ms: 4 })],
      [101, "tool_call_update", update("t", "in_progress")],
      [100, "tool_call", call("t")],
    ]);
    expect(entry).toMatchObject({ family: "tool", status: "completed", text: '{"path":"a"}', startMs: 100 });
  });

  it("is another row when a call's id comes again", () => {
    const { entries } = folded([
      [100, "tool_call", call("t")],
      [110, "tool_call_update", update("t", "completed")],
      [200, "tool_call", call("t", { raw_input: { path: "b" } })],
      [210, "tool_call_update", update("t", "failed")],
    ]);
    expect(entries.map(({ text, status }) => [text, status])).toEqual([
      ['{"path":"a"}', "completed"],
      ['{"path":"b"}', "failed"],
    ]);
  });

  it("an iteration, with its tokens; one that never ended has none", () => {
    const info = { model: "m", input_tokens: 10, output_tokens: 5, cost_usd: 0.5, wall_clock_ms: 99_999, text: "Done." };
    const { entries, tokensIn, tokensOut, costUsd } = folded([
      [100, "iteration_start", { iteration: 1, model: "m" }],
      [400, "iteration_end", { iteration: 1, iteration_info: info }],
      [500, "iteration_start", { iteration: 2, model: "m" }],
    ]);
    expect(entries).toMatchObject([
      { label: "Iteration 1", text: "m · Done.", tokensIn: 10, tokensOut: 5, costUsd: 0.5 },
      { label: "Iteration 2", text: "m", tokensIn: null, tokensOut: null, costUsd: null },
    ]);
    // The clock of an iteration's end counts from the beginning of the loop.
    expect(entries.map(entryTook)).toEqual([300, null]);
    expect([tokensIn, tokensOut, costUsd]).toEqual([10, 5, 0.5]);
  });

  it("counts the iterations of a session that began anew as their own", () => {
    const info = { input_tokens: 1, output_tokens: 1 };
    const { entries } = folded([
      [100, "iteration_start", { iteration: 1 }],
      [200, "iteration_end", { iteration: 1, iteration_info: info }],
      [90_000, "iteration_start", { iteration: 1 }],
      [90_100, "iteration_end", { iteration: 1, iteration_info: info }],
    ]);
    expect(entries.map(entryTook)).toEqual([100, 100]);
  });

  it("a human request and what came of it", () => {
    const entry = only([
      [100, "hitl_requested", { request_id: "q", kind: "question", payload: { prompt: "May I?" } }],
      [5100, "hitl_resolved", { request_id: "q", kind: "question", outcome: "timeout" }],
    ]);
    expect(entry).toMatchObject({
      family: "human",
      label: "Question",
      text: "May I?",
      status: "timeout",
      join: { kind: "request", id: "q" },
    });
    expect(entryTook(entry)).toBe(5000);
  });

  it("chunks of one message, until something else comes", () => {
    const { entries } = folded([
      [1, "agent_message_chunk", { content: "Hel" }],
      [2, "agent_message_chunk", { content: "lo" }],
      [3, "agent_message_chunk", { content: " world" }],
      [4, "agent_thought_chunk", { content: "hm" }],
      [5, "agent_message_chunk", { content: "again" }],
    ]);
    expect(entries.map(({ label, text, eventCount }) => [label, text, eventCount])).toEqual([
      ["Message", "Hello world", 3],
      ["Thought", "hm", 1],
      ["Message", "again", 1],
    ]);
  });
});

describe("what one event says", () => {
  it.each([
    ["user_message", { message_id: "m", content: [{ type: "text", text: "Do it" }] }, ["message", "User message", "Do it"]],
    [
      "transcript_compacted",
      {
        mode: "auto",
        reason: "threshold",
        strategy: "llm",
        archived_messages: 3,
        estimated_tokens_before: 1956,
        estimated_tokens_after: 899,
        snapshot_asset_id: null,
      },
      ["compaction", "Compaction", "2.0k → 899 tokens · 3 messages archived · auto · threshold · llm"],
    ],
    ["budget_exhausted", { max_iterations: 8 }, ["warning", "Budget exhausted", "at most 8 iterations"]],
    ["loop_stuck", { max_nudges: 2, last_iteration: 7, tail_excerpt: "same" }, ["warning", "Loop stuck", "at iteration 7 · same"]],
    [
      "worker_update",
      {
        worker_id: "w",
        worker_name: "scribe",
        worker_task: "write",
        worker_mode: "stage",
        event: "WorkerFailed",
        status: "failed",
        metadata: {},
        audit: null,
      },
      ["worker", "Worker: scribe", "write"],
    ],
    [
      "handoff",
      { artifact_id: "a", handoff: { id: "h", task: "take over", target_persona_or_human: { kind: "human", label: "Ada" } } },
      ["handoff", "Handoff: Ada", "take over"],
    ],
    ["feedback_injected", { kind: "no_progress_streak_nudge", content: "2" }, ["feedback", "Feedback: no progress streak nudge", "2"]],
    ["skill_deactivated", { skill_name: "deploy", iteration: 1 }, ["skill", "Skill deactivated: deploy", ""]],
  ])("%s", (type, fields, [family, label, text]) => {
    expect(only([[1, type, fields]])).toMatchObject({ family, label, text, fault: null });
  });

  it("keeps what no runtime of today writes, with its fault", () => {
    const entry = only([[1, "dreamt", { of: "sheep" }]]);
    expect(entry.label).toBe("dreamt");
    expect(entry.text).toContain("sheep");
    expect(entry.fault).toMatch(/does not know/);
  });

  it("counts checkpoints and lists none of them, unless they cannot be read", () => {
    const { hiddenCount, eventCount, entries, faultCount } = folded([
      [1, "loop_checkpoint", { iteration: 1, kind: "iteration_start", delivered: 0 }],
      [2, "typed_checkpoint", { checkpoint: {} }],
      [3, "loop_checkpoint", { iteration: "one" }],
    ]);
    expect({ hiddenCount, eventCount, faultCount }).toEqual({ hiddenCount: 2, eventCount: 3, faultCount: 1 });
    expect(entries.map(({ label }) => label)).toEqual(["loop_checkpoint"]);
  });

  it("makes what deceives visible, and keeps rows short", () => {
    const entry = only([[1, "agent_message_chunk", { content: `a\u202eb\n${"x".repeat(100_000)}` }]]);
    expect(entry.text.startsWith("a\\u202eb x")).toBe(true);
    expect(entry.text.length).toBeLessThanOrEqual(200);
  });
});

describe("any events at all", () => {
  const types = [
    "tool_call",
    "tool_call_update",
    "iteration_start",
    "iteration_end",
    "hitl_requested",
    "hitl_resolved",
    "agent_message_chunk",
    "plan",
    "x",
  ];
  const anyEvent = fc.tuple(
    fc.integer({ min: 0, max: 5000 }),
    fc.constantFrom(...types),
    fc.dictionary(
      fc.constantFrom(
        "tool_call_id",
        "tool_name",
        "status",
        "iteration",
        "iteration_info",
        "request_id",
        "content",
        "error",
        "duration_ms",
        "payload",
      ),
      fc.oneof(fc.jsonValue(), fc.constantFrom("a", "completed", "pending", 1)),
    ),
  );

  it("are each in one row, in the order of their time", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (given) => {
        const { entries, eventCount, hiddenCount } = folded(given);
        expect(eventCount).toBe(given.length);
        expect(entries.reduce((sum, entry) => sum + entry.eventCount, 0)).toBe(given.length - hiddenCount);
        expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
        const starts = entries.map(({ startMs }) => startMs ?? 0);
        expect(starts).toEqual([...starts].sort((a, b) => a - b));
        expect(entries.every((entry) => (entryTook(entry) ?? 0) >= 0 || entry.tookMs !== null)).toBe(true);
      }),
    );
  });
});
