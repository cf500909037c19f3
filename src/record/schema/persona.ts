/** What personas were doing while the run went on (run record format, persona runtime). */
import { any, bool, f64, i64, list, map, nullable, optional, str, strictStruct, struct, u64, unitEnum, uuid } from "./fields.ts";

const PersonaAssignmentStatus = strictStruct("PersonaAssignmentStatus", {
  work_key: str(),
  lease_id: str(),
  holder: str(),
  acquired_at: str(),
  expires_at: str(),
});

const PersonaQueuedWork = strictStruct("PersonaQueuedWork", {
  work_key: str(),
  provider: str(),
  kind: str(),
  queued_at: str(),
  reason: str(),
  source_event_id: nullable(str()),
  metadata: optional(map(str())),
});

const PersonaHandoffInboxItem = strictStruct("PersonaHandoffInboxItem", {
  work_key: str(),
  handoff_id: nullable(str()),
  handoff_kind: nullable(str()),
  source_persona: nullable(str()),
  task: nullable(str()),
  queued_at: str(),
  reason: str(),
});

const PersonaBudgetStatus = strictStruct("PersonaBudgetStatus", {
  daily_usd: nullable(f64()),
  hourly_usd: nullable(f64()),
  run_usd: nullable(f64()),
  max_tokens: nullable(u64()),
  spent_today_usd: f64(),
  spent_this_hour_usd: f64(),
  spent_last_run_usd: f64(),
  tokens_today: u64(),
  remaining_today_usd: nullable(f64()),
  remaining_hour_usd: nullable(f64()),
  exhausted: bool(),
  reason: nullable(str()),
  last_receipt_id: nullable(str()),
});

const PersonaValueReceipt = strictStruct("PersonaValueReceipt", {
  kind: unitEnum("PersonaValueEventKind", [
    "run_started",
    "run_completed",
    "accepted_outcome",
    "frontier_escalation",
    "deterministic_execution",
    "promotion_savings",
    "approval_wait",
  ]),
  run_id: nullable(uuid()),
  occurred_at: str(),
  paid_cost_usd: f64(),
  avoided_cost_usd: f64(),
  deterministic_steps: i64(),
  llm_steps: i64(),
  metadata: any(),
});

export const RunPersonaRuntimeRecord = struct("RunPersonaRuntimeRecord", {
  name: str(),
  role: str(),
  template_ref: nullable(str()),
  state: str(),
  entry_workflow: str(),
  current_assignment: nullable(PersonaAssignmentStatus),
  queued_work: list(PersonaQueuedWork),
  handoff_inbox: list(PersonaHandoffInboxItem),
  budget: PersonaBudgetStatus,
  value_receipts: list(PersonaValueReceipt),
  last_run: nullable(str()),
  last_error: nullable(str()),
});
