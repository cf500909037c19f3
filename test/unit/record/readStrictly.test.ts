import { describe, expect, test } from "vitest";
import { LineIndex } from "../../../src/json/LineIndex.ts";
import { readRunRecord, readRunRecordAsValue } from "../../../src/record/readStrictly.ts";
import { pathText } from "../../../src/record/Problem.ts";
import { utf8 } from "./builders.ts";

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const rule = (text: string): string => `{"child_runs":[{"approval_policy":{"rules":[${text}]}}]}`;
const effect = (text: string): string => `{"handoffs":[{"effects":[{"kind":${text},"scope":"read"}]}]}`;
const receipt = (uuid: string): string =>
  `{"persona_runtime":[{"value_receipts":[{"kind":"run_started","run_id":${uuid},"occurred_at":"","paid_cost_usd":0,"avoided_cost_usd":0,"deterministic_steps":0,"llm_steps":0,"metadata":null}]}]}`;
const UUID = "0190b8a6-7b1c-7000-8000-0123456789ab";
const RAW = "$serde_json::private::RawValue";

describe("strict reading accepts", () => {
  test.each([
    "{}",
    "[]",
    '["run_record","id1","wf",null,"t"]',
    ' {"id":"a"} \n',
    '{"x":1e999,"y":"\\ud800","z":' + nested(5000) + "}",
    '{"transcript":' + nested(126) + "}",
    '{"metadata":{"k":' + nested(125) + "}}",
    '{"metadata":{"k":1,"k":{"a":1,"a":2}}}',
    '{"usage":[1,2,3,4,5,["m"]]}',
    '{"usage":[1]}',
    '{"usage":{"total_cost":18446744073709551616}}',
    '{"usage":{"total_cost":-0}}',
    '{"usage":{"input_tokens":-9223372036854775808}}',
    '{"trace_spans":[{"span_id":18446744073709551615}]}',
    '{"policy":{"sandbox_profile":{"wasi":null}}}',
    '{"finished_at":null,"execution":null}',
    effect('{"kind":"net"}'),
    effect('["tool","nm"]'),
    effect('{"x":1,"x":2,"kind":"tool","name":"n"}'),
    rule('{"deny":"shell"}'),
    rule('{"action":"approve","match":true,"match":{"path":5},"match":null}'),
    rule('{"name":5,"action":"ask"}'),
    rule('{"action":"ask","approval":["p"]}'),
    rule('{"action":"ask","match":{"repeat_count_gte":"x","repeat_count_gte":1}}'),
    rule(`{"${RAW}":"{\\"allow\\":[]}"}`),
    rule('{"action":"allow","extra":1}'),
    receipt("null"),
    receipt(`"${UUID}"`),
    receipt(`"{${UUID.toUpperCase()}}"`),
    receipt(`"urn:uuid:${UUID}"`),
    receipt(`"${UUID.replaceAll("-", "")}"`),
    '{"transcript":{"' + RAW + '":"[1]"}}',
    '{"transcript":{"a":1,"' + RAW + '":"["}}',
  ])("%s", (text) => {
    expect(readRunRecord(utf8(text))).toMatchObject({ ok: true });
  });
});

