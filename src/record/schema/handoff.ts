/** Handoffs between personas, workers and people (run record format, handoffs). */
import {
  any,
  bool,
  f64,
  i64,
  list,
  map,
  nullable,
  optional,
  skipEmpty,
  skipNull,
  str,
  strictStruct,
  struct,
  tagged,
  u64,
  unitEnum,
  variant,
} from "./fields.ts";
import { CapabilityPolicy } from "./policy.ts";

export const HandoffTargetRecord = struct("HandoffTargetRecord", {
  kind: str(),
  id: nullable(str()),
  label: nullable(str()),
  uri: nullable(str()),
});

export const HandoffEvidenceRefRecord = struct("HandoffEvidenceRefRecord", {
  artifact_id: nullable(str()),
  kind: nullable(str()),
  label: nullable(str()),
  path: nullable(str()),
  uri: nullable(str()),
});

const HandoffBudgetRemainingRecord = struct("HandoffBudgetRemainingRecord", {
  tokens: nullable(i64()),
  tool_calls: nullable(i64()),
  dollars: nullable(f64()),
});

const HandoffDeadlineCheckbackRecord = struct("HandoffDeadlineCheckbackRecord", {
  deadline: nullable(str()),
  checkback_at: nullable(str()),
});

export const HandoffReceiptLinkRecord = struct("HandoffReceiptLinkRecord", {
  kind: str(),
  label: nullable(str()),
  run_id: nullable(str()),
  artifact_id: nullable(str()),
  path: nullable(str()),
  href: nullable(str()),
});

export const HandoffRouteDecisionRecord = struct("HandoffRouteDecisionRecord", {
  route_id: nullable(str()),
  route_index: nullable(u64()),
  target_index: nullable(u64()),
  handoff_id: nullable(str()),
  handoff_kind: str(),
  source_persona: str(),
  target: str(),
  target_persona_or_human: HandoffTargetRecord,
  matched_when: str(),
  selected_at: str(),
  dispatch_kind: str(),
  dispatch_status: nullable(str()),
  dispatch_receipt: nullable(any()),
  metadata: map(any()),
});

const SystemReminder = strictStruct("SystemReminder", {
  id: str(),
  tags: optional(list(str())),
  dedupe_key: skipNull(nullable(str())),
  ttl_turns: skipNull(nullable(i64())),
  preserve_on_compact: bool(),
  propagate: unitEnum("ReminderPropagation", ["all", "session", "none"]),
  role_hint: unitEnum("ReminderRoleHint", ["system", "developer", "user_block", "ephemeral_cache"]),
  source: unitEnum("ReminderSource", ["stdlib_provider", "hook", "bridge", "in_pipeline", "inherited"]),
  body: str(),
  fired_at_turn: i64(),
  originating_agent_id: skipNull(nullable(str())),
});

const EffectKind = tagged("EffectKind", "kind", [
  variant("EffectKind", "stdio", {}),
  variant("EffectKind", "fs", {}),
  variant("EffectKind", "net", {}),
  variant("EffectKind", "spawn", {}),
  variant("EffectKind", "llm", { provider: skipNull(nullable(str())), model: skipNull(nullable(str())) }),
  variant("EffectKind", "tool", { name: str() }),
  variant("EffectKind", "hostcall", { name: str() }),
  variant("EffectKind", "persona", { id: str() }),
]);

const EffectRecord = strictStruct("EffectRecord", {
  kind: EffectKind,
  scope: unitEnum("EffectScope", ["read", "write", "mutate", "observe"]),
  resource: skipNull(nullable(str())),
});

export const HandoffArtifact = struct("HandoffArtifact", {
  _type: str(),
  kind: str(),
  id: str(),
  parent_run_id: nullable(str()),
  source_persona: str(),
  target_persona_or_human: HandoffTargetRecord,
  task: str(),
  reason: str(),
  evidence_refs: list(HandoffEvidenceRefRecord),
  files_or_entities_touched: list(str()),
  open_questions: list(str()),
  blocked_on: list(str()),
  requested_capabilities: list(str()),
  allowed_side_effects: list(str()),
  policy_override: skipNull(nullable(CapabilityPolicy)),
  reminder_propagation: skipEmpty(list(SystemReminder)),
  effects: skipEmpty(list(EffectRecord)),
  budget_remaining: nullable(HandoffBudgetRemainingRecord),
  deadline_checkback: nullable(HandoffDeadlineCheckbackRecord),
  confidence: nullable(f64()),
  receipt_links: list(HandoffReceiptLinkRecord),
  route_decision: nullable(HandoffRouteDecisionRecord),
  created_at: str(),
  metadata: map(any()),
});
