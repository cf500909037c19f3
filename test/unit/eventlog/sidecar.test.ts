import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileCodec } from "../../../src/record/codec.ts";
import { Decoder } from "../../../src/record/decode.ts";
import { fieldsOfLine, SIDECAR_LINES, ToolSchemas } from "../../../src/eventlog/sidecar/sidecarLines.ts";
import type { ModelTurn } from "../../../src/eventlog/sidecar/ModelTurn.ts";
import { assembled, daemonEvent, failure, message, request, response, transcript } from "./sidecarBuilders.ts";
import { slice, sliceOfText, utf8 } from "./support.ts";

/** The only turn. */
function turnOf(lines: Parameters<typeof assembled>[0]): ModelTurn {
  const { turns } = assembled(lines);
  expect(turns).toHaveLength(1);
  const [turn] = turns;
  if (turn === undefined) throw new Error("no turn");
  return turn;
}

describe("line types", () => {
  it("are all described with the fields every line has", () => {
    expect(SIDECAR_LINES.size).toBe(11);
    for (const type of SIDECAR_LINES.keys()) expect(fieldsOfLine(type).slice(0, 3), type).toEqual(["type", "timestamp", "span_id"]);
    expect(fieldsOfLine("no such type")).toEqual([]);
  });

  it("keep hashes exact that no number can hold", () => {
    const { tape, node } = sliceOfText('{"type":"tool_schemas","schemas":[],"hash":18446744073709551557}');
    const line = new Decoder({ source: "value", tolerant: true }).decode(compileCodec(ToolSchemas), tape, node);
    expect(line).toMatchObject({ hash: 18446744073709551557n });
  });
});

