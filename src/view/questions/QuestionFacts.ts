import type { HitlEntry } from "../../eventlog/hitlLedger.ts";
import type { HitlKind } from "../../eventlog/hitlRequest.ts";
import type { HitlState } from "../../eventlog/hitlOutcome.ts";
import { safeCut } from "../plainText.ts";
import { readTime } from "../readTime.ts";
import type { StageFinder } from "../StageFinder.ts";
import { statusTone } from "../statusTone.ts";
import type { RunRecord } from "../../record/types.ts";
import type { StatusView } from "../types.ts";

/** `neverAnswered`: open, and the run is over. `notKnown`: only the record tells of it, and a record keeps no answers. */
export type QuestionState = HitlState | "neverAnswered" | "notKnown";

/** When the run went on, milliseconds since 1970. */
export interface RunTimes {
  readonly startMs: number | null;
  /** Null while the run goes on, and when its end cannot be read. */
  readonly endMs: number | null;
  readonly isOver: boolean;
}

/** What the rows need beside the ledger. */
export interface QuestionsContext {
  readonly run: RunTimes;
  readonly stages: Pick<StageFinder, "at" | "name" | "rowId">;
  /** Places of the record's own questions in its list, by request. */
  readonly recordIndex: ReadonlyMap<string, number>;
  /** Why nothing is known of what only the record tells: "no event log", "not in the event log". */
  readonly unknown: string;
  /** Requests the runtime's own reader of the log comes to; null for all. It gives up at a broken line. */
  readonly reachable: ReadonlySet<string> | null;
}

/** One request for a person, with its place in the run. */
export interface QuestionFacts {
  readonly rowId: string;
  readonly entry: HitlEntry;
  readonly state: QuestionState;
  readonly unknown: string;
  readonly stage: number | null;
  readonly stageName: string;
  readonly stageRow: string | null;
  /** Row of the record's own question. */
  readonly questionRow: string | null;
  /** Milliseconds since 1970. */
  readonly askedMs: number | null;
  /** When people stopped being waited for; null while they still are, and when it is not known. */
  readonly endedMs: number | null;
  /** What a normalise would do, and why: a sentence. */
  readonly merge: HitlEntry["merge"];
  readonly isUnreachable: boolean;
}

export const KIND_NAMES: Readonly<Record<HitlKind, string>> = {
  question: "question",
  approval: "approval",
  dualControl: "dual control",
  escalation: "escalation",
};

const STATES: Readonly<Record<QuestionState, StatusView>> = {
  open: { text: "open", tone: "waiting" },
  answered: { text: "answered", tone: "success" },
  approved: { text: "approved", tone: "success" },
  denied: { text: "denied", tone: "failure" },
  executed: { text: "executed", tone: "success" },
  accepted: { text: "accepted", tone: "success" },
  responded: { text: "responded, not accepted", tone: "warning" },
  timedOut: { text: "timed out", tone: "failure" },
  cancelled: { text: "cancelled", tone: "neutral" },
  neverAnswered: { text: "never answered", tone: "warning" },
  notKnown: { text: "not known", tone: "neutral" },
};

export function stateView(state: QuestionState): StatusView {
  return STATES[state];
}

/** When the run went on, as its record tells it. A run without an end is over when its status says so. */
export function runTimes(record: Pick<RunRecord, "status" | "started_at" | "finished_at">): RunTimes {
  const tone = statusTone(record.status);
  const endMs = record.finished_at === null ? null : readTime(record.finished_at);
  const isOver = (record.finished_at ?? "") !== "" || tone === "success" || tone === "failure";
  return { startMs: readTime(record.started_at), endMs, isOver };
}

export function questionFacts(entry: HitlEntry, context: QuestionsContext): QuestionFacts {
  const { run, stages } = context;
  const askedMs = entry.askedAtMs === null ? readTime(entry.askedAt) : Number(entry.askedAtMs);
  const told = entry.outcome?.state ?? "notKnown";
  const state = told === "open" && run.isOver ? "neverAnswered" : told;
  const stage = askedMs === null ? null : stages.at(askedMs);
  const index = context.recordIndex.get(entry.requestId);
  const decidedMs = entry.outcome?.decidedBy?.occurredAtMs;
  const isUnreachable = entry.merge !== "none" && context.reachable?.has(entry.requestId) === false;
  return {
    rowId: questionRowId(entry.requestId),
    entry,
    state,
    unknown: context.unknown,
    stage,
    stageName: stages.name(stage),
    stageRow: stages.rowId(stage),
    questionRow: index === undefined ? null : `question:${index}`,
    askedMs,
    endedMs: decidedMs === undefined ? (state === "neverAnswered" ? run.endMs : null) : Number(decidedMs),
    merge: isUnreachable ? "none" : entry.merge,
    isUnreachable,
  };
}

/** Longest request id that stands in a row's id as it is: ids travel with every row. */
const ID_LIMIT = 200;

/** The row of a request. Of an id nobody's runtime would make only the beginning is kept, and a number made of the whole. */
export function questionRowId(requestId: string): string {
  if (requestId.length <= ID_LIMIT) return `@question:${requestId}`;
  let hash = 7;
  for (let at = 0; at < requestId.length; at++) hash = (Math.imul(hash, 31) + requestId.charCodeAt(at)) >>> 0;
  return `@question:${requestId.slice(0, safeCut(requestId, ID_LIMIT))}…${requestId.length}.${hash}`;
}

/** Whether people are being waited for, as far as is known. What only fell into the run's time may be another run's. */
export function needsAnswer({ state, entry }: QuestionFacts): boolean {
  return state === "open" && entry.belongs !== "time";
}

/** Milliseconds people were or are waited for; null when it is not known. */
export function waitedMs({ state, askedMs, endedMs }: QuestionFacts, nowMs: number): number | null {
  if (askedMs === null) return null;
  if (endedMs !== null) return endedMs - askedMs;
  return state === "open" ? Math.max(0, nowMs - askedMs) : null;
}

/** Where a request was found, and how it was told to be the run's where it does not say so itself. */
export function foundIn({ entry }: QuestionFacts): string {
  const where = { record: "record only", log: "log only", both: "record + log" }[entry.source];
  const how = { run: "", record: "", trace: ", by trace", time: ", in the run’s time" }[entry.belongs];
  return where + how;
}

export const FOUND_HINTS: Readonly<Record<HitlEntry["belongs"], string>> = {
  run: "It names this run.",
  record: "It names another run or none, but this record lists it.",
  trace: "It names no run, but has this run’s trace.",
  time: "It names no run. It was asked while this run went on: it may be another’s.",
};
