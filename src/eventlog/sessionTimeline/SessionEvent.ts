import { findMember, stringText } from "../../json/cursor.ts";
import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId, Tape } from "../../json/Tape.ts";
import { decodeAgentEvent } from "../decodeAgentEvent.ts";
import type { LogEvent } from "../LogEvent.ts";
import { AgentEventSchema } from "../schema/agentEvents.ts";

/** One event of an agent session as a viewer reads it: nothing of it is refused, and what the runtime would refuse is named. */
export interface SessionEvent {
  readonly id: bigint;
  /** Milliseconds since 1970; null when no calendar has that moment. */
  readonly atMs: number | null;
  /** The event's type; where the payload holds no event, the kind of the log's own event. */
  readonly tag: string;
  /** The session whose event it is: by its own word, else by its header, else by its payload. Null when none of them names one. */
  readonly sessionId: string | null;
  /**
   * The session its header names, where that is another one: topics of a parent's session repeat the events of its children's. The
   * runtime’s replay drops them. Null otherwise.
   */
  readonly carrier: string | null;
  readonly tape: Tape;
  /** The value of `event` in the payload; `NO_NODE` when there is none. */
  readonly node: NodeId;
  /** Names of the type's fields in the order of their declaration; none when the type is not known. */
  readonly order: readonly string[];
  /** Why the runtime’s replay refuses or skips it, a sentence; null when it takes it. */
  readonly fault: string | null;
}

/** Farthest moment a calendar can tell, in milliseconds either way of 1970. */
const DATE_LIMIT = 8_640_000_000_000_000n;
/** Most UTF-16 units of a fault. */
const FAULT_LIMIT = 300;

const ORDERS: ReadonlyMap<string, readonly string[]> = new Map(
  AgentEventSchema.options.map((option) => [option.shape.type.value, Object.keys(option.shape)]),
);

/** Reads one event of a topic of agent events (event log format, agent events). Never fails. */
export function readSessionEvent(event: LogEvent): SessionEvent {
  const { tape, node: payload } = event.payload;
  const node = tape.kind(payload) === "object" ? findMember(tape, payload, "event") : NO_NODE;
  const header = event.headers.get("session_id") ?? null;
  const own = node === NO_NODE ? null : text(tape, firstOf(tape, node, "session_id", 1));
  const tag = (node === NO_NODE ? null : text(tape, firstOf(tape, node, "type", 0))) ?? event.kind;
  const sessionId = own ?? header ?? text(tape, tape.kind(payload) === "object" ? findMember(tape, payload, "session_id") : NO_NODE);
  return {
    id: event.id,
    atMs: event.occurredAtMs > DATE_LIMIT || event.occurredAtMs < -DATE_LIMIT ? null : Number(event.occurredAtMs),
    tag,
    sessionId,
    carrier: own !== null && header !== null && own !== header ? header : null,
    tape,
    node,
    order: ORDERS.get(tag) ?? [],
    fault: faultOf(event, node, tag, header),
  };
}

/** A member of an event, which may also be written as an array whose first element is the tag. */
function firstOf(tape: Tape, node: NodeId, name: string, position: 0 | 1): NodeId {
  const kind = tape.kind(node);
  if (kind === "object") return findMember(tape, node, name);
  if (kind !== "array") return NO_NODE;
  const end = tape.next(node);
  const first = node + 1;
  if (first >= end) return NO_NODE;
  if (position === 0) return first;
  const second = tape.next(first);
  return second < end ? second : NO_NODE;
}

function text(tape: Tape, node: NodeId): string | null {
  return node !== NO_NODE && tape.kind(node) === "string" ? stringText(tape, node) : null;
}

function faultOf(event: LogEvent, node: NodeId, tag: string, header: string | null): string | null {
  if (node === NO_NODE) return "The payload holds no agent event: the runtime’s replay passes it over.";
  if (!ORDERS.has(tag)) return `The runtime does not know events of type “${tag.slice(0, 80)}”: its replay of this session fails.`;
  const reading = decodeAgentEvent({ tape: event.payload.tape, node });
  if (!reading.ok) return `The runtime cannot read it, and its replay of this session fails: ${reading.message}`.slice(0, FAULT_LIMIT);
  if (header === null) return "Its header names no session: the runtime’s replay passes it over.";
  return null;
}