describe("a turn", () => {
  it("is a request with its answer, and what the answer tells", () => {
    const call = { id: "toolu_1", name: "read_pull", arguments: { number: 1190 }, type: "tool_call" };
    const turn = turnOf([
      { type: "system_prompt", content: "be brief", hash: 1 },
      { type: "tool_schemas", schemas: [{ name: "read_pull" }], hash: 2 },
      message("s1"),
      message("s1", { role: "assistant" }),
      request("c1", { iteration: 3 }),
      response("c1", { tool_calls: [call, { function: { name: "other" } }], thinking: "hm, so", text: "I look." }),
    ]);
    expect(turn).toMatchObject({
      key: "c1",
      callId: "c1",
      sessionId: "s1",
      iteration: 3,
      spanId: 7n,
      model: "sonnet",
      provider: "anthropic",
      toolsOffered: 4,
      requestedAt: "1750000001.000",
      request: { line: 5 },
      systemPrompt: { line: 1 },
      toolSchemas: { line: 2 },
      messages: [{ line: 3 }, { line: 4 }],
      errors: [],
      answer: {
        ref: { line: 6 },
        tokensIn: 100,
        tokensOut: 10,
        cacheRead: 40,
        cacheWrite: 60,
        costUsd: 0.5,
        responseMs: 2000,
        stopReason: "end_turn",
        head: "I look.",
        textLength: 7,
        toolCallCount: 2,
        toolCalls: [
          { id: "toolu_1", name: "read_pull" },
          { id: null, name: "other" },
        ],
        thinkingLength: 6,
      },
    });
  });

  it("remembers where each of its lines is", () => {
    const lines = [message("s"), request("c1"), response("c1", { text: "ä".repeat(50) })];
    const text = utf8(transcript(lines));
    const turn = turnOf(lines);
    const read = (ref: { offset: number; length: number } | null | undefined): unknown =>
      JSON.parse(new TextDecoder().decode(text.subarray(ref?.offset ?? 0, (ref?.offset ?? 0) + (ref?.length ?? 0))));
    expect(read(turn.messages[0])).toEqual(lines[0]);
    expect(read(turn.request)).toEqual(lines[1]);
    expect(read(turn.answer?.ref)).toEqual(lines[2]);
  });

  it.each<[what: string, fields: Record<string, unknown>, answer: object]>([
    ["no price is known", { cost_usd: 0 }, { costUsd: null }],
    ["nothing was used", { cost_usd: 0, input_tokens: 0, output_tokens: 0 }, { costUsd: 0 }],
    [
      "fields are null",
      { input_tokens: null, cost_usd: null, response_ms: null, text: null, tool_calls: null, stop_reason: null },
      { tokensIn: null, costUsd: null, responseMs: null, head: "", toolCallCount: 0, stopReason: "" },
    ],
    [
      "fields have other types",
      { input_tokens: "many", cost_usd: [], response_ms: -1, text: 7, tool_calls: {}, thinking: 1 },
      { tokensIn: null, costUsd: null, responseMs: null, head: "", toolCallCount: 0, thinkingLength: null },
    ],
    ["numbers are huge", { input_tokens: 2 ** 63, response_ms: 1e300 }, { tokensIn: 2 ** 63, responseMs: null }],
    [
      "calls were found in the text",
      { tool_calls: [], parsed_tool_calls: [{ id: "p", name: "grep" }] },
      { toolCallCount: 1, toolCalls: [{ id: "p", name: "grep" }] },
    ],
    ["the text is long", { text: "x".repeat(100_000) }, { head: "x".repeat(240), textLength: 100_000 }],
    ["half a surrogate pair stands in the text", { text: "a\ud800b" }, { head: "a\ud800b" }],
    ["thinking comes in blocks", { thinking: [{ text: "hm" }] }, { thinkingLength: 15 }],
    ["only a summary of the thinking is told", { thinking: "", thinking_summary: "brief" }, { thinkingLength: 5 }],
  ])("when %s", (_, fields, answer) => {
    expect(turnOf([request("c1"), response("c1", fields)]).answer).toMatchObject(answer);
  });

  it("counts the messages of its own session since the turn before", () => {
    const { turns } = assembled([
      message("a"),
      request("1"),
      response("1"),
      message("a"),
      message("b"),
      request("2"),
      response("2"),
      message("b"),
      message("a"),
      request("3"),
      { type: "message", content: "of no session" },
      request("4"),
    ]);
    expect(turns.map(({ sessionId, messages }) => `${sessionId}: ${messages.map(({ line }) => line).join(" ")}`)).toEqual([
      "a: 1",
      "b: 5",
      "a: 4 9",
      "a: ",
    ]);
  });

  it.each<[format: string, native: unknown, schemas: number | null, offered: number | null]>([
    ["native", 4, 9, 4],
    ["native", 0, 9, 0],
    ["text", 0, 9, 9],
    ["text", 0, null, null],
    ["native", null, 9, 9],
  ])("is offered tools: format %s, native count %s, told last %s → %s", (tool_format, native_tool_count, schemas, offered) => {
    const told = schemas === null ? [] : [{ type: "tool_schemas", schemas: Array.from({ length: schemas }, () => ({})) }];
    expect(turnOf([...told, request("c", { tool_format, native_tool_count })]).toolsOffered).toBe(offered);
  });

  it("has the errors before its answer", () => {
    const turn = turnOf([request("c"), failure("c"), failure("c", { attempt: 1 }), response("c")]);
    expect(turn.errors.map(({ attempt, reason, ref }) => [attempt, reason, ref.line])).toEqual([
      [0, "server_error", 2],
      [1, "server_error", 3],
    ]);
    expect(turn.answer).not.toBeNull();
  });

  it("is tied to the new try of it, which has a call id of its own", () => {
    const { turns } = assembled([
      message("s"),
      request("1"),
      failure("1"),
      request("2"),
      failure("2", { attempt: 1 }),
      request("3"),
      response("3"),
      request("4"),
    ]);
    expect(turns.map(({ key, retryOf, retriedBy }) => [key, retryOf?.key ?? null, retriedBy?.key ?? null])).toEqual([
      ["1", null, "2"],
      ["2", "1", "3"],
      ["3", "2", null],
      ["4", null, null],
    ]);
  });

  it("is not tied to a request of another session, or one after an error that ended it", () => {
    const { turns } = assembled([
      message("s"),
      request("1"),
      failure("1"),
      message("t"),
      request("2"),
      failure("2", { status: "error" }),
      request("3"),
    ]);
    expect(turns.map(({ retryOf }) => retryOf)).toEqual([null, null, null]);
  });

  it("takes what is told without a call id while it is open, and the routing told before it", () => {
    const { turns } = assembled([
      { type: "routing_decision", call_id: "1" },
      request("1"),
      { type: "empty_completion_retry", attempt: 0 },
      response("1"),
      { type: "tool_format_degrade", attempt: 0 },
      request("2"),
    ]);
    expect(turns.map(({ notes }) => notes.map(({ type }) => type))).toEqual([
      ["routing_decision", "empty_completion_retry"],
      ["tool_format_degrade"],
    ]);
  });
});

