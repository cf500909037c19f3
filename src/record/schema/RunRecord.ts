/** The run record itself (run record format, RunRecord). */
import { any, bool, list, map, nullable, skipEmpty, str, struct, u64, usize } from "./fields.ts";
import { ArtifactRecord } from "./artifact.ts";
import { ReplayFixture } from "./fixture.ts";
import { HandoffArtifact } from "./handoff.ts";
import { RunObservabilityRecord } from "./observability.ts";
import { RunPersonaRuntimeRecord } from "./persona.ts";
import { CapabilityPolicy } from "./policy.ts";
import { LlmUsageRecord, RunCheckpointRecord, RunChildRecord, RunExecutionRecord, RunStageRecord, RunTransitionRecord } from "./stage.ts";

const SpanLink = struct("SpanLink", { trace_id: str(), span_id: str(), attributes: skipEmpty(map(str())) });

export const RunTraceSpanRecord = struct("RunTraceSpanRecord", {
  trace_id: str(),
  span_id: u64(),
  parent_id: nullable(u64()),
  kind: str(),
  name: str(),
  start_ms: u64(),
  duration_ms: u64(),
  metadata: map(any()),
  links: list(SpanLink),
});

export const ToolCallRecord = struct("ToolCallRecord", {
  tool_name: str(),
  tool_use_id: str(),
  args_hash: str(),
  result: str(),
  is_rejected: bool(),
  duration_ms: u64(),
  iteration: usize(),
  timestamp: str(),
});

export const RunHitlQuestionRecord = struct("RunHitlQuestionRecord", {
  request_id: str(),
  prompt: str(),
  agent: str(),
  trace_id: nullable(str()),
  asked_at: str(),
});

export const RunRecord = struct("RunRecord", {
  _type: str(),
  id: str(),
  workflow_id: str(),
  workflow_name: nullable(str()),
  task: str(),
  status: str(),
  started_at: str(),
  finished_at: nullable(str()),
  parent_run_id: nullable(str()),
  root_run_id: nullable(str()),
  stages: list(RunStageRecord),
  transitions: list(RunTransitionRecord),
  checkpoints: list(RunCheckpointRecord),
  pending_nodes: list(str()),
  completed_nodes: list(str()),
  child_runs: list(RunChildRecord),
  artifacts: list(ArtifactRecord),
  handoffs: list(HandoffArtifact),
  policy: CapabilityPolicy,
  execution: nullable(RunExecutionRecord),
  transcript: nullable(any()),
  usage: nullable(LlmUsageRecord),
  replay_fixture: nullable(ReplayFixture),
  observability: nullable(RunObservabilityRecord),
  trace_spans: list(RunTraceSpanRecord),
  tool_recordings: list(ToolCallRecord),
  hitl_questions: list(RunHitlQuestionRecord),
  persona_runtime: list(RunPersonaRuntimeRecord),
  metadata: map(any()),
  persisted_path: nullable(str()),
});
