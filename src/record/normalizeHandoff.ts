/** Bringing handoffs into their regular form (run record format, handoff normalisation). */
import { newId } from "./ports.ts";
import type { RecordPorts } from "./ports.ts";
import { isBlank, trim } from "./runtimeText.ts";
import type { HandoffArtifact, HandoffReceiptLinkRecord, HandoffRouteDecisionRecord, HandoffTargetRecord } from "./types.ts";

type IdPorts = Pick<RecordPorts, "now" | "newUuid">;

const TARGET_KINDS = new Map([
  ["human", "human"],
  ["persona", "persona"],
  ["a2a", "a2a"],
  ["external_a2a", "a2a"],
  ["worker", "worker"],
  ["queue", "worker"],
]);

const LISTS = ["files_or_entities_touched", "open_questions", "blocked_on", "requested_capabilities", "allowed_side_effects"] as const;

/** Normalises a handoff in place. Idempotent once it has an id and a time. */
export function normalizeHandoffArtifact(handoff: HandoffArtifact, ports: IdPorts): void {
  if (handoff._type === "") handoff._type = "handoff_artifact";
  handoff.kind = trimmedOr(handoff.kind, "handoff");
  if (handoff.id === "") handoff.id = newId("handoff", ports);
  if (handoff.created_at === "") handoff.created_at = ports.now();
  handoff.source_persona = trim(handoff.source_persona);
  handoff.task = trim(handoff.task);
  handoff.reason = trim(handoff.reason);
  normalizeTarget(handoff.target_persona_or_human);
  for (const list of LISTS) handoff[list] = distinctNonBlank(handoff[list]);
  for (const link of handoff.receipt_links) normalizeReceiptLink(link);
  if (handoff.route_decision !== null) normalizeRouteDecision(handoff.route_decision, ports);
  if (handoff.confidence !== null) handoff.confidence = clampToUnit(handoff.confidence);
}

/** What a target is called: its label, else its id, else `unknown`. */
export function targetDisplayName(target: HandoffTargetRecord): string {
  return target.label ?? target.id ?? "unknown";
}

export function normalizeReceiptLink(link: HandoffReceiptLinkRecord): void {
  if (isBlank(link.kind)) link.kind = "run_receipt";
  for (const field of ["label", "run_id", "artifact_id", "path", "href"] as const) link[field] = nonBlank(link[field]);
}

/** Left then right, each normalised; of those that point to the same thing the first stays. The label does not count. */
export function mergeReceiptLinks(
  left: readonly HandoffReceiptLinkRecord[],
  right: readonly HandoffReceiptLinkRecord[],
): HandoffReceiptLinkRecord[] {
  const seen = new Set<string>();
  return [...left, ...right].filter((link) => {
    normalizeReceiptLink(link);
    const key = JSON.stringify([link.kind, link.run_id, link.artifact_id, link.path, link.href]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function normalizeTarget(target: HandoffTargetRecord): void {
  target.kind = targetKind(target.kind);
  target.id = nonBlank(target.id);
  target.label = nonBlank(target.label);
  target.uri = nonBlank(target.uri);
}

function normalizeRouteDecision(route: HandoffRouteDecisionRecord, ports: IdPorts): void {
  route.handoff_id = trimmedOrNull(route.handoff_id);
  route.handoff_kind = trimmedOr(route.handoff_kind, "handoff");
  route.source_persona = trim(route.source_persona);
  route.target = trim(route.target);
  normalizeTarget(route.target_persona_or_human);
  route.matched_when = trimmedOr(route.matched_when, "always");
  const selectedAt = trim(route.selected_at);
  route.selected_at = selectedAt === "" ? ports.now() : selectedAt;
  route.dispatch_kind = targetKind(route.dispatch_kind);
  route.dispatch_status = trimmedOrNull(route.dispatch_status);
}

function targetKind(kind: string): string {
  return TARGET_KINDS.get(trim(kind)) ?? "persona";
}

/** Into 0 to 1; -0 stays -0. */
function clampToUnit(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

function trimmedOr(text: string, fallback: string): string {
  const trimmed = trim(text);
  return trimmed === "" ? fallback : trimmed;
}

function trimmedOrNull(text: string | null): string | null {
  return text === null || isBlank(text) ? null : trim(text);
}

function nonBlank(text: string | null): string | null {
  return text === null || isBlank(text) ? null : text;
}

function distinctNonBlank(texts: readonly string[]): string[] {
  return [...new Set(texts.map(trim).filter((text) => text !== ""))];
}
