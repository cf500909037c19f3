import { elements, findMember } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";

/** "later": has fields that only runtimes after 0.8.135 write. No file says which version wrote it: its shape alone tells. */
export type RecordShape = "current" | "later";

/** Paths whose presence tells a later runtime; `*` is any element of a list. */
const LATER_SIGNS: readonly (readonly string[])[] = [
  ["evidence"],
  ...["unpriced_calls", "usage_unknown_calls", "known_cost_usd", "cost_usd"].map((key) => ["usage", key]),
  ...["environment_policy", "project_root", "grants", "admitted_environment"].map((key) => ["execution", key]),
  ...["parent_span_id", "ttft_ms", "cost_usd", "events"].map((key) => ["trace_spans", "*", key]),
  ["tool_recordings", "*", "status"],
  ...["schema_version", "classification"].map((key) => ["observability", "compaction_events", "*", key]),
  ...["verification_status", "descriptor"].map((key) => ["observability", "transcript_pointers", "*", key]),
  ["stages", "*", "usage", "unpriced_calls"],
];

/** The shape of a record (versions of the format, telling versions apart by shape). */
export function recordShape(tape: Tape): RecordShape {
  return LATER_SIGNS.some((path) => has(tape, 0, path, 0)) ? "later" : "current";
}

function has(tape: Tape, node: NodeId, path: readonly string[], from: number): boolean {
  const step = path[from];
  if (step === undefined) return true;
  if (step !== "*") {
    const member = findMember(tape, node, step);
    return member !== NO_NODE && has(tape, member, path, from + 1);
  }
  for (const element of elements(tape, node)) if (has(tape, element, path, from + 1)) return true;
  return false;
}
