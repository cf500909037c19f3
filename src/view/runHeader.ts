import type { RecordReading } from "../record/readRecord.ts";
import { firstFailure } from "./firstFailure.ts";
import { cutText, oneLine } from "./plainText.ts";
import { timeSpan, timeView } from "./readTime.ts";
import type { RunTree } from "./RunTree.ts";
import { statusTone } from "./statusTone.ts";
import type { RunHeader } from "./types.ts";
import { triggerView } from "./triggerView.ts";
import { addUsage, usageFacts } from "./usageFacts.ts";
import type { UsageFacts } from "./usageFacts.ts";

/** Most UTF-16 units of the run's title and of its task in the header. */
const TITLE_LIMIT = 200;
const TASK_LIMIT = 2000;
/** An id longer than this is none that can be followed. */
const ID_LIMIT = 2000;

/** The header of a run. Texts are shortened, never reworded; what the record does not say is null or empty. */
export function runHeader(tree: RunTree): RunHeader {
  const { reading } = tree;
  const { record } = reading;
  const usage = runUsage(reading);
  return {
    title:
      oneLine(record.workflow_name ?? "", TITLE_LIMIT) ||
      oneLine(record.workflow_id, TITLE_LIMIT) ||
      oneLine(record.id, TITLE_LIMIT) ||
      "Run without a name",
    workflowId: cutText(record.workflow_id, ID_LIMIT),
    runId: cutText(record.id, ID_LIMIT),
    task: oneLine(record.task, TASK_LIMIT),
    status: { text: record.status === "" ? "no status" : oneLine(record.status, 80), tone: statusTone(record.status) },
    started: timeView(record.started_at),
    finished: timeView(record.finished_at),
    durationMs: timeSpan(record.started_at, record.finished_at),
    tokensIn: usage?.tokensIn ?? null,
    tokensOut: usage?.tokensOut ?? null,
    cost: usage?.cost ?? null,
    modelCalls: usage?.calls ?? null,
    childRuns: record.child_runs.length,
    parentRunId: record.parent_run_id === null ? null : cutText(record.parent_run_id, ID_LIMIT),
    rootRunId: record.root_run_id === null ? null : cutText(record.root_run_id, ID_LIMIT),
    shape: reading.shape,
    trigger: triggerView(reading),
    failure: firstFailure(tree),
    counts: tree.counts(),
  };
}

/** The run's own usage; while a run still goes it has none, and its stages so far are added up: at least that much. */
function runUsage(reading: RecordReading): UsageFacts | null {
  const { record, tape } = reading;
  if (record.usage !== null) return usageFacts(record.usage, tape, reading.originOf(record.usage));
  const sum = addUsage(
    record.stages.map((stage) => (stage.usage === null ? null : usageFacts(stage.usage, tape, reading.originOf(stage.usage)))),
  );
  return sum === null ? null : { ...sum, cost: { ...sum.cost, atLeast: true } };
}
