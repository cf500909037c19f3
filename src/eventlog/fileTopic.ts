/** One topic file: an event a line (event log format, file backend). */
import { JsonWriter } from "../json/JsonWriter.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { scan } from "../json/scan.ts";
import { compileStruct } from "../record/codec.ts";
import { Decoder, REFUSED } from "../record/decode.ts";
import { pathText } from "../record/Problem.ts";
import { FileRecord } from "./schema/logEvent.ts";
import type { HashedEvent } from "./provenance.ts";
import { writeHeaders } from "./provenance.ts";
import type { LogEvent, LogRead } from "./LogEvent.ts";

/** A stretch of a topic file between two line ends. Offsets are bytes in the file. */
export interface TopicLine {
  readonly start: number;
  /** Behind the line, its newline included. */
  readonly end: number;
  /** The line has its newline: nobody is writing it any more. */
  readonly complete: boolean;
}

/** A line that holds no event: where it stands (`line` counts from 1), and why. */
export interface LineFault extends TopicLine {
  readonly line: number;
  readonly message: string;
}

/** All that can be had from a topic file, for viewing. */
export interface TopicContent {
  readonly events: readonly LogEvent[];
  /** Complete lines that hold no event: each of them keeps the runtime from reading the topic at all. */
  readonly faults: readonly LineFault[];
  /** A last line without its end that holds no event yet: dropped by the runtime, and in the way of whatever is appended next. */
  readonly torn: LineFault | null;
}

const NEWLINE = 0x0a;

/** The lines of a file or of a part of one, blank ones left out. */
export function* topicLines(bytes: Uint8Array, from = 0): Generator<TopicLine, void, undefined> {
  let start = from;
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    if (!isBlankLine(bytes, start, end)) yield { start, end, complete: newline !== -1 };
    start = end;
  }
}

/** Made of ASCII white space alone: space, tab, line feed, form feed, carriage return. */
export function isBlankLine(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d) return false;
  }
  return true;
}

/** One line as an event, or why it is none. */
export function readTopicLine(bytes: Uint8Array): LogEvent | { readonly fault: string } {
  const tape = scan(bytes);
  if (tape.invalidUtf8At !== -1) return { fault: `invalid UTF-8 at byte ${tape.invalidUtf8At + 1}` };
  if (tape.hasBom) return { fault: "a byte order mark before the value" };
  if (tape.error !== undefined) return { fault: `${tape.error.reason} at byte ${tape.error.offset + 1}` };
  const decoder = new Decoder({ source: "text", tolerant: false });
  const record = decoder.decode(compileStruct(FileRecord), tape, 0) as StoredRecord | typeof REFUSED;
  if (record === REFUSED) {
    const problem = decoder.problems[0];
    return { fault: problem === undefined ? "no event" : `${pathText(problem.path)}: ${problem.message}` };
  }
  const { kind, payload, headers, occurred_at_ms: occurredAtMs } = record.event;
  return { id: record.id, kind, payload, headers, occurredAtMs };
}

interface StoredRecord {
  readonly id: bigint;
  readonly event: {
    readonly kind: string;
    readonly payload: JsonSlice;
    readonly headers: ReadonlyMap<string, string>;
    readonly occurred_at_ms: bigint;
  };
}

/** Reads a topic file as the runtime does: one bad complete line fails the whole of it, a bad last line without end is passed over. */
export function readFileTopic(bytes: Uint8Array): LogRead {
  const { events, faults } = viewFileTopic(bytes, true);
  const fault = faults[0];
  return fault === undefined ? { ok: true, events } : { ok: false, message: `event log parse error: line ${fault.line}: ${fault.message}` };
}

/** Reads what can be read of a topic file; `strict` stops at the first fault. */
export function viewFileTopic(bytes: Uint8Array, strict = false): TopicContent {
  const events: LogEvent[] = [];
  const faults: LineFault[] = [];
  let torn: LineFault | null = null;
  let line = 1;
  let counted = 0;
  for (const place of topicLines(bytes)) {
    const event = readTopicLine(bytes.subarray(place.start, place.end));
    if (!("fault" in event)) {
      events.push(event);
      continue;
    }
    line += newlines(bytes, counted, place.start);
    counted = place.start;
    const fault = { ...place, line, message: event.fault };
    if (place.complete) faults.push(fault);
    else torn = fault;
    if (strict) break;
  }
  return { events, faults, torn };
}

function newlines(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at !== -1 && at < to; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** The line of an event, newline included: the runtime's own layout. */
export function encodeTopicLine(event: HashedEvent): Uint8Array {
  const writer = new JsonWriter("compact", event.payload.length + 512);
  writer.beginObject();
  writer.key("id");
  writer.integer(event.id);
  writer.key("event");
  writer.beginObject();
  writer.key("kind");
  writer.string(event.kind);
  writer.key("payload");
  writer.raw(event.payload, 0, event.payload.length);
  writer.key("headers");
  writeHeaders(writer, event.headers);
  writer.key("occurred_at_ms");
  writer.integer(event.occurredAtMs);
  writer.endObject();
  writer.endObject();
  const text = writer.finish();
  const line = new Uint8Array(text.length + 1);
  line.set(text);
  line[text.length] = NEWLINE;
  return line;
}
