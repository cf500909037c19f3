/** Which rows there are and in which order: ids with what they are about. */
import type { RunRecord } from "../record/types.ts";
import type { AroundRow } from "./aroundRows.ts";
import type { ArtifactIndex } from "./ArtifactIndex.ts";
import type { PlacedTransitions } from "./placeTransitions.ts";
import type { RowSource } from "./rows/RowSource.ts";
import type { TranscriptIndex } from "./TranscriptIndex.ts";

/** Where the parts of a record stand that do not say it by themselves. */
export interface RowPlaces {
  /** Child runs by stage, under -1 those whose stage is not known. */
  readonly childRuns: ReadonlyMap<number, readonly number[]>;
  readonly transitions: PlacedTransitions;
  readonly transcripts: TranscriptIndex;
  readonly artifacts: ArtifactIndex;
}

type NamedSource = readonly [id: string, source: RowSource];

/** The first level: stages with the transitions between them, then what belongs to no stage. */
export function* rootSources(record: RunRecord, places: RowPlaces): Generator<NamedSource, void, undefined> {
  for (const [index, stage] of record.stages.entries()) {
    yield* transitionSources(record, places.transitions.before.get(index));
    yield [`stage:${index}`, { kind: "stage", index, stage }];
  }
  yield* transitionSources(record, places.transitions.before.get(record.stages.length));
  yield* childRunSources(record, places.childRuns.get(-1));
  for (const [index, question] of record.hitl_questions.entries()) yield [`question:${index}`, { kind: "question", index, question }];
  for (const [index, recording] of record.tool_recordings.entries()) yield [`tool:${index}`, { kind: "toolRecording", index, recording }];
  yield* transcriptSources(record.stages.length, "run", places.transcripts);
  for (const index of places.artifacts.runOnly) {
    const artifact = record.artifacts[index];
    if (artifact !== undefined) yield [`artifact:${index}`, { kind: "artifact", index, artifact }];
  }
  for (const [index, handoff] of record.handoffs.entries()) yield [`handoff:${index}`, { kind: "handoff", index, handoff }];
}

/** The rows below a stage. */
export function* stageSources(record: RunRecord, index: number, places: RowPlaces): Generator<NamedSource, void, undefined> {
  const stage = record.stages[index];
  if (stage === undefined) return;
  const id = `stage:${index}`;
  for (const [at, attempt] of stage.attempts.entries()) yield [`${id}/attempt:${at}`, { kind: "attempt", index: at, attempt }];
  yield* childRunSources(record, places.childRuns.get(index));
  yield* transcriptSources(index, id, places.transcripts);
  for (const [at, artifact] of stage.artifacts.entries()) yield [`${id}/artifact:${at}`, { kind: "artifact", index: at, artifact }];
}

/** Rows from outside of the record, below the row with that id. */
export function* aroundSources(id: string, rows: readonly AroundRow[]): Generator<NamedSource, void, undefined> {
  for (const row of rows) yield [`${id}/${row.id}`, { kind: "around", row }];
}

/** Compactions and tool calls that were not already told by an earlier transcript. */
function* transcriptSources(index: number, prefix: string, transcripts: TranscriptIndex): Generator<NamedSource, void, undefined> {
  const transcript = transcripts.node(index);
  for (const [at, event] of transcripts.compactions(index)) yield [`${prefix}/compaction:${at}`, { kind: "compaction", event, transcript }];
  for (const call of transcripts.calls(index)) yield [`${prefix}/tool:${call.index}`, { kind: "toolCall", call }];
}

function* childRunSources(record: RunRecord, indices: readonly number[] | undefined): Generator<NamedSource, void, undefined> {
  for (const index of indices ?? []) {
    const child = record.child_runs[index];
    if (child !== undefined) yield [`child:${index}`, { kind: "childRun", index, child }];
  }
}

function* transitionSources(record: RunRecord, indices: readonly number[] | undefined): Generator<NamedSource, void, undefined> {
  for (const index of indices ?? []) {
    const transition = record.transitions[index];
    if (transition !== undefined) yield [`transition:${index}`, { kind: "transition", index, transition }];
  }
}
