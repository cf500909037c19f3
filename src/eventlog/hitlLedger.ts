/** The ledger of what a run asked of people: record and log joined. */
import { compareBytes } from "../json/compareBytes.ts";
import { stringMember } from "../record/sliceAccess.ts";
import type { RunHitlQuestionRecord } from "../record/types.ts";
import type { EventLog } from "./EventLog.ts";
import { hitlOutcome } from "./hitlOutcome.ts";
import type { HitlOutcome } from "./hitlOutcome.ts";
import { HITL_TOPICS, hitlRequestOf, requestIdsOf, RESPONSES_TOPIC } from "./hitlRequest.ts";
import type { HitlKind, HitlRequest } from "./hitlRequest.ts";
import type { LogEvent } from "./LogEvent.ts";
import { questionOf } from "./questionsFromLog.ts";
import { AGENT_EVENT_PAGING, readTopicRecords } from "./readTopicRecords.ts";
import { sanitizeTopicComponent } from "./topics.ts";

/** Events of the HITL topics, by topic. */
export interface HitlEvents {
  readonly byTopic: ReadonlyMap<string, readonly LogEvent[]>;
  /** Topics that cannot be read, and why. */
  readonly faults: readonly { readonly topic: string; readonly message: string }[];
}

/** Which run the ledger is for. */
export interface LedgerRun {
  readonly id: string;
  readonly traceId: string | null;
  /** Unix milliseconds between which the run went on; null when it is not known. Requests that name no run are looked for in it. */
  readonly window: { readonly startMs: bigint; readonly endMs: bigint } | null;
  readonly stored: readonly RunHitlQuestionRecord[];
}

/** How a request was found to belong to the run: it says so, the record lists it, it has the run's trace, or it only fell into its time. */
export type Belonging = "run" | "record" | "trace" | "time";

/** An event and the topic it stands in. */
export interface TopicEvent {
  readonly topic: string;
  readonly event: LogEvent;
}

export interface HitlEntry {
  readonly requestId: string;
  readonly kind: HitlKind;
  readonly prompt: string;
  readonly agent: string;
  readonly traceId: string | null;
  /** As it was written. */
  readonly askedAt: string;
  /** Unix milliseconds by the log; null for what only the record tells. */
  readonly askedAtMs: bigint | null;
  readonly belongs: Belonging;
  /** Where it is told. Only questions are ever stored in a record. */
  readonly source: "record" | "log" | "both";
  /** What a normalise or a resave with this log would do to the record. */
  readonly merge: "none" | "add" | "replace";
  /** Null for what only the record tells: what became of it is not known. */
  readonly request: HitlRequest | null;
  readonly outcome: HitlOutcome | null;
  /** All that the log tells of it: the request, then what names it, in the order in which it happened. */
  readonly events: readonly TopicEvent[];
  /** Milliseconds from the request to the decision (or to the end of its time); null while it is open, or when nothing is known. */
  readonly waitedMs: bigint | null;
}

/** Reads the HITL topics of a log. A topic that cannot be read is noted and left out. */
export async function readHitlEvents(log: EventLog): Promise<HitlEvents> {
  const byTopic = new Map<string, readonly LogEvent[]>();
  const faults: { topic: string; message: string }[] = [];
  for (const topic of [...HITL_TOPICS.map(({ topic }) => topic), RESPONSES_TOPIC]) {
    const read = await readTopicRecords(log, topic, AGENT_EVENT_PAGING);
    if (read.ok) byTopic.set(topic, read.events);
    else faults.push({ topic, message: read.message });
  }
  return { byTopic, faults };
}

/** The topic in which the runtime keeps the state of a request's waiting point. */
export function waitpointTopic(requestId: string): string {
  return `waitpoint.state.${sanitizeTopicComponent(requestId)}`;
}

/** Whether a waiting point was taken back, by the events of its topic: the last state that is one decides. */
export function isWaitpointCancelled(events: readonly LogEvent[]): boolean {
  const last = events.findLast(({ kind, payload }) => kind === "waitpoint.state" && payload.tape.kind(payload.node) === "object");
  return last !== undefined && stringMember(last.payload, "status") === "cancelled";
}

/**
 * What the run asked of people, in the order in which it asked.
 *
 * @param cancelled ids of requests whose waiting point was taken back
 */
export function hitlLedger(run: LedgerRun, events: HitlEvents, cancelled: ReadonlySet<string> = new Set()): HitlEntry[] {
  const followUps = indexByRequest(events);
  const stored = new Map(run.stored.map((question) => [question.request_id, question]));
  const storedIds = new Set(stored.keys());
  const entries = new Map<string, HitlEntry>();
  for (const topic of HITL_TOPICS) {
    for (const event of events.byTopic.get(topic.topic) ?? []) {
      const request = hitlRequestOf(event, topic);
      const belongs = request === null ? null : belonging(request, run, storedIds);
      if (request === null || belongs === null) continue;
      const followers = followUps(request, topic.topic);
      entries.set(
        request.requestId,
        entryOf({ request, topic: topic.topic }, belongs, followers, cancelled.has(request.requestId), stored, run.id),
      );
    }
  }
  for (const question of stored.values()) if (!entries.has(question.request_id)) entries.set(question.request_id, storedEntry(question));
  return [...entries.values()].sort(byTime);
}

