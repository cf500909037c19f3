/** The artifact that stands for a handoff, and its text (run record format, artifact for a handoff). */
import { compileStruct } from "./codec.ts";
import { targetDisplayName } from "./normalizeHandoff.ts";
import { newId } from "./ports.ts";
import type { RecordPorts } from "./ports.ts";
import { formatFixed, utf8Length } from "./runtimeText.ts";
import { HandoffArtifact as HandoffArtifactSchema } from "./schema/handoff.ts";
import { sliceOfString, sliceOfValue } from "./sliceAccess.ts";
import type { ArtifactRecord, HandoffArtifact, HandoffEvidenceRefRecord } from "./types.ts";

/** Priority of a handoff's artifact that had none. */
const PRIORITY = 85n;
/** UTF-8 bytes to a token, roughly. */
const BYTES_PER_TOKEN = 4;

/** Makes the artifact of a handoff anew; `existing` lends its id and what the handoff does not say. */
export function artifactFromHandoff(
  handoff: HandoffArtifact,
  existing: ArtifactRecord | undefined,
  ports: Pick<RecordPorts, "now" | "newUuid">,
): ArtifactRecord {
  const text = handoffText(handoff);
  const target = handoff.target_persona_or_human;
  const metadata = new Map(existing?.metadata);
  metadata.set("handoff_id", sliceOfString(handoff.id));
  metadata.set("handoff_kind", sliceOfString(handoff.kind));
  metadata.set("target_kind", sliceOfString(target.kind));
  metadata.set("target_label", sliceOfString(targetDisplayName(target)));
  return {
    _type: "artifact",
    id: existing === undefined ? `artifact_${handoff.id}` : existing.id === "" ? newId("artifact", ports) : existing.id,
    kind: "handoff",
    title: existing?.title ?? `Handoff to ${targetDisplayName(target)}`,
    text,
    data: sliceOfValue(compileStruct(HandoffArtifactSchema), handoff),
    source: existing?.source ?? handoff.source_persona,
    created_at: existing === undefined || existing.created_at === "" ? ports.now() : existing.created_at,
    freshness: existing?.freshness ?? "fresh",
    priority: existing?.priority ?? PRIORITY,
    lineage: existing?.lineage ?? [],
    relevance: handoff.confidence ?? 1,
    estimated_tokens: BigInt(Math.ceil(utf8Length(text) / BYTES_PER_TOKEN)),
    stage: existing?.stage ?? null,
    metadata,
  };
}

function handoffText(handoff: HandoffArtifact): string {
  const target = handoff.target_persona_or_human;
  const lines = [
    "<handoff>",
    `<kind>${handoff.kind}</kind>`,
    `<source_persona>${handoff.source_persona}</source_persona>`,
    `<target kind="${target.kind}">${targetDisplayName(target)}</target>`,
    `<task>${handoff.task}</task>`,
    `<reason>${handoff.reason}</reason>`,
  ];
  const list = (name: string, items: readonly string[]): void => {
    if (items.length > 0) lines.push(`<${name}>`, ...items.map((item) => `- ${item}`), `</${name}>`);
  };
  list("files_or_entities_touched", handoff.files_or_entities_touched);
  list("open_questions", handoff.open_questions);
  list("blocked_on", handoff.blocked_on);
  list("requested_capabilities", handoff.requested_capabilities);
  list("allowed_side_effects", handoff.allowed_side_effects);
  list("evidence_refs", handoff.evidence_refs.map(evidenceText));
  const { budget_remaining: budget, deadline_checkback: deadline, confidence, route_decision: route } = handoff;
  if (budget !== null) {
    const dollars = budget.dollars === null ? "" : formatFixed(budget.dollars, 4);
    lines.push(`<budget_remaining tokens="${budget.tokens ?? ""}" tool_calls="${budget.tool_calls ?? ""}" dollars="${dollars}" />`);
  }
  if (deadline !== null) {
    lines.push(`<deadline_checkback deadline="${deadline.deadline ?? ""}" checkback_at="${deadline.checkback_at ?? ""}" />`);
  }
  if (confidence !== null) lines.push(`<confidence>${formatFixed(confidence, 2)}</confidence>`);
  if (route !== null) {
    lines.push(
      `<route_decision target="${route.target}" when="${route.matched_when}" dispatch="${route.dispatch_kind}" selected_at="${route.selected_at}" />`,
    );
  }
  lines.push("</handoff>");
  return lines.join("\n");
}

function evidenceText(ref: HandoffEvidenceRefRecord): string {
  const parts = [
    ref.label,
    ref.artifact_id === null ? null : `artifact_id=${ref.artifact_id}`,
    ref.path === null ? null : `path=${ref.path}`,
    ref.uri === null ? null : `uri=${ref.uri}`,
    ref.kind === null ? null : `kind=${ref.kind}`,
  ];
  return parts.filter((part) => part !== null).join(" | ");
}
