import type { JsonSlice } from "../json/JsonSlice.ts";
import { JsonWriter } from "../json/JsonWriter.ts";
import { compileCodec } from "../record/codec.ts";
import { memberOf, sliceOfValue } from "../record/sliceAccess.ts";
import { decodeAgentEvent } from "./decodeAgentEvent.ts";
import type { EventLog } from "./EventLog.ts";
import type { LogEvent, LogFailure } from "./LogEvent.ts";
import { AGENT_EVENT_PAGING, readTopicRecords } from "./readTopicRecords.ts";
import { AgentEventSchema } from "./schema/agentEvents.ts";
import type { AgentEvent } from "./schema/agentEvents.ts";
import { agentEventsTopic } from "./topics.ts";

/** An agent event as the runtime replays it. */
export interface AgentSessionReplayEvent {
  readonly event_id: bigint;
  readonly kind: string;
  /** Unix time in milliseconds. */
  readonly occurred_at_ms: bigint;
  readonly event: AgentEvent;
}

export type AgentSessionReplay = { readonly ok: true; readonly events: readonly AgentSessionReplayEvent[] } | LogFailure;

/** The events of one session from the active log; none where no log is active. */
export async function loadAgentSessionReplayEvents(activeLog: EventLog | null, sessionId: string): Promise<AgentSessionReplay> {
  return activeLog === null ? { ok: true, events: [] } : loadAgentSessionReplayEventsFromLog(activeLog, sessionId);
}

/**
 * The events of one session, in the order of the log. One event that does not decode fails them all (event log format, replay reader);
 * events of other sessions, which can share the topic, are passed over.
 */
export async function loadAgentSessionReplayEventsFromLog(log: EventLog, sessionId: string): Promise<AgentSessionReplay> {
  const topic = agentEventsTopic(sessionId);
  const read = await readTopicRecords(log, topic, AGENT_EVENT_PAGING);
  if (!read.ok) return { ok: false, message: `failed to read agent event replay topic ${topic}: ${read.message}` };
  const events: AgentSessionReplayEvent[] = [];
  for (const record of read.events) {
    const value = sessionEventOf(record, sessionId);
    if (value === null) continue;
    const reading = decodeAgentEvent(value);
    if (!reading.ok) return { ok: false, message: `failed to decode agent event replay record ${record.id}: ${reading.message}` };
    if (reading.event.session_id !== sessionId) continue;
    events.push({ event_id: record.id, kind: record.kind, occurred_at_ms: record.occurredAtMs, event: reading.event });
  }
  return { ok: true, events };
}

/** The event a record of the session carries; null for another session's, and where the payload carries none. */
export function sessionEventOf(record: LogEvent, sessionId: string): JsonSlice | null {
  return record.headers.get("session_id") === sessionId ? memberOf(record.payload, "event") : null;
}

/** Replayed events as a compact JSON array, all keys sorted. */
export function replayEventsText(events: readonly AgentSessionReplayEvent[]): Uint8Array {
  const codec = compileCodec(AgentEventSchema);
  const writer = new JsonWriter("compact");
  writer.beginArray();
  for (const { event, event_id: id, kind, occurred_at_ms: occurredAtMs } of events) {
    const { tape, node } = sliceOfValue(codec, event);
    writer.beginObject();
    writer.key("event");
    writer.raw(tape.bytes, tape.start(node), tape.end(node));
    writer.key("event_id");
    writer.integer(id);
    writer.key("kind");
    writer.string(kind);
    writer.key("occurred_at_ms");
    writer.integer(occurredAtMs);
    writer.endObject();
  }
  writer.endArray();
  return writer.finish();
}
