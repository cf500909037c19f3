/** The chain of hashes over a topic's events (event log format, headers added on append). */
import { compareBytes } from "../json/compareBytes.ts";
import { sliceBytes } from "../json/cursor.ts";
import { JsonWriter } from "../json/JsonWriter.ts";
import { writeValue } from "../json/writeValue.ts";
import { isBlank } from "../record/runtimeText.ts";
import type { LogEvent } from "./LogEvent.ts";

/** SHA-256 of some bytes in lower-case hexadecimal. */
export type Sha256 = (bytes: Uint8Array) => string;

export const SCHEMA_HEADER = "harn.provenance.schema";
export const PREV_HASH_HEADER = "harn.provenance.prev_hash";
export const RECORD_HASH_HEADER = "harn.provenance.record_hash";
const SCHEMA = "harn-eventlog-provenance-v1";

/** An event whose payload is bytes of JSON. */
export interface HashedEvent {
  readonly id: bigint;
  readonly kind: string;
  readonly payload: Uint8Array;
  readonly headers: ReadonlyMap<string, string>;
  readonly occurredAtMs: bigint;
}

/** `sha256:…` of an event: over its six keys in order, the payload's own text spliced in, without the header that holds the hash. */
export function recordHash(topic: string, event: HashedEvent, sha256: Sha256): string {
  const writer = new JsonWriter("compact", event.payload.length + 512);
  writer.beginObject();
  writer.key("event_id");
  writer.integer(event.id);
  writer.key("headers");
  writeHeaders(writer, event.headers, RECORD_HASH_HEADER);
  writer.key("kind");
  writer.string(event.kind);
  writer.key("occurred_at_ms");
  writer.integer(event.occurredAtMs);
  writer.key("payload");
  writer.raw(event.payload, 0, event.payload.length);
  writer.key("topic");
  writer.string(topic);
  writer.endObject();
  return `sha256:${sha256(writer.finish())}`;
}

/** Writes headers as an object sorted by the bytes of its keys. */
export function writeHeaders(writer: JsonWriter, headers: ReadonlyMap<string, string>, without?: string): void {
  writer.beginObject();
  for (const [name, value] of [...headers].sort(([a], [b]) => compareBytes(a, b))) {
    if (name === without) continue;
    writer.key(name);
    writer.string(value);
  }
  writer.endObject();
}

/** The headers an event is stored with: its own, and those that tie it to the event before it in its topic. */
export function provenanceHeaders(
  topic: string,
  event: HashedEvent,
  previous: LogEvent | null,
  sha256: Sha256,
): ReadonlyMap<string, string> {
  const headers = new Map(event.headers);
  headers.set(SCHEMA_HEADER, SCHEMA);
  headers.delete(PREV_HASH_HEADER);
  if (previous !== null) headers.set(PREV_HASH_HEADER, hashOfPrevious(topic, previous, sha256));
  headers.delete(RECORD_HASH_HEADER);
  headers.set(RECORD_HASH_HEADER, recordHash(topic, { ...event, headers }, sha256));
  return headers;
}

function hashOfPrevious(topic: string, event: LogEvent, sha256: Sha256): string {
  const stored = event.headers.get(RECORD_HASH_HEADER);
  if (stored !== undefined && !isBlank(stored)) return stored;
  return recordHash(topic, { ...event, payload: canonicalPayload(event) }, sha256);
}

/** A payload as the runtime prints it: compact, keys sorted, numbers as it reads them. */
function canonicalPayload(event: LogEvent): Uint8Array {
  const { tape, node } = event.payload;
  const writer = new JsonWriter("compact", tape.end(node) - tape.start(node));
  writeValue(writer, tape, node, { keys: "sorted", numbers: "runtime" });
  return writer.finish();
}

/**
 * What the chain says of one event. `start`: the first of those kept, whose predecessor is gone or never was. `unsigned`: it carries no
 * hash. `changed`: its content is not what was hashed. `gap`: events between it and the one before it are gone. `broken`: its predecessor
 * is not the event that stands before it.
 */
export type ChainState = "start" | "linked" | "unsigned" | "changed" | "gap" | "broken";

export interface ChainLink {
  readonly id: bigint;
  readonly state: ChainState;
  /** For `changed`, `gap` and `broken`: the hash expected by what stands in the log, and the one that is stored. */
  readonly expected?: string;
  readonly found?: string;
}

/** Checks the events of a topic in their order. After compaction the first names a predecessor that is gone: there the chain starts. */
export function verifyChain(topic: string, events: Iterable<LogEvent>, sha256: Sha256): ChainLink[] {
  const links: ChainLink[] = [];
  let previous: ChainPlace | null = null;
  for (const event of events) {
    links.push(chainLink(topic, event, previous, sha256));
    previous = chainPlace(topic, event, sha256);
  }
  return links;
}

/** What the next event of a topic is checked against: all that is needed of the one before it, so that topics can be checked by pages. */
export interface ChainPlace {
  readonly id: bigint;
  readonly hash: string;
}

/** An event as the predecessor of the next. */
export function chainPlace(topic: string, event: LogEvent, sha256: Sha256): ChainPlace {
  return { id: event.id, hash: hashOfPrevious(topic, event, sha256) };
}

/** What the chain says of one event; `previous` is null for the first of its topic. */
export function chainLink(topic: string, event: LogEvent, previous: ChainPlace | null, sha256: Sha256): ChainLink {
  const { id } = event;
  const found = event.headers.get(RECORD_HASH_HEADER);
  if (found === undefined || isBlank(found)) return { id, state: "unsigned" };
  const expected = recordHash(topic, { ...event, payload: sliceBytes(event.payload.tape, event.payload.node) }, sha256);
  // A line that was laid out anew by another program holds the same event still.
  if (found !== expected && found !== recordHash(topic, { ...event, payload: canonicalPayload(event) }, sha256)) {
    return { id, state: "changed", expected, found };
  }
  if (previous === null) return { id, state: "start" };
  const named = event.headers.get(PREV_HASH_HEADER);
  if (named === previous.hash) return { id, state: "linked" };
  return { id, state: id > previous.id + 1n ? "gap" : "broken", expected: previous.hash, found: named ?? "" };
}
