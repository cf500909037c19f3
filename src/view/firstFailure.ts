import { elements } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { RunStageRecord } from "../record/types.ts";
import { oneLine } from "./plainText.ts";
import type { RowContext } from "./rows/RowSource.ts";
import { NOTE_LIMIT } from "./rows/RowSource.ts";
import { stageError, stageName } from "./rows/stageRow.ts";
import { statusTone, statusWithOutcome } from "./statusTone.ts";
import { flagAt, containerAt, textAt } from "./tapeFields.ts";
import type { FailureView } from "./types.ts";

/** The first stage that failed, its error in a line, and how many more did; null when none did. */
export function firstFailure(context: RowContext): FailureView | null {
  const { record } = context.reading;
  let first = -1;
  let count = 0;
  record.stages.forEach((stage, index) => {
    if (statusWithOutcome(stage.status, stage.outcome)?.tone !== "failure") return;
    if (first === -1) first = index;
    count++;
  });
  const stage = record.stages[first];
  if (stage === undefined) return null;
  return {
    rowId: `stage:${first}`,
    stage: stageName(stage, first),
    error: oneLine(stageError(stage, context) || failedCheck(stage, context) || stage.outcome, NOTE_LIMIT),
    more: count - 1,
    runFailed: statusTone(record.status) === "failure",
  };
}

/** The first check of a stage's verification that did not hold, in words; empty when there is none. */
function failedCheck(stage: RunStageRecord, { tape }: RowContext): string {
  const slice = stage.verification;
  if (slice === null || slice.tape !== tape || tape.kind(slice.node) !== "object") return "";
  const list = containerAt(tape, slice.node, "checks", "array");
  if (list === NO_NODE) return "";
  const checks = [...elements(tape, list)].filter((check) => tape.kind(check) === "object");
  const failed = checks.filter((check) => flagAt(tape, check, "ok") === false);
  const worst = failed[0];
  if (worst === undefined) return "";
  const what = textAt(tape, worst, "message") ?? textAt(tape, worst, "note") ?? textAt(tape, worst, "kind") ?? "";
  return `${failed.length} of ${checks.length} ${checks.length === 1 ? "check" : "checks"} failed${what === "" ? "" : `: ${what}`}`;
}
