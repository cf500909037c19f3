import { describe, expect, it } from "vitest";
import { scan } from "../../../src/json/scan.ts";
import { NO_NODE } from "../../../src/json/Tape.ts";
import { textOf } from "../../../src/view/tapeFields.ts";
import { callOutcome, readTranscriptCalls, readTranscriptEvents } from "../../../src/view/Transcript.ts";

/** Calls of a transcript as `name outcome asked answered`. */
function callsOf(transcript: unknown): string[] {
  const tape = scan(new TextEncoder().encode(JSON.stringify(transcript)));
  return readTranscriptCalls(tape, 0, readTranscriptEvents(tape, 0)).map((call) =>
    [call.name, callOutcome(tape, call), textOf(tape, call.askedEvent) ?? "-", textOf(tape, call.answeredEvent) ?? "-"].join(" "),
  );
}

const use = (id: string | undefined, name = "read"): object => ({ type: "tool_use", ...(id === undefined ? {} : { id }), name, input: {} });
const asks = (...blocks: object[]): object => ({ role: "assistant", content: [{ type: "text", text: "…" }, ...blocks] });
const result = (id: string | undefined, content: unknown): object => ({
  role: "tool_result",
  ...(id === undefined ? {} : { tool_use_id: id }),
  content,
});

describe("tool calls of a transcript", () => {
  it.each<[string, unknown, string[]]>([
    [
      "pairs calls and results by id",
      { messages: [asks(use("a"), use("b", "list")), result("b", "x"), result("a", "[error from read]\nno")] },
      ["read failed - -", "list returned - -"],
    ],
    ["shows a call without a result", { messages: [asks(use("a"))] }, ["read none - -"]],
    [
      "gives a repeated id to the latest call",
      { messages: [asks(use("a")), result("a", "1"), asks(use("a", "again")), result("a", '{"error":"permission_denied"}')] },
      ["read returned - -", "again denied - -"],
    ],
    [
      "pairs calls without ids in order",
      { messages: [asks(use(undefined), use(undefined, "list")), result(undefined, "x")] },
      ["read returned - -", "list none - -"],
    ],
    [
      "reads calls kept beside the content",
      {
        messages: [
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "c", type: "function", function: { name: "grep", arguments: '{"q":1}' } }],
          },
          { role: "tool", tool_call_id: "c", content: [{ type: "text", text: "hit" }] },
        ],
      },
      ["grep returned - -"],
    ],
    [
      "reads results kept in user messages",
      { messages: [asks(use("a")), { role: "user", content: [{ type: "tool_result", tool_use_id: "a", is_error: true, content: "no" }] }] },
      ["read failed - -"],
    ],
    [
      "takes times from the events",
      {
        messages: [{ role: "user", content: "go" }, asks(use("a")), result("a", "x"), asks()],
        events: [
          { id: "m1", kind: "message", role: "user" },
          { id: "m2", kind: "message", role: "assistant" },
          { id: "c", kind: "loop_checkpoint", role: "assistant" },
          { id: "r1", type: "tool_result", role: "tool_result" },
          { id: "m3", type: "message", role: "assistant" },
        ],
      },
      ["read returned m2 r1"],
    ],
    [
      "gives no time to what a compaction wrote anew",
      {
        messages: [asks(use("a")), result("a", "x"), asks(use("b")), result("b", "y")],
        events: [
          { id: "m1", kind: "message", role: "assistant" },
          { id: "r1", kind: "tool_result" },
          { id: "k", kind: "compaction" },
          { id: "m2", kind: "message", role: "assistant" },
          { id: "r2", kind: "tool_result" },
        ],
      },
      ["read returned - -", "read returned m2 r2"],
    ],
    [
      "gives no times when the events do not match the messages",
      { messages: [asks(use("a")), result("a", "x")], events: [{ id: "m1", kind: "message", role: "assistant" }] },
      ["read returned - -"],
    ],
    [
      "finds nothing in other shapes",
      {
        messages: [1, null, [], {}, { role: "assistant", content: [1, null, { type: 5 }, { type: "tool_use" }] }],
        events: [1, {}, { kind: 7 }],
      },
      [" none - -"],
    ],
    ["finds nothing where nothing is", { messages: {}, events: "x" }, []],
    ["finds nothing in a list", [], []],
    ["finds nothing in a text", "transcript", []],
  ])("%s", (_, transcript, expected) => {
    expect(callsOf(transcript)).toEqual(expected);
  });

  it("has nothing for a record without transcript", () => {
    const tape = scan(new TextEncoder().encode("{}"));
    expect(readTranscriptCalls(tape, NO_NODE, readTranscriptEvents(tape, NO_NODE))).toEqual([]);
  });
});
