import { findMember, firstElement } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";

/** "later": has fields that only runtimes after 0.8.135 write. No file says which version wrote it: its shape alone tells. */
export type RecordShape = "current" | "later";

/** Paths whose presence tells a later runtime; `0` is the first element of a list. */
const LATER_SIGNS: readonly (readonly (string | 0)[])[] = [
  ["evidence"],
  ["usage", "unpriced_calls"],
  ["usage", "known_cost_usd"],
  ["execution", "environment_policy"],
  ["trace_spans", 0, "parent_span_id"],
  ["tool_recordings", 0, "status"],
  ["observability", "compaction_events", 0, "schema_version"],
  ["observability", "transcript_pointers", 0, "verification_status"],
];

/** The shape of a record (versions of the format, telling versions apart by shape). */
export function recordShape(tape: Tape): RecordShape {
  return LATER_SIGNS.some((path) => has(tape, 0, path)) ? "later" : "current";
}

function has(tape: Tape, root: NodeId, path: readonly (string | 0)[]): boolean {
  let node = root;
  for (const step of path) {
    if (step === 0) node = tape.kind(node) === "array" ? firstElement(tape, node) : NO_NODE;
    else node = tape.kind(node) === "object" ? findMember(tape, node, step) : NO_NODE;
    if (node === NO_NODE) return false;
  }
  return true;
}
