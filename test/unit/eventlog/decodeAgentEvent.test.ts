import { describe, expect, it } from "vitest";
import { decodeAgentEvent } from "../../../src/eventlog/decodeAgentEvent.ts";
import { replayEventsText } from "../../../src/eventlog/loadAgentSessionReplayEvents.ts";
import { slice, sliceOfText, textOf } from "./support.ts";

/** The event as it is written again, or the refusal. */
function written(event: unknown): unknown {
  const reading = decodeAgentEvent(typeof event === "string" ? sliceOfText(event) : slice(event));
  if (!reading.ok) return reading.message;
  const text = textOf(replayEventsText([{ event_id: 1n, kind: "", occurred_at_ms: 0n, event: reading.event }]));
  return (JSON.parse(text) as { readonly event: unknown }[])[0]?.event;
}

const session = { session_id: "s" };

describe("optional fields", () => {
  const call = { type: "tool_call", ...session, tool_call_id: "c", tool_name: "t", status: "pending", raw_input: null };
  const start = { type: "iteration_start", ...session, iteration: 1 };
  const checkpoint = { type: "loop_checkpoint", ...session, iteration: 1, kind: "k", delivered: 0 };
  const projected = {
    type: "transcript_projected",
    ...session,
    policy: "p",
    reason: "r",
    prefix_hash: "h",
    kept_count: 1,
    dropped_count: 0,
    provider_safety_blocked: false,
  };
  const narrow = { type: "skill_narrow", ...session, reason: "r", removed_tools: [], remaining_tools: ["a"] };

  it.each([
    ["null and missing are one, and written", call, { ...call, kind: null }],
    ["null and missing are one, and not written", { ...call, parsing: null }, { ...call, kind: null }],
    ["false is written where null is not", { ...call, parsing: false }, { ...call, kind: null, parsing: false }],
    ["an empty text is left out", { ...start, provider: "", model: "m" }, { ...start, model: "m" }],
    ["a flag that is not set is left out", { ...checkpoint, dispatch_skipped: false }, checkpoint],
    ["a flag that is set stays", { ...checkpoint, dispatch_skipped: true }, { ...checkpoint, dispatch_skipped: true }],
    ["a count of 0 is left out", { ...checkpoint, inbox_delivered: 0 }, checkpoint],
    ["an empty list is left out", { ...projected, roots_consulted: [], reclaimed_tokens: 2 }, { ...projected, reclaimed_tokens: 2 }],
    ["a free value that is null is left out", { ...narrow, policy: null, kept_tool_details: [] }, { ...narrow, kept_tool_details: [] }],
  ])("%s", (_rule, event, expected) => expect(written(event)).toEqual(expected));

  it.each([
    ["a text", { ...start, provider: null }, "provider: expected a string, found null"],
    ["a flag", { ...checkpoint, dispatch_skipped: null }, "dispatch_skipped: expected a boolean, found null"],
    ["a count", { ...checkpoint, inbox_delivered: null }, "inbox_delivered: expected usize, found null"],
    ["a list", { ...projected, roots_consulted: null }, "roots_consulted: expected a sequence, found null"],
  ])("null fails where a missing key is %s of its default", (_what, event, message) => expect(written(event)).toBe(message));
});

