/** The timeline of agent sessions: one session, and what happened in it. Small facts; payloads are read again when somebody opens one. */
import type { ChainVerdict } from "../../eventlog/sessionTimeline/ChainFold.ts";
import type { SessionOrigin } from "../../eventlog/sessionTimeline/namedSessions.ts";

/** What kind of thing an entry is; the values of the table's filter, in the order in which they are offered. */
export const FAMILIES = {
  message: "Messages",
  thought: "Thoughts",
  tool: "Tool calls",
  iteration: "Iterations",
  compaction: "Compactions",
  warning: "Warnings",
  human: "Human requests",
  worker: "Workers",
  handoff: "Handoffs",
  reminder: "Reminders",
  feedback: "Feedback",
  decision: "Decisions",
  skill: "Skills",
  other: "Other",
} as const;
export type Family = keyof typeof FAMILIES;

/** What one entry of a family is called. */
export const FAMILY_NOUNS: Readonly<Record<Family, string>> = {
  message: "message",
  thought: "thought",
  tool: "tool call",
  iteration: "iteration",
  compaction: "compaction",
  warning: "warning",
  human: "human request",
  worker: "worker",
  handoff: "handoff",
  reminder: "reminder",
  feedback: "feedback",
  decision: "decision",
  skill: "skill",
  other: "event",
};

/** An event an entry is made of: enough to read it again. */
export interface EventRef {
  readonly id: bigint;
  /** Byte offset of its line in a topic file, where that is known. */
  readonly offset: number | null;
}

/** What an entry can be joined by with other things. */
export interface EntryJoin {
  readonly kind: "tool" | "request" | "worker" | "handoff";
  readonly id: string;
}

/** One row of a session's timeline; events that belong together are one. Filled in as further events come. */
export interface TimelineEntry {
  readonly level: 2;
  readonly session: SessionFacts;
  /** Id of the row. */
  readonly id: string;
  family: Family;
  label: string;
  /** The head of its text, on one line. */
  text: string;
  status: string | null;
  /** Milliseconds since 1970. */
  startMs: number | null;
  endMs: number | null;
  /** Milliseconds as an event tells them; without, `endMs` tells. */
  tookMs: number | null;
  tokensIn: number | null;
  tokensOut: number | null;
  costUsd: number | null;
  /** What the tool failed with. */
  error: string | null;
  executor: string | null;
  join: EntryJoin | null;
  /** The first sentence that says why the runtime would not read one of its events. */
  fault: string | null;
  /** Its events, at most `REF_LIMIT` of them. */
  readonly refs: EventRef[];
  eventCount: number;
  /** A compaction's estimates. */
  tokensBefore: number | null;
  tokensAfter: number | null;
}

/** Most events of one entry whose place is kept. */
export const REF_LIMIT = 200;

/** One session. Events that the runtime writes at every step and that say nothing are counted, not listed. */
export interface SessionFacts {
  readonly level: 1;
  readonly id: string;
  /** Empty when its events name none. */
  readonly sessionId: string;
  readonly topic: string;
  origin: SessionOrigin | null;
  readonly entries: TimelineEntry[];
  eventCount: number;
  /** Checkpoints. */
  hiddenCount: number;
  /** Events of other sessions that its topic repeats; the runtime's replay drops them. They are listed with their own session. */
  copyCount: number;
  /** Set when it is known only by what the topic of this other session repeats of it. */
  readonly carrier: string | null;
  faultCount: number;
  firstMs: number | null;
  lastMs: number | null;
  tokensIn: number | null;
  tokensOut: number | null;
  costUsd: number | null;
  /** Of its whole topic. */
  chain: ChainVerdict;
}

export type SessionRow = SessionFacts | TimelineEntry;

/** What is under way has taken no time yet that could be said. */
const UNDER_WAY: ReadonlySet<string | null> = new Set(["pending", "in_progress", "waiting"]);

/** How long an entry took, milliseconds; null when nothing tells, and while it goes on. */
export function entryTook({
  tookMs,
  startMs,
  endMs,
  status,
}: Pick<TimelineEntry, "tookMs" | "startMs" | "endMs" | "status">): number | null {
  if (tookMs === null && UNDER_WAY.has(status)) return null;
  return tookMs ?? (startMs === null || endMs === null ? null : Math.max(0, endMs - startMs));
}

/** A status as people say it. */
export function statusWords(status: string): string {
  return status === "timeout" ? "timed out" : status.replace(/_/g, " ");
}

/**
 * The row of a session.
 *
 * @param component the end of the name of the topic it was read from; a session's own topic ends with its id
 */
export function sessionRowId(sessionId: string, component: string = sessionId): string {
  // No topic's name holds a slash.
  return sessionId === component ? `@session:${component}` : `@session:${component}/${sessionId}`;
}

/** A sum in which what is unknown counts as nothing, and nothing known stays unknown. */
export function plus(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : a + b;
}
