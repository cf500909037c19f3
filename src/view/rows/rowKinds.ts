/** The one place that tells the kinds of rows apart: each has a file of its own beside this one. */
import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId } from "../../json/Tape.ts";
import type { AroundRow } from "../aroundRows.ts";
import { compactionId } from "../compactionFacts.ts";
import { readTime } from "../readTime.ts";
import { artifactRow, artifactSections } from "./artifactRow.ts";
import { attemptRow, attemptSections } from "./attemptRow.ts";
import { childRunNode, childRunRow, childRunSections } from "./childRunRow.ts";
import { compactionRow, compactionSections } from "./compactionRow.ts";
import { handoffRow, handoffSections } from "./handoffRow.ts";
import { questionRow, questionSections } from "./questionRow.ts";
import type { RowContext, RowFacts, RowSections, RowSource } from "./RowSource.ts";
import { stageRow, stageSections } from "./stageRow.ts";
import { toolCallRow, toolCallSections, toolCallTime, toolRecordingRow, toolRecordingSections } from "./toolCallRow.ts";
import { transitionRow, transitionSections } from "./transitionRow.ts";

/** The columns of a row. */
export function rowFacts(source: RowSource, context: RowContext): RowFacts {
  switch (source.kind) {
    case "stage":
      return stageRow(source.stage, source.index, context);
    case "attempt":
      return attemptRow(source.attempt, source.index);
    case "childRun":
      return childRunRow(source.child);
    case "compaction":
      return compactionRow(source.event, source.transcript, context);
    case "question":
      return questionRow(source.question);
    case "toolCall":
      return toolCallRow(source.call, context);
    case "toolRecording":
      return toolRecordingRow(source.recording, context);
    case "artifact":
      return artifactRow(source.artifact);
    case "handoff":
      return handoffRow(source.handoff);
    case "transition":
      return transitionRow(source.transition, source.index, context);
    case "around":
      return aroundFacts(source.row);
  }
}

/** The moment (milliseconds since 1970) by which a row stands among the others of its stage; null for rows that do not stand by time. */
export function rowTime(source: RowSource, context: Pick<RowContext, "tape">): number | null {
  switch (source.kind) {
    case "toolCall":
      return toolCallTime(source.call, context);
    case "compaction":
      return readTime(compactionId(context.tape, source.event));
    case "around":
      return source.row.startMs;
    default:
      return null;
  }
}

/** What the detail pane shows of a row. */
export function rowSections(source: RowSource, rowId: string, context: RowContext): RowSections {
  switch (source.kind) {
    case "stage":
      return stageSections(source.stage, source.index, rowId, context);
    case "attempt":
      return attemptSections(source.attempt, source.index, context);
    case "childRun":
      return childRunSections(source.child, rowId, context);
    case "compaction":
      return compactionSections(source.event, source.transcript, context);
    case "question":
      return questionSections(source.question, context);
    case "toolCall":
      return toolCallSections(source.call, context);
    case "toolRecording":
      return toolRecordingSections(source.recording, context);
    case "artifact":
      return artifactSections(source.artifact, context);
    case "handoff":
      return handoffSections(source.handoff, context);
    case "transition":
      return transitionSections(source.transition, context);
    case "around":
      // Its detail is asked for by its own id, not of the tree.
      return { title: source.row.label, subtitle: source.row.note, sections: [] };
  }
}

/** The tape node of a row's own JSON; `NO_NODE` when it has none. */
export function rowNode(source: RowSource, context: RowContext): NodeId {
  switch (source.kind) {
    case "stage":
      return context.reading.originOf(source.stage);
    case "attempt":
      return context.reading.originOf(source.attempt);
    case "childRun":
      return childRunNode(source.child, context);
    case "compaction":
      return source.event;
    case "question":
      return context.reading.originOf(source.question);
    case "toolCall":
      return source.call.node;
    case "toolRecording":
      return context.reading.originOf(source.recording);
    case "artifact":
      return context.reading.originOf(source.artifact);
    case "handoff":
      return context.reading.originOf(source.handoff);
    case "transition":
      return context.reading.originOf(source.transition);
    case "around":
      return NO_NODE;
  }
}

function aroundFacts({ label, note, status, startMs, durationMs, tokens, cost }: AroundRow): RowFacts {
  return { label, note, status, startMs, durationMs, tokens, cost };
}
