/** What is said, done and shown in an agent session (event log format, agent events). */
import { any, bool, list, nullable, str, struct, u64, unitEnum, usize } from "../../record/schema/fields.ts";
import { HandoffArtifact } from "../../record/schema/handoff.ts";
import { ToolApprovalPolicy } from "../../record/schema/policy.ts";
import { agentEvent } from "./agentEvent.ts";
import { maybe, text } from "./eventFields.ts";
import { ToolCallErrorCategory, ToolCallReceipt, ToolCallStatus, ToolExecutor, ToolKind } from "./toolCall.ts";

const MutationSessionRecord = struct("MutationSessionRecord", {
  session_id: str(),
  parent_session_id: nullable(str()),
  run_id: nullable(str()),
  worker_id: nullable(str()),
  execution_kind: nullable(str()),
  mutation_scope: str(),
  approval_policy: nullable(ToolApprovalPolicy),
});

const WorkerEvent = unitEnum("WorkerEvent", [
  "WorkerSpawned",
  "WorkerProgressed",
  "WorkerWaitingForInput",
  "WorkerSuspended",
  "WorkerResumed",
  "WorkerCompleted",
  "WorkerFailed",
  "WorkerStopped",
  "WorkerCancelled",
]);

export const AgentMessageChunk = agentEvent("agent_message_chunk", { content: str() });
export const AgentThoughtChunk = agentEvent("agent_thought_chunk", { content: str() });
export const UserMessage = agentEvent("user_message", { message_id: str(), content: list(any()) });

export const ToolCall = agentEvent("tool_call", {
  tool_call_id: str(),
  tool_name: str(),
  kind: nullable(ToolKind),
  status: ToolCallStatus,
  raw_input: any(),
  parsing: maybe(bool()),
  audit: maybe(MutationSessionRecord),
});
export const ToolCallUpdate = agentEvent("tool_call_update", {
  tool_call_id: str(),
  tool_name: str(),
  status: ToolCallStatus,
  raw_output: nullable(any()),
  error: nullable(str()),
  /** Milliseconds from parsing to the end, hooks included. */
  duration_ms: maybe(u64()),
  /** Milliseconds of the call itself. */
  execution_duration_ms: maybe(u64()),
  error_category: maybe(ToolCallErrorCategory),
  executor: maybe(ToolExecutor),
  parsing: maybe(bool()),
  raw_input: maybe(any()),
  raw_input_partial: maybe(str()),
  audit: maybe(MutationSessionRecord),
});
export const ToolCallAudit = agentEvent("tool_call_audit", {
  tool_call_id: str(),
  tool_name: str(),
  audit: any(),
  receipt: maybe(ToolCallReceipt),
});

export const Plan = agentEvent("plan", { plan: any() });
export const ProgressReported = agentEvent("progress_reported", {
  message: nullable(str()),
  entries: any(),
  replace: bool(),
  metadata: any(),
});
export const Artifact = agentEvent("artifact", {
  artifact_id: str(),
  kind: str(),
  title: maybe(str()),
  mime_type: str(),
  spec: any(),
  fallback: str(),
  size_bytes: u64(),
  provenance: any(),
  metadata: any(),
});
export const Handoff = agentEvent("handoff", { artifact_id: str(), handoff: HandoffArtifact });

export const IterationStart = agentEvent("iteration_start", { iteration: usize(), provider: text(), model: text() });
export const IterationEnd = agentEvent("iteration_end", { iteration: usize(), iteration_info: any() });
export const SessionClosed = agentEvent("session_closed", { reason: str(), status: str(), metadata: any() });
export const AnchorChanged = agentEvent("anchor_changed", {
  previous: nullable(any()),
  current: any(),
  carry_transcript: bool(),
  compacted: bool(),
  reason: nullable(str()),
});

export const WorkerUpdate = agentEvent("worker_update", {
  worker_id: str(),
  worker_name: str(),
  worker_task: str(),
  worker_mode: str(),
  event: WorkerEvent,
  status: str(),
  metadata: any(),
  audit: nullable(any()),
});
export const HitlRequested = agentEvent("hitl_requested", { request_id: str(), kind: str(), payload: any() });
export const HitlResolved = agentEvent("hitl_resolved", { request_id: str(), kind: str(), outcome: str() });
export const ControlOutcome = agentEvent("control_outcome", {
  control_id: str(),
  method: str(),
  outcome: str(),
  status: str(),
  actor: any(),
  target: any(),
  reason: maybe(str()),
  metadata: maybe(any()),
});