describe("strict reading refuses", () => {
  // Line and column of the fault; the path where there is one.
  test.each([
    ["", 1, 1, "."],
    ["\ufeff{}", 1, 1, "."],
    ['{"id":"a"} x', 1, 12, "."],
    ["null", 1, 1, "."],
    ['"a"', 1, 1, "."],
    ['{"id":5}', 1, 7, "id"],
    ['{"id":[]}', 1, 7, "id"],
    ['{"id":null}', 1, 7, "id"],
    ['{"id":"a","id":"b"}', 1, 11, "."],
    ['{"id":"a",\n"id"\n\n: "b"}', 2, 1, "."],
    ['{"stages":[{},]}', 1, 15, "."],
    ['{"stages":[', 1, 12, "."],
    ['{"policy":null}', 1, 11, "policy"],
    ['{"policy":{"sandbox_profile":5}}', 1, 30, "policy.sandbox_profile"],
    ['{"policy":{"sandbox_profile":"nope"}}', 1, 30, "policy.sandbox_profile"],
    ['{"policy":{"sandbox_profile":{"wasi":null,"os_hardened":null}}}', 1, 30, "policy.sandbox_profile"],
    ['{"policy":{"sandbox_profile":{"wasi":1}}}', 1, 30, "policy.sandbox_profile"],
    ['{"persona_runtime":[{"budget":{}}]}', 1, 31, "persona_runtime[0].budget"],
    ['{"transcript":"\\ud800"}', 1, 15, "transcript"],
    ['{"\\ud800":1}', 1, 2, "."],
    ['{"transcript":1e999}', 1, 15, "transcript"],
    ['{"finished_at":nul}', 1, 19, "."],
    ['{"usage":[1,2,3,4,5.5,["m"],7]}', 1, 29, "usage"],
    ['{"usage":{"input_tokens":1.0}}', 1, 26, "usage.input_tokens"],
    ['{"usage":{"input_tokens":-0}}', 1, 26, "usage.input_tokens"],
    ['{"usage":{"input_tokens":9223372036854775808}}', 1, 26, "usage.input_tokens"],
    [`{"usage":{"input_tokens":${"9".repeat(100_000)}}}`, 1, 26, "usage.input_tokens"],
    ['{"trace_spans":[{"span_id":-1}]}', 1, 28, "trace_spans[0].span_id"],
    ['{"transcript":' + nested(127) + "}", 1, 141, "transcript"],
    ['{"execution":{"env":[]}}', 1, 21, "execution.env"],
    [effect('"net"'), 1, 34, "handoffs[0].effects[0].kind"],
    [effect('{"kind":"net","kind":"net"}'), 1, 48, "handoffs[0].effects[0].kind"],
    [effect('["stdio",1]'), 1, 43, "handoffs[0].effects[0].kind"],
    [effect('{"kind":"net","x":"\\ud800"}'), 1, 52, "handoffs[0].effects[0].kind"],
    [rule("[]"), 1, 45, "child_runs[0].approval_policy.rules[0]"],
    [rule("{}"), 1, 45, "child_runs[0].approval_policy.rules[0]"],
    [rule('{"allow":[],"deny":[]}'), 1, 45, "child_runs[0].approval_policy.rules[0]"],
    [rule('{"allow":[1]}'), 1, 55, "child_runs[0].approval_policy.rules[0][0]"],
    [rule('{"action":"allow","match":"a","x":1}'), 1, 45, "child_runs[0].approval_policy.rules[0]"],
    [rule('{"action":"allow","match":{"tool":"a","tools":"b"}}'), 1, 71, "child_runs[0].approval_policy.rules[0]"],
    [rule('{"action":"allow","approval":null}'), 1, 74, "child_runs[0].approval_policy.rules[0]"],
    ['{"child_runs":[{"approval_policy":{"repeat_limit":1,"repeated_call_limit":2}}]}', 1, 53, "child_runs[0].approval_policy"],
    [receipt(`"URN:UUID:${UUID}"`), 1, 71, "persona_runtime[0].value_receipts[0].run_id"],
    [receipt('""'), 1, 71, "persona_runtime[0].value_receipts[0].run_id"],
    ['{"transcript":{"' + RAW + '":"[1,"}}', 1, 15, "transcript"],
    ['{"transcript":{"' + RAW + '":"1","b":2}}', 1, 15, "transcript"],
  ])("%s at %i:%i, %s", (text, line, column, path) => {
    const bytes = utf8(text);
    const read = readRunRecord(bytes);
    if (read.ok) throw new Error("accepted");
    const place = new LineIndex(bytes).positionAt(read.offset);
    expect([place.line, place.column, pathText(read.path)]).toEqual([line, column, path]);
    expect(read.message.length).toBeLessThan(200);
  });

  test("text that is not UTF-8", () => {
    expect(readRunRecord(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toMatchObject({ ok: false, offset: 2 });
  });
});

describe("reading as a value, for normalise", () => {
  test.each([
    ['{"id":"a","id":"b"}', true],
    ['{"trace_spans":[{"span_id":9223372036854775808}]}', false],
    ['{"usage":{"total_cost":9223372036854775808}}', true],
    ['{"x":1e999}', false],
    ['{"x":"\\ud800"}', false],
    ['{"x":' + nested(127) + "}", false],
    ['["run_record"]', true],
    ["5", false],
    [`{"x":{"${RAW}":"1"}}`, true],
    // Sorted, the private key comes first only when it is read the second time.
    [`{"transcript":{"a":1,"${RAW}":"1"}}`, false],
  ])("%s: %s", (text, accepted) => {
    expect(readRunRecordAsValue(utf8(text)).ok).toBe(accepted);
  });

  test("places a fault in the text that was given", () => {
    const text = '{"usage": {"input_tokens": "x"}, "id": "a"}';
    expect(readRunRecordAsValue(utf8(text))).toMatchObject({ ok: false, path: ["usage", "input_tokens"], offset: text.indexOf('"x"') });
  });
});
