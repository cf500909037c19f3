import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId } from "../../json/Tape.ts";
import { RunChildRecord as schema } from "../../record/schema/stage.ts";
import type { RunChildRecord } from "../../record/types.ts";
import { formatDuration } from "../formatDuration.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { timeSpan, timeView } from "../readTime.ts";
import { statusView } from "../statusTone.ts";
import { structSections } from "../structFields.ts";
import type { LinkTarget } from "../types.ts";
import { LABEL_LIMIT, NOTE_LIMIT, plainFacts } from "./RowSource.ts";
import type { RowContext, RowFacts, RowSections } from "./RowSource.ts";

const ORDER = Object.keys(schema.shape);

export function childRunName(child: RunChildRecord): string {
  return oneLine(child.worker_name, LABEL_LIMIT) || oneLine(child.worker_id, LABEL_LIMIT) || "child run";
}

export function childRunRow(child: RunChildRecord): RowFacts {
  return {
    ...plainFacts(childRunName(child), oneLine(joinNotes(["child run", child.task]), NOTE_LIMIT)),
    status: statusView(child.status),
    startMs: timeView(child.started_at)?.epochMs ?? null,
    durationMs: timeSpan(child.started_at, child.finished_at),
  };
}

/** The JSON of a child run: its own entry, else the worker in a stage's metadata that tells of it (child runs from stage metadata). */
export function childRunNode(child: RunChildRecord, context: RowContext): NodeId {
  const own = context.reading.originOf(child);
  return own === NO_NODE ? context.workerNode(child.worker_id) : own;
}

export function childRunSections(child: RunChildRecord, rowId: string, context: RowContext): RowSections {
  const { tape, reading } = context;
  const own = reading.originOf(child);
  const node = childRunNode(child, context);
  const duration = timeSpan(child.started_at, child.finished_at);
  const derived = own === NO_NODE;
  const link = (name: string, text: string): LinkTarget | undefined => {
    if (name === "run_path" || name === "child_run_path") return { kind: "childRecord", rowId };
    if (name === "snapshot_path") return { kind: "storedPath", path: text };
    const stageRow = name === "parent_stage_id" ? context.stageRowId(text) : null;
    return stageRow === null ? undefined : { kind: "row", rowId: stageRow };
  };
  return {
    title: childRunName(child),
    subtitle: joinNotes([
      derived ? "child run told by stage metadata only" : "child run",
      oneLine(child.worker_id, 80),
      duration !== null && formatDuration(duration),
    ]),
    sections: derived
      ? structSections(tape, node, { title: "Worker in stage metadata", order: [], free: true, link })
      : structSections(tape, node, { title: "Child run", order: ORDER, link }),
  };
}
