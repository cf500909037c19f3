/** What judges, classifiers and budgets decided in an agent session (event log format, agent events). */
import { any, bool, f64, nullable, str, u64, usize } from "../../record/schema/fields.ts";
import { agentEvent } from "./agentEvent.ts";
import { flag, maybe } from "./eventFields.ts";

export const CompassRoutingDecision = agentEvent("compass_routing_decision", {
  tool_call_id: str(),
  mode: str(),
  action: str(),
  persona: str(),
  original_tool: str(),
  routed_tool: str(),
  target_tool: str(),
  path: maybe(str()),
});
export const JudgeDecision = agentEvent("judge_decision", {
  iteration: usize(),
  verdict: str(),
  reasoning: str(),
  next_step: nullable(str()),
  judge_duration_ms: u64(),
  trigger: maybe(str()),
});
export const StepJudgeDecision = agentEvent("step_judge_decision", {
  iteration: usize(),
  verdict: str(),
  reasoning: str(),
  critique: str(),
  confidence: f64(),
  judge_duration_ms: u64(),
  vetoed: bool(),
  skipped: flag(),
  reason: maybe(str()),
  on_veto: str(),
  input_tokens: u64(),
  output_tokens: u64(),
  /** US dollars. */
  cost_usd: f64(),
  provider: str(),
  model: str(),
});
export const StructuralValidatorDecision = agentEvent("structural_validator_decision", {
  iteration: usize(),
  rule: str(),
  diagnostic: str(),
  recommended_action: str(),
  vetoed: bool(),
  skipped: flag(),
  reason: maybe(str()),
  on_failure: str(),
  attempts: usize(),
  max_attempts: usize(),
});
export const ScopeClassifierVerdict = agentEvent("scope_classifier_verdict", {
  iteration: usize(),
  label: str(),
  original_label: str(),
  confidence: f64(),
  confidence_threshold: f64(),
  evidence: str(),
  skip_main_turn: bool(),
  classifier_kind: maybe(str()),
  model: maybe(str()),
  error: maybe(str()),
});
export const MissingToolCallVerdict = agentEvent("missing_tool_call_verdict", {
  iteration: usize(),
  action: str(),
  original_action: str(),
  tool_name: str(),
  confidence: f64(),
  confidence_threshold: f64(),
  evidence: str(),
  language: maybe(str()),
  classifier_kind: maybe(str()),
  model: maybe(str()),
  error: maybe(str()),
});
export const BudgetExhausted = agentEvent("budget_exhausted", {
  max_iterations: usize(),
  kind: maybe(str()),
  cost_usd: maybe(f64()),
  wall_clock_ms: maybe(u64()),
});
export const BudgetCircuitBreaker = agentEvent("budget_circuit_breaker", { kind: str(), consecutive_count: usize(), paused_for_ms: u64() });
export const LoopStuck = agentEvent("loop_stuck", { max_nudges: usize(), last_iteration: usize(), tail_excerpt: str() });
export const LoopControlDecision = agentEvent("loop_control_decision", {
  iteration: usize(),
  action: str(),
  old_limit: usize(),
  new_limit: usize(),
  reason: str(),
  status: str(),
});
export const AgentLoopStallWarning = agentEvent("agent_loop_stall_warning", { warning: any() });
export const CapabilityGap = agentEvent("capability_gap", {
  level: str(),
  capability: str(),
  provider: str(),
  model: str(),
  fallback_tool_format: str(),
  requested_tool_format: maybe(str()),
  message: str(),
});
export const ToolFormatOverride = agentEvent("tool_format_override", {
  provider: str(),
  model: str(),
  requested_format: str(),
  recommended_format: str(),
  catalog_parity: str(),
  override_reason: maybe(str()),
});
export const DaemonWatchdogTripped = agentEvent("daemon_watchdog_tripped", { attempts: usize(), elapsed_ms: u64() });
