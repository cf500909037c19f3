/** What was asked of people, as the log tells it (event log format, HITL topics). Tolerant: what has another type counts as not there. */
import { integerOf } from "../record/decodeScalar.ts";
import { arrayOf, isNull, memberOf, stringMember, stringsOf } from "../record/sliceAccess.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import type { LogEvent } from "./LogEvent.ts";

export type HitlKind = "question" | "approval" | "dualControl" | "escalation";

/** One kind of request: where it is kept, how its ids begin, what events tell of it. */
export interface HitlTopic {
  readonly kind: HitlKind;
  readonly topic: string;
  readonly idPrefix: string;
  readonly requested: string;
}

export const HITL_TOPICS: readonly HitlTopic[] = [
  { kind: "question", topic: "hitl.questions", idPrefix: "hitl_question_", requested: "hitl.question_asked" },
  { kind: "approval", topic: "hitl.approvals", idPrefix: "hitl_approval_", requested: "hitl.approval_requested" },
  { kind: "dualControl", topic: "hitl.dual_control", idPrefix: "hitl_dual_control_", requested: "hitl.dual_control_requested" },
  { kind: "escalation", topic: "hitl.escalations", idPrefix: "hitl_escalation_", requested: "hitl.escalation_issued" },
];

/** Answers that hosts left for the runtime to pick up. */
export const RESPONSES_TOPIC = "hitl.responses";

/** A request for a person. */
export interface HitlRequest {
  readonly requestId: string;
  readonly kind: HitlKind;
  /** The question, the action to be approved, or the reason of an escalation. */
  readonly prompt: string;
  readonly agent: string;
  readonly traceId: string | null;
  readonly runId: string | null;
  /** As it was written, usually RFC 3339. */
  readonly askedAt: string;
  /** Who may decide; empty for anybody. */
  readonly approvers: readonly string[];
  /** Votes it takes; 1 for what is not voted on. */
  readonly votesNeeded: bigint;
  /** Milliseconds after which it runs out; null when it never does, or nothing is said. */
  readonly timeoutMs: bigint | null;
  /** What a question falls back to when its time is over; null for nothing. */
  readonly fallback: JsonSlice | null;
  readonly event: LogEvent;
}

/** The request an event makes; null when it makes none. */
export function hitlRequestOf(event: LogEvent, topic: HitlTopic): HitlRequest | null {
  if (event.kind !== topic.requested) return null;
  const requestId = requestIdsOf(event)[0];
  if (requestId === undefined || requestId === "") return null;
  const inner = memberOf(event.payload, "payload");
  return {
    requestId,
    kind: topic.kind,
    prompt: stringMember(inner, "prompt") ?? stringMember(inner, "action") ?? stringMember(inner, "reason") ?? "",
    agent: stringMember(event.payload, "agent") ?? "",
    traceId: stringMember(event.payload, "trace_id") ?? event.headers.get("trace_id") ?? null,
    runId: event.headers.get("run_id") ?? stringMember(event.payload, "run_id"),
    askedAt: stringMember(event.payload, "requested_at") ?? "",
    approvers: stringsOf(arrayMember(inner, topic.kind === "dualControl" ? ["approvers"] : ["approvers", "reviewers"])),
    votesNeeded: votesNeeded(inner, topic.kind),
    timeoutMs: countOf(memberOf(inner, "timeout_ms")) ?? countOf(memberOf(inner, "deadline_ms")),
    fallback: notNull(memberOf(inner, "default")),
    event,
  };
}

/** The ids an event names: that of its payload first, then that of its headers. */
export function requestIdsOf(event: LogEvent): string[] {
  const ids = [stringMember(event.payload, "request_id"), event.headers.get("request_id") ?? null];
  return ids.filter((id) => id !== null);
}

/** A value that is there and not null. */
export function notNull(slice: JsonSlice | null): JsonSlice | null {
  return slice === null || isNull(slice) ? null : slice;
}

/** The first of the keys that is present decides; of another type it is an empty list. */
function arrayMember(slice: JsonSlice | null, names: readonly string[]): JsonSlice | null {
  for (const name of names) {
    const value = memberOf(slice, name);
    if (value !== null) return arrayOf(value) === null ? null : value;
  }
  return null;
}

/** The first key that is present decides; of another type it means 1. */
function votesNeeded(inner: JsonSlice | null, kind: HitlKind): bigint {
  if (kind !== "approval" && kind !== "dualControl") return 1n;
  const given =
    memberOf(inner, kind === "dualControl" ? "n" : "quorum") ??
    memberOf(inner, "approvers_required") ??
    memberOf(memberOf(inner, "approval_request"), "approvers_required");
  return countOf(given) ?? 1n;
}

function countOf(slice: JsonSlice | null): bigint | null {
  const value = slice === null ? undefined : integerOf(slice.tape, slice.node);
  return value === undefined || value < 0n ? null : value;
}
