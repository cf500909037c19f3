/** Keeping a run's handoffs and the artifacts that stand for them in step (run record format, handoff sync). */
import { compareBytes } from "../json/compareBytes.ts";
import { artifactFromHandoff } from "./handoffArtifact.ts";
import { handoffFromValue } from "./handoffFromValue.ts";
import { mergeReceiptLinks, normalizeHandoffArtifact, targetDisplayName } from "./normalizeHandoff.ts";
import type { RecordPorts } from "./ports.ts";
import { stringMember, stringOf } from "./sliceAccess.ts";
import type { ArtifactRecord, HandoffArtifact, HandoffReceiptLinkRecord, RunRecord } from "./types.ts";

/** Joins `handoffs` with the handoffs inside artifacts and makes their artifacts anew. Changes `run`. */
export function syncRunHandoffs(run: RunRecord, ports: Pick<RecordPorts, "now" | "newUuid">): void {
  const byId = new Map<string, HandoffArtifact>();
  for (const handoff of run.handoffs) {
    const key = handoff.id;
    normalizeHandoffArtifact(handoff, ports);
    byId.set(key, handoff);
  }
  for (const artifact of run.artifacts) {
    const found = artifact.kind === "handoff" && artifact.data !== null ? handoffFromValue(artifact.data, ports) : null;
    if (found === null) continue;
    const known = byId.get(found.id);
    if (known === undefined) byId.set(found.id, found);
    else mergeHandoff(known, found);
  }
  const index = new Map<string, number>();
  run.artifacts.forEach((artifact, place) => {
    const id = artifactHandoffId(artifact);
    if (id !== null) index.set(id, place);
  });
  const keys = [...byId.keys()].sort(compareBytes);
  const handoffs = keys.flatMap((key) => byId.get(key) ?? []).sort((a, b) => compareBytes(a.created_at, b.created_at));
  for (const handoff of handoffs) {
    handoff.parent_run_id ??= run.id;
    handoff.receipt_links = mergeReceiptLinks(handoff.receipt_links, [receiptLinkOfRun(run)]);
    const place = index.get(handoff.id);
    const artifact = artifactFromHandoff(handoff, place === undefined ? undefined : run.artifacts[place], ports);
    if (place === undefined) run.artifacts.push(artifact);
    else run.artifacts[place] = artifact;
  }
  run.handoffs = handoffs;
}

function artifactHandoffId(artifact: ArtifactRecord): string | null {
  if (artifact.kind !== "handoff") return null;
  return stringOf(artifact.metadata.get("handoff_id")) ?? stringMember(artifact.data, "id");
}

function receiptLinkOfRun(run: RunRecord): HandoffReceiptLinkRecord {
  return {
    kind: "run_receipt",
    label: run.workflow_name ?? run.workflow_id,
    run_id: run.id,
    artifact_id: null,
    path: run.persisted_path,
    href: null,
  };
}

/** Left keeps all it has; right fills what is missing. */
function mergeHandoff(left: HandoffArtifact, right: HandoffArtifact): void {
  left.parent_run_id ??= right.parent_run_id;
  for (const field of ["source_persona", "task", "reason"] as const) if (left[field] === "") left[field] = right[field];
  if (targetDisplayName(left.target_persona_or_human) === "unknown") left.target_persona_or_human = right.target_persona_or_human;
  if (left.evidence_refs.length === 0) left.evidence_refs = right.evidence_refs;
  if (left.files_or_entities_touched.length === 0) left.files_or_entities_touched = right.files_or_entities_touched;
  if (left.open_questions.length === 0) left.open_questions = right.open_questions;
  if (left.blocked_on.length === 0) left.blocked_on = right.blocked_on;
  if (left.requested_capabilities.length === 0) left.requested_capabilities = right.requested_capabilities;
  if (left.allowed_side_effects.length === 0) left.allowed_side_effects = right.allowed_side_effects;
  if (left.reminder_propagation.length === 0) left.reminder_propagation = right.reminder_propagation;
  if (left.effects.length === 0) left.effects = right.effects;
  left.policy_override ??= right.policy_override;
  left.budget_remaining ??= right.budget_remaining;
  left.deadline_checkback ??= right.deadline_checkback;
  left.confidence ??= right.confidence;
  left.route_decision ??= right.route_decision;
  left.receipt_links = mergeReceiptLinks(left.receipt_links, right.receipt_links);
  for (const [key, value] of right.metadata) if (!left.metadata.has(key)) left.metadata.set(key, value);
}
