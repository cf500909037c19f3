import { childCount } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import type { Path } from "../record/Problem.ts";
import { textSlice } from "./longText.ts";
import { cutText, oneLine, visibleText } from "./plainText.ts";
import { containerAt, textAt } from "./tapeFields.ts";

/** Most UTF-16 units of a value in a preview. */
export const SUMMARY_LIMIT = 120;

/** What the elements of a list are called, by the name of its field; singular. */
const NOUNS: Readonly<Record<string, string>> = {
  stages: "stage",
  transitions: "transition",
  checkpoints: "checkpoint",
  child_runs: "child run",
  artifacts: "artifact",
  handoffs: "handoff",
  trace_spans: "span",
  tool_recordings: "tool call",
  hitl_questions: "question",
  planner_rounds: "planner round",
  action_graph_nodes: "node",
  action_graph_edges: "edge",
  worker_lineage: "worker",
  verification_outcomes: "outcome",
  transcript_pointers: "pointer",
  compaction_events: "event",
  daemon_events: "event",
  events: "event",
  messages: "message",
  assets: "asset",
  receipt_links: "link",
  stage_assertions: "stage assertion",
  attempts: "attempt",
  models: "model",
};

/** A value in a few words: short values as they stand, lists and objects by what and how much they hold. Null for `NO_NODE`. */
export function valueSummary(tape: Tape, node: NodeId, path: Path): string | null {
  if (node === NO_NODE) return null;
  const kind = tape.kind(node);
  if (kind === "array") return listSummary(tape, node, path);
  if (kind === "object") return objectSummary(tape, node);
  // JSON's own text: quotes and escapes keep null, "null" and "" apart.
  return cutText(visibleText(textSlice(tape, node, "json", 0, SUMMARY_LIMIT * 2).text), SUMMARY_LIMIT);
}

function listSummary(tape: Tape, node: NodeId, path: Path): string {
  const count = childCount(tape, node);
  if (count === 0) return "[]";
  const name = path.findLast((step) => typeof step === "string");
  const noun = (typeof name === "string" && path.at(-1) === name ? NOUNS[name] : undefined) ?? "item";
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function objectSummary(tape: Tape, node: NodeId): string {
  const count = childCount(tape, node);
  if (count === 0) return "{}";
  const assertions = containerAt(tape, node, "stage_assertions", "array");
  if (assertions !== NO_NODE) return `{ ${listSummary(tape, assertions, ["stage_assertions"])} }`;
  const worker = textAt(tape, node, "worker_id");
  if (worker !== null) return `{ ${oneLine(worker, 50)} “${oneLine(textAt(tape, node, "worker_name") ?? "", 50)}” }`;
  const name = ["title", "label", "name", "node_id", "kind", "id"]
    .map((key) => textAt(tape, node, key))
    .find((text) => text !== null && text !== "");
  const fields = `${count} field${count === 1 ? "" : "s"}`;
  return name === undefined || name === null ? `{ ${fields} }` : `{ “${oneLine(name, 60)}”, ${fields} }`;
}
