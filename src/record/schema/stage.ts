/** Stages, what joins them, and where they ran (run record format, RunStageRecord and the small records). */
import { any, f64, i64, list, map, nullable, str, struct, usize } from "./fields.ts";
import { ArtifactRecord } from "./artifact.ts";
import { ToolApprovalPolicy } from "./policy.ts";

export const LlmUsageRecord = struct("LlmUsageRecord", {
  input_tokens: i64(),
  output_tokens: i64(),
  /** Milliseconds. */
  total_duration_ms: i64(),
  call_count: i64(),
  /** US dollars. */
  total_cost: f64(),
  models: list(str()),
});

export const RunStageAttemptRecord = struct("RunStageAttemptRecord", {
  attempt: usize(),
  status: str(),
  outcome: str(),
  branch: nullable(str()),
  error: nullable(str()),
  verification: nullable(any()),
  started_at: str(),
  finished_at: nullable(str()),
});

export const RunStageRecord = struct("RunStageRecord", {
  id: str(),
  node_id: str(),
  kind: str(),
  status: str(),
  outcome: str(),
  branch: nullable(str()),
  started_at: str(),
  finished_at: nullable(str()),
  visible_text: nullable(str()),
  private_reasoning: nullable(str()),
  transcript: nullable(any()),
  verification: nullable(any()),
  usage: nullable(LlmUsageRecord),
  artifacts: list(ArtifactRecord),
  consumed_artifact_ids: list(str()),
  produced_artifact_ids: list(str()),
  attempts: list(RunStageAttemptRecord),
  metadata: map(any()),
});

export const RunTransitionRecord = struct("RunTransitionRecord", {
  id: str(),
  from_stage_id: nullable(str()),
  from_node_id: nullable(str()),
  to_node_id: str(),
  branch: nullable(str()),
  timestamp: str(),
  consumed_artifact_ids: list(str()),
  produced_artifact_ids: list(str()),
});

export const RunCheckpointRecord = struct("RunCheckpointRecord", {
  id: str(),
  ready_nodes: list(str()),
  completed_nodes: list(str()),
  last_stage_id: nullable(str()),
  persisted_at: str(),
  reason: str(),
});

export const RunExecutionRecord = struct("RunExecutionRecord", {
  cwd: nullable(str()),
  source_dir: nullable(str()),
  env: map(str()),
  adapter: nullable(str()),
  repo_path: nullable(str()),
  worktree_path: nullable(str()),
  branch: nullable(str()),
  base_ref: nullable(str()),
  cleanup: nullable(str()),
});

export const RunChildRecord = struct("RunChildRecord", {
  worker_id: str(),
  worker_name: str(),
  parent_stage_id: nullable(str()),
  session_id: nullable(str()),
  parent_session_id: nullable(str()),
  mutation_scope: nullable(str()),
  approval_policy: nullable(ToolApprovalPolicy),
  task: str(),
  request: nullable(any()),
  provenance: nullable(any()),
  status: str(),
  started_at: str(),
  finished_at: nullable(str()),
  run_id: nullable(str()),
  run_path: nullable(str()),
  snapshot_path: nullable(str()),
  execution: nullable(RunExecutionRecord),
});
