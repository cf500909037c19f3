import type { JsonSlice } from "../json/JsonSlice.ts";
import { arrayOf, countMember, memberOf, stringMember, stringsOf } from "./sliceAccess.ts";
import type { RunPlannerRoundRecord, RunStageRecord, RunTaskLedgerSummaryRecord } from "./types.ts";

/**
 * What a stage's first artifact with data tells of its planning; `round` is null when no artifact has data, `kept` says whether the round
 * tells enough to be listed (run record format, observability, planner round).
 */
export function plannerRoundFromStage(stage: RunStageRecord): { round: RunPlannerRoundRecord | null; kept: boolean } {
  const payload = stage.artifacts.find((artifact) => artifact.data !== null)?.data ?? null;
  if (payload === null) return { round: null, kept: false };
  const trace = memberOf(payload, "trace");
  const tools = memberOf(payload, "tools");
  const calls = memberOf(tools, "calls");
  const ledger = taskLedgerSummary(memberOf(payload, "task_ledger"));
  const round: RunPlannerRoundRecord = {
    stage_id: stage.id,
    node_id: stage.node_id,
    stage_kind: stage.kind,
    status: stage.status,
    outcome: stage.outcome,
    iteration_count: countMember(trace, "iterations"),
    llm_call_count: countMember(trace, "llm_calls"),
    tool_execution_count: countMember(trace, "tool_executions"),
    tool_rejection_count: countMember(trace, "tool_rejections"),
    intervention_count: countMember(trace, "interventions"),
    compaction_count: countMember(trace, "compactions"),
    native_text_tool_fallback_count: countMember(trace, "native_text_tool_fallbacks"),
    native_text_tool_fallback_rejection_count: countMember(trace, "native_text_tool_fallback_rejections"),
    empty_completion_retry_count: countMember(trace, "empty_completion_retries"),
    // A key that is there hides the trace's list, whatever it holds.
    tools_used: stringsOf(calls ?? memberOf(trace, "tools_used")),
    successful_tools: stringsOf(memberOf(tools, "successful")),
    ledger_done_rejections: countMember(payload, "ledger_done_rejections"),
    task_ledger: ledger,
    research_facts: ledger?.observations ?? [],
  };
  const kept =
    round.iteration_count > 0n ||
    round.llm_call_count > 0n ||
    round.tool_execution_count > 0n ||
    round.native_text_tool_fallback_count > 0n ||
    round.native_text_tool_fallback_rejection_count > 0n ||
    round.empty_completion_retry_count > 0n ||
    round.ledger_done_rejections > 0n ||
    ledger !== null ||
    round.tools_used.length > 0 ||
    round.successful_tools.length > 0;
  return { round, kept };
}

function taskLedgerSummary(ledger: JsonSlice | null): RunTaskLedgerSummaryRecord | null {
  if (ledger === null) return null;
  const deliverables = (arrayOf(memberOf(ledger, "deliverables")) ?? []).map((deliverable) => ({
    id: stringMember(deliverable, "id") ?? "",
    text: stringMember(deliverable, "text") ?? "",
    status: stringMember(deliverable, "status") ?? "",
    note: stringMember(deliverable, "note"),
  }));
  const summary: RunTaskLedgerSummaryRecord = {
    root_task: stringMember(ledger, "root_task") ?? "",
    rationale: stringMember(ledger, "rationale") ?? "",
    deliverables,
    observations: stringsOf(memberOf(ledger, "observations")),
    blocking_count: BigInt(deliverables.filter(({ status }) => status === "open" || status === "blocked").length),
  };
  const empty = summary.root_task === "" && summary.rationale === "" && deliverables.length === 0 && summary.observations.length === 0;
  return empty ? null : summary;
}