describe("parts of events", () => {
  const update = { type: "tool_call_update", ...session, tool_call_id: "c", tool_name: "t", status: "completed" };
  const of = (executor: unknown): unknown => (written({ ...update, executor }) as { readonly executor?: unknown }).executor;

  it.each([
    [{ kind: "harn_builtin" }, { kind: "harn_builtin" }],
    [
      { kind: "mcp_server", server_name: "m", more: 1 },
      { kind: "mcp_server", server_name: "m" },
    ],
    [["mcp_server", "m"], { kind: "mcp_server", server_name: "m" }],
    [[1], { kind: "host_bridge" }],
    [[2, "m"], { kind: "mcp_server", server_name: "m" }],
    [{ kind: 3 }, { kind: "provider_native" }],
  ])("executor %j is %j", (given, expected) => expect(of(given)).toEqual(expected));

  it.each([
    [{ kind: "mcp_server" }, "missing"],
    [[4], "found"],
    [[-1], "found"],
    [["host_bridge", 1], "one too many"],
    [{}, "the key kind is missing"],
    ["host_bridge", "found the string"],
  ])("executor %j is refused", (executor, reason) => expect(written({ ...update, executor })).toContain(reason));

  it.each([
    ["failed", "failed"],
    [{ failed: null }, "failed"],
    [{ failed: {} }, "failed"],
  ])("status %j is %j", (status, expected) => expect(written({ ...update, status })).toMatchObject({ status: expected }));

  it.each([[{ failed: 1 }], [{ failed: null, pending: null }], ["done"], [null], [1]])("status %j is refused", (status) =>
    expect(written({ ...update, status })).toMatch(/^status: expected /),
  );

  it("fills what a composition leaves out, and tells its two side effect levels apart", () => {
    expect(written({ type: "composition_child_result", ...session, result: { attempt: 3 } })).toMatchObject({
      result: { attempt: 3, retry_attempts: 0, retry_errors: [], retry_delays_ms: [], status: "pending", executor: null },
    });
    expect(written({ type: "composition_child_result", ...session, result: [] })).toMatchObject({ result: { attempt: 1 } });
    expect(written({ type: "composition_start", ...session, run: ["r", "harn"] })).toMatchObject({
      run: { run_id: "r", language: "harn", requested_side_effect_ceiling: "read_only", metadata: {} },
    });
    expect(written({ type: "composition_child_call", ...session, call: {} })).toMatchObject({
      call: { requested_side_effect_level: "none", policy_context: {}, raw_input: null },
    });
  });

  it("takes a receipt whole or not at all", () => {
    const receipt = {
      schema_version: 1,
      session_id: "s",
      tool_call_id: "c",
      tool_name: "t",
      iteration: 1,
      emit_order: 0,
      status: "ok",
      duration_ms: 5,
      args_hash: "0",
      audit: null,
      emitted_at: "2026-05-16T00:00:00Z",
    };
    const audit = { type: "tool_call_audit", ...session, tool_call_id: "c", tool_name: "t", audit: {} };
    expect(written({ ...audit, receipt })).toMatchObject({ receipt: { ...receipt, run_id: null, turn_index: null, model: null } });
    expect(written({ ...audit, receipt: { ...receipt, emitted_at: undefined } })).toContain('"emitted_at" is missing');
    expect(written({ ...audit, receipt: { ...receipt, schema_version: 4294967296 } })).toContain("does not fit u32");
  });
});

describe("the event as a whole", () => {
  it.each([
    [["agent_message_chunk", "s", "x"], { type: "agent_message_chunk", session_id: "s", content: "x" }],
    [["iteration_start", "s", 1], { type: "iteration_start", session_id: "s", iteration: 1 }],
    [["budget_exhausted", "s", 1, null, 0.5], { type: "budget_exhausted", session_id: "s", max_iterations: 1, cost_usd: 0.5 }],
  ])("may be the list %j", (given, expected) => expect(written(given)).toEqual(expected));

  it.each([
    [["agent_message_chunk", "s"], '"content" is missing'],
    [["agent_message_chunk", "s", "x", 1], "one too many"],
    [["judge_decision", "s", 1, "v", "r"], "is missing"],
    [[0, "s", "x"], "expected a string, found the number 0"],
    [{ type: 0, ...session, content: "x" }, "expected a string, found the number 0"],
    [{ ...session, content: "x" }, "the key type is missing"],
    [{ type: "brand_new", ...session }, "expected one of agent_message_chunk, "],
    [null, "expected internally tagged enum AgentEvent, found null"],
    ['"x"', "expected internally tagged enum AgentEvent"],
  ])("is refused as %j", (given, reason) => expect(written(given)).toContain(reason));

  it("names 58 types in the runtime's order", () => {
    const refusal = String(written({ type: "", ...session }));
    const types = /expected one of (.*), found/.exec(refusal)?.[1]?.split(", ") ?? [];
    expect(types.length).toBe(58);
    expect([types[0], types[49], types[50], types[57]]).toEqual([
      "agent_message_chunk",
      "composition_start",
      "composition_child_call",
      "mcp_auth_required",
    ]);
  });

  it("takes the last of repeated keys, and reads every number once", () => {
    expect(written('{"type":"plan","type":"agent_message_chunk","session_id":"s","content":"x","content":"y"}')).toEqual({
      type: "agent_message_chunk",
      session_id: "s",
      content: "y",
    });
    const reading = decodeAgentEvent(sliceOfText('{"type":"plan","session_id":"s","plan":[0.9280640504398593,1e2,18446744073709551615]}'));
    const text = reading.ok ? textOf(replayEventsText([{ event_id: 1n, kind: "k", occurred_at_ms: 2n, event: reading.event }])) : "";
    expect(text).toBe(
      '[{"event":{"plan":[0.9280640504398592,100.0,18446744073709551615],"session_id":"s","type":"plan"},"event_id":1,"kind":"k","occurred_at_ms":2}]',
    );
  });
});
