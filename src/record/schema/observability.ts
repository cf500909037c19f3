/** The part of a record that is derived from the rest (run record format, observability). */
import { any, bool, list, map, nullable, str, struct, unitEnum, usize } from "./fields.ts";

const RunDeliverableSummaryRecord = struct("RunDeliverableSummaryRecord", { id: str(), text: str(), status: str(), note: nullable(str()) });

export const RunTaskLedgerSummaryRecord = struct("RunTaskLedgerSummaryRecord", {
  root_task: str(),
  rationale: str(),
  deliverables: list(RunDeliverableSummaryRecord),
  observations: list(str()),
  blocking_count: usize(),
});

export const RunPlannerRoundRecord = struct("RunPlannerRoundRecord", {
  stage_id: str(),
  node_id: str(),
  stage_kind: str(),
  status: str(),
  outcome: str(),
  iteration_count: usize(),
  llm_call_count: usize(),
  tool_execution_count: usize(),
  tool_rejection_count: usize(),
  intervention_count: usize(),
  compaction_count: usize(),
  native_text_tool_fallback_count: usize(),
  native_text_tool_fallback_rejection_count: usize(),
  empty_completion_retry_count: usize(),
  tools_used: list(str()),
  successful_tools: list(str()),
  ledger_done_rejections: usize(),
  task_ledger: nullable(RunTaskLedgerSummaryRecord),
  research_facts: list(str()),
});

export const RunActionGraphNodeRecord = struct("RunActionGraphNodeRecord", {
  id: str(),
  label: str(),
  kind: str(),
  status: str(),
  outcome: str(),
  trace_id: nullable(str()),
  stage_id: nullable(str()),
  node_id: nullable(str()),
  worker_id: nullable(str()),
  run_id: nullable(str()),
  run_path: nullable(str()),
  metadata: map(any()),
});

export const RunActionGraphEdgeRecord = struct("RunActionGraphEdgeRecord", {
  from_id: str(),
  to_id: str(),
  kind: str(),
  label: nullable(str()),
});

export const RunWorkerLineageRecord = struct("RunWorkerLineageRecord", {
  worker_id: str(),
  worker_name: str(),
  parent_stage_id: nullable(str()),
  task: str(),
  status: str(),
  session_id: nullable(str()),
  parent_session_id: nullable(str()),
  run_id: nullable(str()),
  run_path: nullable(str()),
  snapshot_path: nullable(str()),
});

export const RunVerificationOutcomeRecord = struct("RunVerificationOutcomeRecord", {
  stage_id: str(),
  node_id: str(),
  status: str(),
  passed: nullable(bool()),
  summary: nullable(str()),
});

export const RunTranscriptPointerRecord = struct("RunTranscriptPointerRecord", {
  id: str(),
  label: str(),
  kind: str(),
  location: str(),
  path: nullable(str()),
  available: bool(),
});

export const CompactionEventRecord = struct("CompactionEventRecord", {
  id: str(),
  transcript_id: nullable(str()),
  stage_id: nullable(str()),
  node_id: nullable(str()),
  mode: str(),
  strategy: str(),
  archived_messages: usize(),
  estimated_tokens_before: usize(),
  estimated_tokens_after: usize(),
  snapshot_asset_id: nullable(str()),
  snapshot_location: str(),
  snapshot_path: nullable(str()),
  available: bool(),
  instruction_mode: str(),
  instruction_source: nullable(str()),
  compaction_policy: nullable(any()),
});

/** In the order in which the runtime sorts them. */
export const DAEMON_EVENT_KINDS = ["spawned", "triggered", "snapshotted", "resumed", "stopped"] as const;

export const DaemonEventRecord = struct("DaemonEventRecord", {
  daemon_id: str(),
  name: str(),
  kind: unitEnum("DaemonEventKind", DAEMON_EVENT_KINDS),
  timestamp: str(),
  persist_path: str(),
  payload_summary: nullable(str()),
});

export const RunObservabilityRecord = struct("RunObservabilityRecord", {
  schema_version: usize(),
  planner_rounds: list(RunPlannerRoundRecord),
  research_fact_count: usize(),
  action_graph_nodes: list(RunActionGraphNodeRecord),
  action_graph_edges: list(RunActionGraphEdgeRecord),
  worker_lineage: list(RunWorkerLineageRecord),
  verification_outcomes: list(RunVerificationOutcomeRecord),
  transcript_pointers: list(RunTranscriptPointerRecord),
  compaction_events: list(CompactionEventRecord),
  daemon_events: list(DaemonEventRecord),
});
