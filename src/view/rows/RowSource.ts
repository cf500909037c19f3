import type { NodeId, Tape } from "../../json/Tape.ts";
import type { RecordReading } from "../../record/readRecord.ts";
import type {
  ArtifactRecord,
  HandoffArtifact,
  RunChildRecord,
  RunHitlQuestionRecord,
  RunStageAttemptRecord,
  RunStageRecord,
  RunTransitionRecord,
  ToolCallRecord,
} from "../../record/types.ts";
import type { AroundRow } from "../aroundRows.ts";
import type { TranscriptCall } from "../Transcript.ts";
import type { CostView, DetailSection, StatusView } from "../types.ts";

/** What a row of the tree is about. `index` is the place in the record's own list; stages are given by theirs. */
export type RowSource =
  | { readonly kind: "stage"; readonly index: number; readonly stage: RunStageRecord }
  | { readonly kind: "attempt"; readonly index: number; readonly attempt: RunStageAttemptRecord }
  | { readonly kind: "childRun"; readonly index: number; readonly child: RunChildRecord }
  | { readonly kind: "compaction"; readonly event: NodeId; readonly transcript: NodeId }
  | { readonly kind: "question"; readonly index: number; readonly question: RunHitlQuestionRecord }
  | { readonly kind: "toolCall"; readonly call: TranscriptCall }
  | { readonly kind: "toolRecording"; readonly index: number; readonly recording: ToolCallRecord }
  | { readonly kind: "artifact"; readonly index: number; readonly artifact: ArtifactRecord }
  | { readonly kind: "handoff"; readonly index: number; readonly handoff: HandoffArtifact }
  | { readonly kind: "transition"; readonly index: number; readonly transition: RunTransitionRecord }
  /** A row that does not come from the record. */
  | { readonly kind: "around"; readonly row: AroundRow };

/** The columns of a row that come from the record. */
export interface RowFacts {
  readonly label: string;
  readonly note: string;
  readonly status: StatusView | null;
  readonly startMs: number | null;
  readonly durationMs: number | null;
  readonly tokens: number | null;
  readonly cost: CostView | null;
}

/** Facts with nothing but a name. */
export function plainFacts(label: string, note = ""): RowFacts {
  return { label, note, status: null, startMs: null, durationMs: null, tokens: null, cost: null };
}

/** What rows may ask of the whole they stand in. */
export interface RowContext {
  readonly reading: RecordReading;
  readonly tape: Tape;
  /** Row of a stage by its id (else by its node id); null when there is none. */
  stageRowId(id: string): string | null;
  /** Row that shows an artifact; null when none does. */
  artifactRowId(id: string): string | null;
  /** Where a compaction event is listed: rows of stages, or null for the run's own transcript. */
  compactionPlaces(event: NodeId): readonly (number | null)[];
  /** The worker object in stage metadata that tells of a child run; `NO_NODE` when none does. */
  workerNode(workerId: string): NodeId;
  /** Transitions that end at a stage or leave it, by their place in the record's list. */
  transitionsOf(stageIndex: number): { readonly into: readonly number[]; readonly out: readonly number[] };
  /** Whether a transition's target is among the stages. */
  reachesStage(transitionIndex: number): boolean;
  /** Where else an artifact of that id is listed: stages, or null for the run's own list. */
  artifactPlaces(id: string): readonly (number | null)[];
}

/** What the detail pane shows of a row. */
export interface RowSections {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly DetailSection[];
}

/** Most UTF-16 units of a label and of a note. */
export const LABEL_LIMIT = 160;
export const NOTE_LIMIT = 200;