describe("lines that do not fit together", () => {
  it("an answer or an error without request is a turn of its own", () => {
    const { turns } = assembled([response("a"), failure("b", { status: "error" })]);
    expect(turns.map(({ key, request: asked, answer, errors }) => [key, asked, answer !== null, errors.length])).toEqual([
      ["a", null, true, 0],
      ["b", null, false, 1],
    ]);
  });

  it("a call id that comes again opens another turn, under a name of its own", () => {
    const { turns } = assembled([request("c"), response("c"), request("c"), response("c"), response("c")]);
    expect(turns.map(({ key, answer }) => [key, answer?.ref.line])).toEqual([
      ["c", 2],
      ["c~2", 4],
      ["c~3", 5],
    ]);
  });

  it("call ids that look like another turn's name get one of their own", () => {
    const { turns } = assembled([request("c~2"), request("c"), request("c"), request(""), request("line:4")]);
    expect(turns.map(({ key }) => key)).toEqual(["c~2", "c", "c~2~", "line:4", "line:4~"]);
  });

  it.each([[""], [null], [7]])("a request with the call id %j stands alone", (id) => {
    const { turns } = assembled([request(id), response(id)]);
    expect(turns.map(({ key, callId }) => [key, callId])).toEqual([
      ["line:1", null],
      ["line:2", null],
    ]);
  });

  it("types that are not known are listed, those known but no part of a turn are not", () => {
    const { others, turns, lines } = assembled([
      { type: "interpreted_response", call_id: "x", timestamp: "1.000" },
      { type: "template.render" },
      {},
      { type: 7 },
    ]);
    expect(others.map(({ type, timestamp, ref }) => [type, timestamp, ref.line])).toEqual([
      ["interpreted_response", "1.000", 1],
      ["", "", 3],
      ["", "", 4],
    ]);
    expect([turns.length, lines]).toEqual([0, 4]);
  });

  it("broken lines are counted, and the first of them named", () => {
    const broken = Array.from({ length: 25 }, () => '{"type":');
    const { faults, turns, lines } = assembled(["[1]", "", "  \t\r", request("c"), ...broken]);
    expect(faults).toEqual([{ kind: "notJson", count: 26, lines: [1, ...Array.from({ length: 19 }, (_, index) => index + 5)] }]);
    expect([turns.length, lines]).toEqual([1, 27]);
  });

  it("a line with bytes that are no UTF-8 is told and read", () => {
    const text = utf8(transcript([request("c"), response("c", { text: "?!" })]));
    const at = text.indexOf(0x3f);
    const { faults, turns } = assembled(text.with(at, 0xff));
    expect(faults).toEqual([{ kind: "notUtf8", count: 1, lines: [2] }]);
    expect(turns[0]?.answer?.head).toBe("\ufffd!");
  });

  it("a line too long to be held is told", () => {
    const assembler = assembled([]);
    assembler.addLine({ line: 3, offset: 9, length: 1e9, event: null }, null);
    expect(assembler.faults).toEqual([{ kind: "tooLong", count: 1, lines: [3] }]);
  });

  it("anything at all is taken without a throw, and no request is lost", () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom("c", 1, null));
    const line = fc.oneof(
      fc.string(),
      fc
        .record({
          type: fc.constantFrom(...SIDECAR_LINES.keys(), "new"),
          call_id: value,
          session_id: value,
          tool_calls: value,
          text: value,
          span_id: value,
          thinking: value,
          schemas: value,
          status: fc.constantFrom("retrying", "error"),
        })
        .map((fields) => JSON.stringify(fields)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const { turns } = assembled(lines);
        const asked = lines
          .join("\n")
          .split("\n")
          .filter((each) => each.startsWith('{"type":"provider_call_request"'));
        expect(turns.filter(({ request: ref }) => ref !== null)).toHaveLength(asked.length);
        expect(new Set(turns.map(({ key }) => key)).size).toBe(turns.length);
      }),
    );
  });
});

describe("daemon events", () => {
  it("are taken as far as they go", () => {
    const { daemonLines } = assembled([daemonEvent(), { type: "daemon_event", kind: 7, name: null }, daemonEvent({ kind: "rebooted" })]);
    expect(daemonLines.map(({ name, kind, summary, persistPath }) => [name, kind, summary, persistPath])).toEqual([
      ["sorter", "triggered", "mail", ".harn/daemons/sorter"],
      ["", "", "", ""],
      ["sorter", "rebooted", "mail", ".harn/daemons/sorter"],
    ]);
  });
});

it("takes lines that come as values of a larger text", () => {
  const assembler = assembled([]);
  assembler.add({ line: 9, offset: 0, length: 0, event: 9n }, slice(request(null)));
  expect(assembler.turns[0]?.key).toBe("line:9");
});
