import { ancestors, elements, nodeAt, pathOf } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { childFactsFromTape, completeFacts } from "./childFacts.ts";
import type { ChildFacts } from "./childFacts.ts";
import { containerAt, textAt } from "./tapeFields.ts";

/** A child run found under a place of the JSON text. `start` and `end` are byte offsets of its object. */
export interface FoundChild {
  readonly facts: ChildFacts;
  readonly node: NodeId;
  readonly start: number;
  readonly end: number;
}

/**
 * The innermost object around the byte at `offset` that tells of a child run, by the tape alone: an element of `child_runs`, a worker in
 * stage metadata, an entry of the worker lineage, a worker of the action graph, or any object with a run path of its own. What it
 * does not tell is taken from the entry of `child_runs` with the same worker id.
 */
export function childCardAt(tape: Tape, offset: number): FoundChild | null {
  const under = tape.nodeCount > 0 ? nodeAt(tape, offset) : NO_NODE;
  if (under === NO_NODE) return null;
  const around = ancestors(tape, under);
  for (let at = around.length - 1; at > 0; at--) {
    const node = around[at] ?? NO_NODE;
    if (tape.kind(node) !== "object" || !isChildRun(tape, node, at)) continue;
    const own = childFactsFromTape(tape, node);
    const entry = entryOf(tape, own.workerId, node);
    return {
      facts: entry === NO_NODE ? own : completeFacts(own, childFactsFromTape(tape, entry)),
      node,
      start: tape.start(node),
      end: tape.end(node),
    };
  }
  return null;
}

/** `depth`: how many containers the node stands in. */
function isChildRun(tape: Tape, node: NodeId, depth: number): boolean {
  if (hasText(tape, node, "run_path") || hasText(tape, node, "child_run_path")) {
    // Nodes of the action graph for the run itself and its trigger name this record, not a child's.
    const kind = textAt(tape, node, "kind");
    return kind !== "run" && kind !== "trigger";
  }
  const isWorker = hasText(tape, node, "worker_id") || hasText(tape, node, "id");
  // Only these few places need the path; all are shallow.
  if (!isWorker && depth > 2) return false;
  if (depth > 5) return false;
  const path = pathOf(tape, node);
  if (path.length === 2) return path[0] === "child_runs";
  if (path.length === 3 && path[0] === "observability") {
    return path[1] === "worker_lineage" || (path[1] === "action_graph_nodes" && textAt(tape, node, "kind") === "worker");
  }
  return path.length === 4 && path[0] === "stages" && path[2] === "metadata" && path[3] === "worker";
}

function hasText(tape: Tape, object: NodeId, name: string): boolean {
  return (textAt(tape, object, name) ?? "") !== "";
}

/** The entry of `child_runs` for a worker, unless it is the node itself. */
function entryOf(tape: Tape, workerId: string, node: NodeId): NodeId {
  const list = workerId === "" ? NO_NODE : containerAt(tape, 0, "child_runs", "array");
  if (list === NO_NODE) return NO_NODE;
  for (const entry of elements(tape, list)) {
    if (entry !== node && tape.kind(entry) === "object" && textAt(tape, entry, "worker_id") === workerId) return entry;
  }
  return NO_NODE;
}
