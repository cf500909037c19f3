import { LineSplitter } from "../../../src/eventlog/LineSplitter.ts";
import { TurnAssembler } from "../../../src/eventlog/sidecar/TurnAssembler.ts";
import { utf8 } from "./support.ts";

type Fields = Readonly<Record<string, unknown>>;

export const request = (call_id: unknown, fields: Fields = {}): Fields => ({
  type: "provider_call_request",
  call_id,
  iteration: 0,
  model: "sonnet",
  provider: "mock",
  native_tool_count: 4,
  tool_format: "native",
  span_id: 7,
  timestamp: "1750000001.000",
  ...fields,
});

export const response = (call_id: unknown, fields: Fields = {}): Fields => ({
  type: "provider_call_response",
  call_id,
  iteration: 0,
  model: "sonnet",
  provider: "anthropic",
  text: "done",
  tool_calls: [],
  parsed_tool_calls: [],
  input_tokens: 100,
  output_tokens: 10,
  cost_usd: 0.5,
  cache_read_tokens: 40,
  cache_write_tokens: 60,
  stop_reason: "end_turn",
  response_ms: 2000,
  span_id: 7,
  timestamp: "1750000003.000",
  ...fields,
});

export const failure = (call_id: unknown, fields: Fields = {}): Fields => ({
  type: "provider_call_error",
  call_id,
  attempt: 0,
  status: "retrying",
  reason: "server_error",
  message: "overloaded",
  model: "sonnet",
  provider: "mock",
  span_id: 7,
  timestamp: "1750000002.000",
  ...fields,
});

export const message = (session_id: string, fields: Fields = {}): Fields => ({
  type: "message",
  session_id,
  role: "user",
  content: "go on",
  message: { role: "user", content: "go on" },
  timestamp: "1750000000.500",
  ...fields,
});

export const daemonEvent = (fields: Fields = {}): Fields => ({
  type: "daemon_event",
  daemon_id: "daemon_1",
  name: "sorter",
  kind: "triggered",
  persist_path: ".harn/daemons/sorter",
  payload_summary: "mail",
  timestamp: "1750000004.000",
  ...fields,
});

/** A transcript's text: objects as lines, strings as they are. */
export function transcript(lines: readonly (Fields | string)[]): string {
  return lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
}

/** What is made of a transcript's lines. */
export function assembled(lines: readonly (Fields | string)[] | Uint8Array): TurnAssembler {
  const assembler = new TurnAssembler();
  for (const { number, offset, length, bytes } of new LineSplitter().push(lines instanceof Uint8Array ? lines : utf8(transcript(lines)))) {
    assembler.addLine({ line: number, offset, length, event: null }, bytes);
  }
  return assembler;
}
