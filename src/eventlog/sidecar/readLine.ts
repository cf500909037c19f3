import type { JsonSlice } from "../../json/JsonSlice.ts";
import { compileCodec } from "../../record/codec.ts";
import { Decoder, REFUSED } from "../../record/decode.ts";
import { arrayOf, memberOf, stringMember, stringOf } from "../../record/sliceAccess.ts";
import type { LineRef, TurnAnswer, TurnError, TurnToolCall } from "./ModelTurn.ts";
import type * as z from "zod";
import { ProviderCallError, ProviderCallRequest, ProviderCallResponse } from "./sidecarLines.ts";

/** Most UTF-16 units of a text that is kept of a line, and most tool calls. */
const HEAD_LIMIT = 240;
const TOOL_CALL_LIMIT = 64;

/** A line by its description: what is missing or cannot be read is null. Null when the value is no object. */
function decode<S extends z.ZodObject>(schema: S, slice: JsonSlice): z.infer<S> | null {
  if (slice.tape.kind(slice.node) !== "object") return null;
  const value = new Decoder({ source: "value", tolerant: true }).decode(compileCodec(schema), slice.tape, slice.node);
  return value === REFUSED ? null : (value as z.infer<S>);
}

/** What a request tells of its turn. */
export interface RequestFacts {
  readonly callId: string | null;
  readonly requestedAt: string;
  readonly iteration: number | null;
  readonly spanId: bigint | null;
  readonly model: string;
  readonly provider: string;
  readonly toolFormat: string;
  readonly nativeToolCount: number | null;
}

export function readRequest(slice: JsonSlice): RequestFacts {
  const line = decode(ProviderCallRequest, slice);
  return {
    callId: nameOf(line?.call_id),
    requestedAt: textHead(line?.timestamp),
    iteration: countOf(line?.iteration),
    spanId: line?.span_id ?? null,
    model: textHead(line?.model),
    provider: textHead(line?.provider),
    toolFormat: textHead(line?.tool_format),
    nativeToolCount: countOf(line?.native_tool_count),
  };
}

/** What an answer tells, with what it says of a turn whose request was not told. */
export interface AnswerReading {
  readonly callId: string | null;
  readonly iteration: number | null;
  readonly spanId: bigint | null;
  readonly model: string;
  readonly provider: string;
  readonly answer: TurnAnswer;
}

export function readAnswer(slice: JsonSlice, ref: LineRef): AnswerReading {
  const line = decode(ProviderCallResponse, slice);
  const told = line?.tool_calls ?? [];
  const calls = told.length > 0 ? told : (line?.parsed_tool_calls ?? []);
  const tokensIn = countOf(line?.input_tokens);
  const tokensOut = countOf(line?.output_tokens);
  const cost = line?.cost_usd ?? null;
  // A text with half of a surrogate pair is refused by the description; people see it all the same.
  const text = line?.text ?? stringMember(slice, "text") ?? "";
  return {
    callId: nameOf(line?.call_id),
    iteration: countOf(line?.iteration),
    spanId: line?.span_id ?? null,
    model: textHead(line?.model),
    provider: textHead(line?.provider),
    answer: {
      ref,
      timestamp: textHead(line?.timestamp),
      tokensIn,
      tokensOut,
      cacheRead: countOf(line?.cache_read_tokens),
      cacheWrite: countOf(line?.cache_write_tokens ?? line?.cache_creation_input_tokens),
      costUsd: cost === 0 && (tokensIn ?? 0) + (tokensOut ?? 0) > 0 ? null : cost,
      responseMs: countOf(line?.response_ms),
      stopReason: textHead(line?.stop_reason),
      head: textHead(text),
      textLength: text.length,
      toolCallCount: calls.length,
      toolCalls: calls.slice(0, TOOL_CALL_LIMIT).map(toolCallOf),
      thinkingLength: thinkingLength(line?.thinking) ?? thinkingLength(line?.thinking_summary),
    },
  };
}

export function readError(
  slice: JsonSlice,
  ref: LineRef,
): { readonly callId: string | null; readonly model: string; readonly provider: string; readonly error: TurnError } {
  const line = decode(ProviderCallError, slice);
  return {
    callId: nameOf(line?.call_id),
    model: textHead(line?.model),
    provider: textHead(line?.provider),
    error: {
      ref,
      timestamp: textHead(line?.timestamp),
      attempt: countOf(line?.attempt),
      status: textHead(line?.status),
      reason: textHead(line?.reason),
      message: textHead(line?.message),
    },
  };
}

/** How many tools a line offers; null when it does not say. */
export function schemaCount(slice: JsonSlice): number | null {
  return arrayOf(memberOf(slice, "schemas"))?.length ?? null;
}

/** A beginning of a text that does not hold the whole of it in memory, as a plain slice would. */
export function textHead(text: string | null | undefined): string {
  if (text === null || text === undefined) return "";
  return text.length <= HEAD_LIMIT ? text : (JSON.parse(JSON.stringify(text.slice(0, HEAD_LIMIT))) as string);
}

function nameOf(text: string | null | undefined): string | null {
  const name = textHead(text);
  return name === "" ? null : name;
}

/** A count for people: above 2^53 to the nearest number. What is written stands in the line itself. */
function countOf(count: bigint | null | undefined): number | null {
  return count === null || count === undefined ? null : Number(count);
}

/** Calls are told as `{id, name}`, and by some providers as `{id, function: {name}}`. */
function toolCallOf(call: JsonSlice): TurnToolCall {
  const name = stringMember(call, "name") ?? stringMember(memberOf(call, "function"), "name");
  return { id: nameOf(stringMember(call, "id")), name: textHead(name) };
}

function thinkingLength(thinking: JsonSlice | null | undefined): number | null {
  if (thinking === null || thinking === undefined) return null;
  const text = stringOf(thinking);
  if (text !== null) return text === "" ? null : text.length;
  const { tape, node } = thinking;
  return tape.kind(node) === "object" || tape.kind(node) === "array" ? tape.end(node) - tape.start(node) : null;
}
