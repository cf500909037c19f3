import { NO_NODE } from "../../json/Tape.ts";
import { RunStageRecord as schema } from "../../record/schema/stage.ts";
import type { RunStageRecord } from "../../record/types.ts";
import { formatCost } from "../formatCost.ts";
import { formatDuration } from "../formatDuration.ts";
import { formatTokens } from "../formatTokens.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { timeSpan, timeView } from "../readTime.ts";
import { statusWithOutcome } from "../statusTone.ts";
import { structSections } from "../structFields.ts";
import { textOf } from "../tapeFields.ts";
import type { DetailField, DetailSection } from "../types.ts";
import { isIdle, usageFacts } from "../usageFacts.ts";
import type { UsageFacts } from "../usageFacts.ts";
import { LABEL_LIMIT, NOTE_LIMIT } from "./RowSource.ts";
import type { RowContext, RowFacts, RowSections } from "./RowSource.ts";

const ORDER = Object.keys(schema.shape);

/** What a stage is called: its workflow node, else its id, else its place. */
export function stageName(stage: RunStageRecord, index: number): string {
  return oneLine(stage.node_id, LABEL_LIMIT) || oneLine(stage.id, LABEL_LIMIT) || `stage ${index + 1}`;
}

export function stageUsage(stage: RunStageRecord, context: RowContext): UsageFacts | null {
  return stage.usage === null ? null : usageFacts(stage.usage, context.tape, context.reading.originOf(stage.usage));
}

export function stageRow(stage: RunStageRecord, index: number, context: RowContext): RowFacts {
  const usage = stageUsage(stage, context);
  const used = usage !== null && !isIdle(usage) ? usage : null;
  return {
    label: stageName(stage, index),
    note: oneLine(stageNote(stage, index, context), NOTE_LIMIT),
    status: statusWithOutcome(stage.status, stage.outcome),
    startMs: timeView(stage.started_at)?.epochMs ?? null,
    durationMs: timeSpan(stage.started_at, stage.finished_at),
    tokens: used === null ? null : used.tokensIn + used.tokensOut,
    cost: used?.cost ?? null,
  };
}

function stageNote(stage: RunStageRecord, index: number, context: RowContext): string {
  const branches = stage.kind === "condition" && stage.branch !== null && stage.branch !== "";
  return joinNotes([
    stage.kind,
    `${index + 1} of ${context.reading.record.stages.length}`,
    branches ? `branch “${stage.branch ?? ""}”` : "",
    stage.attempts.length > 1 ? plural(stage.attempts.length, "attempt") : "",
    stageError(stage, context),
  ]);
}

/** The error of a stage: a string in some records, an object with a message in others, else that of its last attempt. */
export function stageError(stage: RunStageRecord, context: RowContext): string {
  const slice = stage.metadata.get("error");
  const text = slice === undefined || slice.tape !== context.tape ? null : textOf(context.tape, slice.node);
  return text ?? stage.attempts.at(-1)?.error ?? "";
}

export function stageSections(stage: RunStageRecord, index: number, rowId: string, context: RowContext): RowSections {
  const { tape, reading } = context;
  const usage = stageUsage(stage, context);
  const duration = timeSpan(stage.started_at, stage.finished_at);
  const replace = new Map<string, readonly DetailSection[]>();
  const list = (name: string, items: DetailField[]): void => {
    if (items.length > 0) replace.set(name, [{ kind: "list", title: name, items }]);
  };
  list(
    "attempts",
    stage.attempts.map((attempt, at) => ({
      name: `attempt ${Number(attempt.attempt)}`,
      value: oneLine(joinNotes([attempt.status, attempt.outcome, attempt.error]), NOTE_LIMIT) || "–",
      link: { kind: "row", rowId: `${rowId}/attempt:${at}` },
    })),
  );
  list(
    "artifacts",
    stage.artifacts.map((artifact, at) => ({
      name: oneLine(artifact.kind, 60) || "artifact",
      value: oneLine(artifact.title ?? artifact.id, NOTE_LIMIT) || "–",
      link: { kind: "row", rowId: `${rowId}/artifact:${at}` },
    })),
  );
  const sections = structSections(tape, reading.originOf(stage), {
    title: "Stage",
    order: ORDER,
    replace,
    link: (name, text) => {
      if (!name.endsWith("_artifact_ids")) return undefined;
      const row = context.artifactRowId(text);
      return row === null ? undefined : { kind: "row", rowId: row };
    },
  });
  return {
    title: stageName(stage, index),
    subtitle: joinNotes([
      `stage ${index + 1} of ${reading.record.stages.length}`,
      oneLine(stage.kind, 60),
      stage.attempts.length > 1 && plural(stage.attempts.length, "attempt"),
      duration !== null && formatDuration(duration),
      usage !== null && !isIdle(usage) && `${formatTokens(usage.tokensIn + usage.tokensOut)} tokens`,
      usage !== null && usage.cost.usd > 0 && formatCost(usage.cost.usd, usage.cost.atLeast),
    ]),
    sections: [...sections, ...transitionSections(index, context)],
  };
}

function transitionSections(index: number, context: RowContext): DetailSection[] {
  const { into, out } = context.transitionsOf(index);
  const items = [...into, ...out].flatMap((at): DetailField[] => {
    const transition = context.reading.record.transitions[at];
    if (transition === undefined) return [];
    const from = oneLine(transition.from_node_id ?? transition.from_stage_id ?? "start", LABEL_LIMIT);
    return [
      {
        name: into.includes(at) ? "reached by" : "leads to",
        value: joinNotes([`${from} → ${oneLine(transition.to_node_id, LABEL_LIMIT)}`, oneLine(transition.branch ?? "", 60)]),
        link: { kind: "row", rowId: `transition:${at}` },
      },
    ];
  });
  return items.length > 0 ? [{ kind: "list", title: "transitions", items }] : [];
}

/** Whether a stage's transcript can be read from the tape of the reading. */
export function transcriptNode(stage: RunStageRecord, context: Pick<RowContext, "tape">): number {
  return stage.transcript !== null && stage.transcript.tape === context.tape ? stage.transcript.node : NO_NODE;
}
