/** Which rows there are and in which order: ids with what they are about. */
import type { RunRecord } from "../record/types.ts";
import type { AroundRow } from "./aroundRows.ts";
import type { ArtifactIndex } from "./ArtifactIndex.ts";
import { mergeByTime } from "./mergeByTime.ts";
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
/** Milliseconds since 1970; null where a row stands by no time. */
type TimeOf = (source: RowSource) => number | null;

/** The first level: stages with the transitions between them, then what of the record belongs to no stage, and has no time of its own. */
export function* rootSources(record: RunRecord, places: RowPlaces): Generator<NamedSource, void, undefined> {
  for (const [index, stage] of record.stages.entries()) {
    yield* transitionSources(record, places.transitions.before.get(index));
    yield [`stage:${index}`, { kind: "stage", index, stage }];
  }
  yield* transitionSources(record, places.transitions.before.get(record.stages.length));
  yield* childRunSources(record, places.childRuns.get(-1));
  for (const [index, question] of record.hitl_questions.entries()) yield [`question:${index}`, { kind: "question", index, question }];
  for (const [index, recording] of record.tool_recordings.entries()) yield [`tool:${index}`, { kind: "toolRecording", index, recording }];
}

/** The end of the first level: what happened outside of all stages, by time; then artifacts and handoffs. */
export function* lastRootSources(
  record: RunRecord,
  places: RowPlaces,
  around: readonly AroundRow[],
  timeOf: TimeOf,
): Generator<NamedSource, void, undefined> {
  yield* happenings(record.stages.length, "run", places.transcripts, around, timeOf);
  for (const index of places.artifacts.runOnly) {
    const artifact = record.artifacts[index];
    if (artifact !== undefined) yield [`artifact:${index}`, { kind: "artifact", index, artifact }];
  }
  for (const [index, handoff] of record.handoffs.entries()) yield [`handoff:${index}`, { kind: "handoff", index, handoff }];
}

/** The rows below a stage: its attempts, its child runs, what happened in it by time, and what it made. */
export function* stageSources(
  record: RunRecord,
  index: number,
  places: RowPlaces,
  around: readonly AroundRow[],
  timeOf: TimeOf,
): Generator<NamedSource, void, undefined> {
  const stage = record.stages[index];
  if (stage === undefined) return;
  const id = `stage:${index}`;
  for (const [at, attempt] of stage.attempts.entries()) yield [`${id}/attempt:${at}`, { kind: "attempt", index: at, attempt }];
  yield* childRunSources(record, places.childRuns.get(index));
  yield* happenings(index, id, places.transcripts, around, timeOf);
  for (const [at, artifact] of stage.artifacts.entries()) yield [`${id}/artifact:${at}`, { kind: "artifact", index: at, artifact }];
}

/** The id a row from outside of the record has in the tree: below its stage, or below none. */
export function aroundRowId(stage: number | null, id: string): string {
  return `${stage === null ? "run" : `stage:${stage}`}/${id}`;
}

/**
 * Model turns and other rows from outside of the record, together with the compactions and tool calls of a transcript that were not told
 * by an earlier one.
 */
function happenings(
  index: number,
  prefix: string,
  transcripts: TranscriptIndex,
  around: readonly AroundRow[],
  timeOf: TimeOf,
): NamedSource[] {
  const transcript = transcripts.node(index);
  const stage = prefix === "run" ? null : index;
  const rows = around.map((row): NamedSource => [aroundRowId(stage, row.id), { kind: "around", row }]);
  const compactions = transcripts
    .compactions(index)
    .map(([at, event]): NamedSource => [`${prefix}/compaction:${at}`, { kind: "compaction", event, transcript }]);
  const calls = transcripts.calls(index).map((call): NamedSource => [`${prefix}/tool:${call.index}`, { kind: "toolCall", call }]);
  return mergeByTime([rows, compactions, calls], ([, source]) => timeOf(source));
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
