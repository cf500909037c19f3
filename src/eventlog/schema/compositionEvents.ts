/** Tool calls that one snippet of code makes (event log format, agent events, sub-types). */
import { any, list, missing, nullable, str, struct, u64, unitEnum } from "../../record/schema/fields.ts";
import { ToolAnnotations } from "../../record/schema/policy.ts";
import { agentEvent } from "./agentEvent.ts";
import { ToolCallErrorCategory, ToolCallStatus, ToolExecutor } from "./toolCall.ts";

const SIDE_EFFECT_LEVELS = ["none", "read_only", "workspace_write", "process_exec", "network"] as const;

const CompositionFailureCategory = unitEnum(
  "CompositionFailureCategory",
  ["unsupported_language", "schema_validation", "policy_denied", "child_tool_error", "execution_error", "timeout", "cancelled", "unknown"],
  "unknown",
);

export const CompositionRunEnvelope = struct("CompositionRunEnvelope", {
  run_id: str(),
  language: str(),
  snippet_hash: str(),
  binding_manifest_hash: str(),
  requested_side_effect_ceiling: unitEnum("SideEffectLevel", SIDE_EFFECT_LEVELS, "read_only"),
  stdout: nullable(str()),
  stderr: nullable(str()),
  artifacts: list(any()),
  result: nullable(any()),
  failure_category: nullable(CompositionFailureCategory),
  error: nullable(str()),
  duration_ms: nullable(u64()),
  metadata: missing(any(), "{}"),
});

const CompositionChildCallFields = struct("CompositionChildCall", {
  run_id: str(),
  tool_call_id: str(),
  tool_name: str(),
  operation_index: u64(),
  annotations: nullable(ToolAnnotations),
  requested_side_effect_level: unitEnum("SideEffectLevel", SIDE_EFFECT_LEVELS, "none"),
  policy_context: missing(any(), "{}"),
  raw_input: missing(any(), "null"),
});

const CompositionChildResultFields = struct("CompositionChildResult", {
  run_id: str(),
  tool_call_id: str(),
  tool_name: str(),
  operation_index: u64(),
  status: ToolCallStatus,
  raw_output: nullable(any()),
  error: nullable(str()),
  error_category: nullable(ToolCallErrorCategory),
  executor: nullable(ToolExecutor),
  duration_ms: nullable(u64()),
  execution_duration_ms: nullable(u64()),
  attempt: missing(u64(), "1"),
  retry_attempts: u64(),
  retry_errors: list(any()),
  retry_delays_ms: list(u64()),
});

export const CompositionStart = agentEvent("composition_start", { run: CompositionRunEnvelope });
export const CompositionChildCall = agentEvent("composition_child_call", { call: CompositionChildCallFields });
export const CompositionChildResult = agentEvent("composition_child_result", { result: CompositionChildResultFields });
export const CompositionFinish = agentEvent("composition_finish", { run: CompositionRunEnvelope });
export const CompositionError = agentEvent("composition_error", { run: CompositionRunEnvelope });
