/** The runtime's load, normalise and save as steps over one decoded record (run record format, entry points and algorithms). */
import { materializeChildRunsFromStageMetadata } from "./childRuns.ts";
import { compareBytes } from "../json/compareBytes.ts";
import { deriveRunObservability } from "./deriveRunObservability.ts";
import { llmTranscriptSidecarPath } from "./llmTranscriptSidecarPath.ts";
import { newId, NO_SIDECAR } from "./ports.ts";
import type { RecordPorts } from "./ports.ts";
import { replayFixtureFromRun } from "./replayFixtureFromRun.ts";
import { syncRunHandoffs } from "./syncRunHandoffs.ts";
import type { RunHitlQuestionRecord, RunRecord } from "./types.ts";

/** The parts that the steps fill in, merge or derive. */
export type StepPart = "defaults" | "hitl_questions" | "child_runs" | "replay_fixture" | "handoffs" | "observability";

/** Parts to leave as they are. Empty for the runtime's own behaviour. */
export type KeptParts = ReadonlySet<StepPart>;

const NOTHING_KEPT: KeptParts = new Set();

/** The runtime's load after parsing: the stored observability is thrown away. Changes `run`. */
export async function loadRunRecord(run: RunRecord, path: string, ports: RecordPorts): Promise<void> {
  materializeChildRunsFromStageMetadata(run);
  run.replay_fixture ??= replayFixtureFromRun(run, ports);
  run.persisted_path ??= path;
  syncRunHandoffs(run, ports);
  await refreshRunObservability(run, path, ports);
}

/** The runtime's normalise after parsing. Changes `run`. */
export async function normalizeRunRecord(run: RunRecord, ports: RecordPorts, kept = NOTHING_KEPT): Promise<void> {
  if (!kept.has("defaults")) fillDefaults(run, ports);
  if (!kept.has("replay_fixture")) run.replay_fixture ??= replayFixtureFromRun(run, ports);
  if (!kept.has("hitl_questions")) await mergeHitlQuestionsFromActiveLog(run, ports);
  if (!kept.has("child_runs")) materializeChildRunsFromStageMetadata(run);
  if (!kept.has("handoffs")) syncRunHandoffs(run, ports);
  if (!kept.has("observability") && run.observability === null) await refreshRunObservability(run, run.persisted_path, ports);
}

/** The runtime's save up to encoding: `path` is the text of the target, which goes into the record. Changes `run`. */
export async function saveRunRecord(run: RunRecord, path: string, ports: RecordPorts, kept = NOTHING_KEPT): Promise<void> {
  if (!kept.has("hitl_questions")) await mergeHitlQuestionsFromActiveLog(run, ports);
  if (!kept.has("child_runs")) materializeChildRunsFromStageMetadata(run);
  if (!kept.has("replay_fixture")) run.replay_fixture ??= replayFixtureFromRun(run, ports);
  run.persisted_path = path;
  if (!kept.has("handoffs")) syncRunHandoffs(run, ports);
  if (!kept.has("observability")) await refreshRunObservability(run, path, ports);
}

/** Derives the observability anew, with the sidecar that lies beside `path`. */
export async function refreshRunObservability(run: RunRecord, path: string | null, ports: RecordPorts): Promise<void> {
  const sidecarPath = path === null ? null : llmTranscriptSidecarPath(path);
  const sidecar = sidecarPath === null ? NO_SIDECAR : await ports.readSidecar(sidecarPath);
  run.observability = deriveRunObservability(run, path, sidecar);
}

/**
 * Joins the record's questions with those of the active event log: by request id, the log's telling wins, sorted by time and id. Without
 * an active log nothing happens: no sorting, no joining.
 */
export async function mergeHitlQuestionsFromActiveLog(run: RunRecord, ports: Pick<RecordPorts, "activeLog">): Promise<void> {
  if (ports.activeLog === null) return;
  const byId = new Map<string, RunHitlQuestionRecord>();
  for (const question of run.hitl_questions) byId.set(question.request_id, question);
  for (const question of await ports.activeLog.questionsOf(run.id)) byId.set(question.request_id, question);
  run.hitl_questions = [...byId.values()].sort((a, b) => compareBytes(a.asked_at, b.asked_at) || compareBytes(a.request_id, b.request_id));
}

function fillDefaults(run: RunRecord, ports: RecordPorts): void {
  if (run._type === "") run._type = "run_record";
  if (run.id === "") run.id = newId("run", ports);
  if (run.started_at === "") run.started_at = ports.now();
  if (run.status === "") run.status = "running";
  run.root_run_id ??= run.id;
}
