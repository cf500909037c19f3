/** What became of a request (event log format, joining a request to what followed). */
import type { JsonSlice } from "../json/JsonSlice.ts";
import { booleanMember, memberOf, stringMember } from "../record/sliceAccess.ts";
import type { HitlRequest } from "./hitlRequest.ts";
import { notNull } from "./hitlRequest.ts";
import type { LogEvent } from "./LogEvent.ts";

/**
 * `open`: still waiting. `responded`: an escalation was answered, but not accepted; its script waits on. `cancelled`: taken back without a
 * word of anybody.
 */
export type HitlState = "open" | "answered" | "approved" | "denied" | "executed" | "accepted" | "responded" | "timedOut" | "cancelled";

/** One vote, in the order of the log. */
export interface HitlVote {
  readonly reviewer: string | null;
  /** What the vote counts for. `outsider`: not one of those asked. `repeated`: has voted before. */
  readonly counts: "approval" | "denial" | "outsider" | "repeated";
  readonly reason: string | null;
  /** As it was written. */
  readonly at: string | null;
  readonly event: LogEvent;
}

export interface HitlOutcome {
  readonly state: HitlState;
  /** The event that settled the request; null while it is open. */
  readonly settledBy: LogEvent | null;
  /** The event up to which people were waited for: that of the decision, where something ran after it; else the one that settled it. */
  readonly decidedBy: LogEvent | null;
  /** The answer to a question, the result of what dual control let run. */
  readonly answer: JsonSlice | null;
  readonly by: string | null;
  readonly reason: string | null;
  /** When, as it was written. */
  readonly at: string | null;
  readonly votes: readonly HitlVote[];
  /** Approvals that count so far. */
  readonly approvals: number;
  /** Events that came after the request was settled. */
  readonly late: readonly LogEvent[];
}

/** Follows a request through the events that name it, in their order. */
export function hitlOutcome(request: HitlRequest, events: readonly LogEvent[]): HitlOutcome {
  switch (request.kind) {
    case "question":
      return questionOutcome(events);
    case "approval":
    case "dualControl":
      return voteOutcome(request, events);
    case "escalation":
      return escalationOutcome(events);
  }
}

const NOTHING: HitlOutcome = {
  state: "open",
  settledBy: null,
  decidedBy: null,
  answer: null,
  by: null,
  reason: null,
  at: null,
  votes: [],
  approvals: 0,
  late: [],
};

const RESPONSE = "hitl.response_received";
const TIMEOUT = "hitl.timeout";

function settled(state: HitlState, event: LogEvent, events: readonly LogEvent[]): HitlOutcome {
  const { payload } = event;
  const record = memberOf(payload, "record");
  return {
    ...NOTHING,
    state,
    settledBy: event,
    decidedBy: event,
    answer: notNull(memberOf(payload, "answer")),
    by: stringMember(payload, "reviewer"),
    reason: stringMember(payload, "reason") ?? stringMember(record, "reason"),
    at: stringMember(payload, "responded_at") ?? stringMember(payload, "timed_out_at") ?? stringMember(record, "approved_at"),
    late: events.slice(events.indexOf(event) + 1),
  };
}

function questionOutcome(events: readonly LogEvent[]): HitlOutcome {
  const event = events.find(({ kind }) => kind === RESPONSE || kind === TIMEOUT);
  if (event === undefined) return NOTHING;
  return settled(event.kind === TIMEOUT ? "timedOut" : "answered", event, events);
}

function voteOutcome(request: HitlRequest, events: readonly LogEvent[]): HitlOutcome {
  const prefix = request.kind === "approval" ? "hitl.approval" : "hitl.dual_control";
  const votes: HitlVote[] = [];
  const counted = new Set<string>();
  let outcome: HitlOutcome | null = null;
  for (const event of events) {
    if (event.kind === RESPONSE) {
      const vote = voteOf(event, request, counted);
      votes.push(vote);
      if (vote.counts === "approval") counted.add(vote.reviewer ?? "");
      if (vote.counts === "denial") outcome ??= settled("denied", event, events);
      if (BigInt(counted.size) >= request.votesNeeded && counted.size > 0) outcome ??= settled("approved", event, events);
    } else if (event.kind === TIMEOUT) outcome ??= settled("timedOut", event, events);
    // The runtime's own word stands above what the votes come to.
    else if (event.kind === `${prefix}_denied` && outcome?.state !== "timedOut") outcome = verdict("denied", event, events, outcome);
    else if (event.kind === `${prefix}_approved` && outcome?.state !== "timedOut") outcome = verdict("approved", event, events, outcome);
    else if (event.kind === `${prefix}_executed`) {
      outcome = {
        ...settled("executed", event, events),
        ...whoDecided(outcome, event),
        answer: notNull(memberOf(event.payload, "result")),
      };
    }
  }
  return { ...(outcome ?? NOTHING), votes, approvals: counted.size };
}

function verdict(state: "approved" | "denied", event: LogEvent, events: readonly LogEvent[], before: HitlOutcome | null): HitlOutcome {
  const said = settled(state, event, events);
  return before?.state === state
    ? { ...said, by: said.by ?? before.by, reason: said.reason ?? before.reason, at: said.at ?? before.at }
    : said;
}

function whoDecided(outcome: HitlOutcome | null, event: LogEvent): Pick<HitlOutcome, "by" | "reason" | "at" | "decidedBy"> {
  const decidedBy = outcome?.decidedBy ?? event;
  return { by: outcome?.by ?? null, reason: outcome?.reason ?? null, at: outcome?.at ?? null, decidedBy };
}

function voteOf(event: LogEvent, request: HitlRequest, counted: ReadonlySet<string>): HitlVote {
  const { payload } = event;
  const reviewer = stringMember(payload, "reviewer");
  const vote = { reviewer, reason: stringMember(payload, "reason"), at: stringMember(payload, "responded_at"), event };
  if (reviewer !== null && request.approvers.length > 0 && !request.approvers.includes(reviewer)) return { ...vote, counts: "outsider" };
  if (reviewer !== null && counted.has(reviewer)) return { ...vote, counts: "repeated" };
  // An approval needs a name; a vote that says nothing is a denial.
  return { ...vote, counts: reviewer !== null && booleanMember(payload, "approved") === true ? "approval" : "denial" };
}

function escalationOutcome(events: readonly LogEvent[]): HitlOutcome {
  let outcome: HitlOutcome | null = null;
  for (const event of events) {
    const isAnswer = event.kind === RESPONSE || event.kind === "hitl.escalation_accepted";
    if (event.kind === TIMEOUT) outcome ??= settled("timedOut", event, events);
    else if (isAnswer && booleanMember(event.payload, "accepted") === true) return settled("accepted", event, events);
    // Written for every answer, whatever its name says.
    else if (isAnswer) outcome ??= settled("responded", event, events);
  }
  return outcome ?? NOTHING;
}
