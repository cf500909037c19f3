import { RunStageAttemptRecord as schema } from "../../record/schema/stage.ts";
import type { RunStageAttemptRecord } from "../../record/types.ts";
import { formatDuration } from "../formatDuration.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { timeSpan, timeView } from "../readTime.ts";
import { statusWithOutcome } from "../statusTone.ts";
import { structSections } from "../structFields.ts";
import { NOTE_LIMIT, plainFacts } from "./RowSource.ts";
import type { RowContext, RowFacts, RowSections } from "./RowSource.ts";

const ORDER = Object.keys(schema.shape);

/** The runtime counts attempts from 1; a record without the number is counted by place. */
function attemptName(attempt: RunStageAttemptRecord, index: number): string {
  return `attempt ${attempt.attempt > 0n ? attempt.attempt : index + 1}`;
}

export function attemptRow(attempt: RunStageAttemptRecord, index: number): RowFacts {
  return {
    ...plainFacts(attemptName(attempt, index), oneLine(attempt.error ?? "", NOTE_LIMIT)),
    status: statusWithOutcome(attempt.status, attempt.outcome),
    startMs: timeView(attempt.started_at)?.epochMs ?? null,
    durationMs: timeSpan(attempt.started_at, attempt.finished_at),
  };
}

export function attemptSections(attempt: RunStageAttemptRecord, index: number, context: RowContext): RowSections {
  const duration = timeSpan(attempt.started_at, attempt.finished_at);
  return {
    title: attemptName(attempt, index),
    subtitle: joinNotes([oneLine(attempt.outcome, 60), duration !== null && formatDuration(duration)]),
    sections: structSections(context.tape, context.reading.originOf(attempt), { title: "Attempt", order: ORDER }),
  };
}
