import type { ModelTurn, OtherLine } from "../../eventlog/sidecar/ModelTurn.ts";
import type { RunRecord, RunTraceSpanRecord } from "../../record/types.ts";
import { readTime } from "../readTime.ts";
import type { StageFinder } from "../StageFinder.ts";
import type { StatusView } from "../types.ts";

/** A row of the table of turns: a model turn with its place in the run. */
export interface TurnRow {
  readonly kind: "turn";
  readonly id: string;
  /** Among all turns, from 1, and among those of its stage. */
  readonly number: number;
  readonly numberInStage: number;
  readonly turn: ModelTurn;
  /** Place of the stage in the record; null when it belongs to none. */
  readonly stage: number | null;
  readonly stageName: string;
  /** The span whose metadata names the call. */
  readonly span: RunTraceSpanRecord | null;
  /** Whether the run may still bring an answer. */
  readonly runGoesOn: boolean;
}

/** A line of a type that is not known: listed so that nothing of the file is lost. */
export interface OtherRow {
  readonly kind: "other";
  readonly id: string;
  readonly line: OtherLine;
}

export type TurnsTableRow = TurnRow | OtherRow;

export function turnRowId(turn: ModelTurn): string {
  return `@turn:${turn.key}`;
}

export function otherRowId({ ref }: OtherLine): string {
  return `@line:${ref.event ?? ref.line}`;
}

/** When the turn began, milliseconds since 1970: when it was asked, else as long before the answer as the answer took. */
export function turnStart({ requestedAt, answer }: ModelTurn): number | null {
  const asked = readTime(requestedAt);
  if (asked !== null || answer === null) return asked;
  const answered = readTime(answer.timestamp);
  return answered === null ? null : answered - (answer.responseMs ?? 0);
}

/** Milliseconds the turn took: as the answer says, else from the request to the answer or the last error. */
export function turnDuration(turn: ModelTurn): number | null {
  const { answer, errors } = turn;
  if (answer !== null && answer.responseMs !== null) return answer.responseMs;
  const end = readTime(answer?.timestamp ?? errors.at(-1)?.timestamp ?? "");
  const start = readTime(turn.requestedAt);
  return start === null || end === null ? null : end - start;
}

/** `ok`: answered; `retried`: failed, and tried again; `error`: failed; `open`: neither yet. */
export type TurnOutcome = "ok" | "retried" | "error" | "open";

export function outcomeOf({ answer, errors, retriedBy }: ModelTurn): TurnOutcome {
  if (answer !== null) return "ok";
  if (errors.length === 0) return "open";
  return retriedBy === null ? "error" : "retried";
}

/** What became of the turn, in a word or two. */
export function turnStatus({ turn, runGoesOn }: Pick<TurnRow, "turn" | "runGoesOn">): StatusView {
  const last = turn.errors.at(-1);
  switch (outcomeOf(turn)) {
    case "ok":
      return turn.errors.length === 0
        ? { text: "answered", tone: "success" }
        : { text: `answered after ${retriesText(turn.errors.length)}`, tone: "success" };
    case "retried":
      return { text: "failed, tried again", tone: "warning" };
    case "error":
      return last?.status === "retrying" && runGoesOn ? { text: "trying again", tone: "waiting" } : { text: "error", tone: "failure" };
    case "open":
      return runGoesOn ? { text: "waiting", tone: "running" } : { text: "no answer", tone: "warning" };
  }
}

/** Why a turn belongs to no stage. */
export function noStageHint({ runGoesOn }: Pick<TurnRow, "runGoesOn">): string {
  return runGoesOn ? "The stage it belongs to is not in the record yet." : "No stage went on at that time.";
}

export function retriesText(count: number): string {
  return count === 1 ? "1 retry" : `${count.toLocaleString("en-US")} retries`;
}

/**
 * The stage a turn belongs to. A session is only guessed from the messages around the turn, so it counts where its stage went on at that
 * moment; else the stage that did, and where none did the session's after all.
 */
export function stageOfTurn(turn: ModelTurn, stages: StageFinder, record: RunRecord): number | null {
  const ms = turnStart(turn);
  const bySession = turn.sessionId === null ? null : stages.ofSession(turn.sessionId, ms);
  if (ms === null || (bySession !== null && wentOn(record.stages[bySession], ms))) return bySession;
  return stages.at(ms) ?? bySession;
}

/** Clocks of stages and of calls are read at different moments. */
const SLACK_MS = 50;

function wentOn(stage: RunRecord["stages"][number] | undefined, ms: number): boolean {
  if (stage === undefined) return false;
  const start = readTime(stage.started_at);
  const end = stage.finished_at === null ? Infinity : readTime(stage.finished_at);
  return start !== null && end !== null && start - SLACK_MS <= ms && ms <= end + SLACK_MS;
}