/**
 * How a request belongs to a run; null when it does not.
 *
 * @param storedIds requests that the run's record lists
 */
export function belonging(
  request: HitlRequest,
  run: Pick<LedgerRun, "id" | "traceId" | "window">,
  storedIds: ReadonlySet<string>,
): Belonging | null {
  const named = [request.event.headers.get("run_id"), stringMember(request.event.payload, "run_id")].filter((id) => typeof id === "string");
  if (named.includes(run.id)) return "run";
  if (storedIds.has(request.requestId)) return "record";
  if (named.length > 0) return null;
  const traces = [request.traceId, request.event.headers.get("trace_id")];
  if (run.traceId !== null && traces.includes(run.traceId)) return "trace";
  const at = request.event.occurredAtMs;
  return run.window !== null && at >= run.window.startMs && at <= run.window.endMs ? "time" : null;
}

/** Events that name a request, those of its own topic and of the hosts' answers, in the order in which they happened. */
function indexByRequest({ byTopic }: HitlEvents): (request: HitlRequest, topic: string) => TopicEvent[] {
  const index = new Map<string, Map<string, LogEvent[]>>();
  for (const [topic, events] of byTopic) {
    const ofTopic = new Map<string, LogEvent[]>();
    for (const event of events) {
      for (const id of new Set(requestIdsOf(event))) {
        const known = ofTopic.get(id);
        if (known === undefined) ofTopic.set(id, [event]);
        else known.push(event);
      }
    }
    index.set(topic, ofTopic);
  }
  return ({ requestId, event: request }, topic) => {
    const named = (from: string): TopicEvent[] => (index.get(from)?.get(requestId) ?? []).map((event) => ({ topic: from, event }));
    const own = named(topic).filter(({ event }) => event !== request);
    const hosts = named(RESPONSES_TOPIC);
    return hosts.length === 0 ? own : [...own, ...hosts].sort((a, b) => sign(a.event.occurredAtMs - b.event.occurredAtMs));
  };
}

function entryOf(
  { request, topic }: { readonly request: HitlRequest; readonly topic: string },
  belongs: Belonging,
  followers: readonly TopicEvent[],
  isCancelled: boolean,
  stored: ReadonlyMap<string, RunHitlQuestionRecord>,
  runId: string,
): HitlEntry {
  const told = hitlOutcome(
    request,
    followers.map(({ event }) => event),
  );
  const outcome: HitlOutcome = told.state === "open" && isCancelled ? { ...told, state: "cancelled" } : told;
  const known = stored.get(request.requestId);
  const askedAtMs = request.event.occurredAtMs;
  return {
    requestId: request.requestId,
    kind: request.kind,
    prompt: request.prompt,
    agent: request.agent,
    traceId: request.traceId,
    askedAt: request.askedAt,
    askedAtMs,
    belongs,
    source: known === undefined ? "log" : "both",
    merge: mergeOf(request.event, known, runId),
    request,
    outcome,
    events: [{ topic, event: request.event }, ...followers],
    waitedMs: outcome.decidedBy === null ? null : outcome.decidedBy.occurredAtMs - askedAtMs,
  };
}

/** What the merge of the log's questions into the record does with this one. */
function mergeOf(event: LogEvent, known: RunHitlQuestionRecord | undefined, runId: string): HitlEntry["merge"] {
  const question = questionOf(event, runId);
  if (question === null) return "none";
  if (known === undefined) return "add";
  const same =
    question.prompt === known.prompt &&
    question.agent === known.agent &&
    question.trace_id === known.trace_id &&
    question.asked_at === known.asked_at;
  return same ? "none" : "replace";
}

function storedEntry(question: RunHitlQuestionRecord): HitlEntry {
  return {
    requestId: question.request_id,
    kind: "question",
    prompt: question.prompt,
    agent: question.agent,
    traceId: question.trace_id,
    askedAt: question.asked_at,
    askedAtMs: null,
    belongs: "run",
    source: "record",
    merge: "none",
    request: null,
    outcome: null,
    events: [],
    waitedMs: null,
  };
}

/** By the time of asking as it is written, then by id: the order in which a record keeps its questions. */
function byTime(a: HitlEntry, b: HitlEntry): number {
  return compareBytes(a.askedAt, b.askedAt) || compareBytes(a.requestId, b.requestId);
}

function sign(difference: bigint): number {
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
