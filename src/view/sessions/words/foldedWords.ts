import type { SessionEvent } from "../../../eventlog/sessionTimeline/SessionEvent.ts";
import { NO_NODE } from "../../../json/Tape.ts";
import { joinNotes } from "../../plainText.ts";
import { count, countWithin, fieldNode, id, name, text, textWithin, valueHead } from "../eventFields.ts";
import { join, labelled, spaced } from "./EventWords.ts";
import type { EventWords, Words } from "./EventWords.ts";

/** Events that become one row with others: what each says. By type of event (event log format, agent events). */
export const foldedWords: Record<string, Words> = {
  tool_call: (e) => ({
    family: "tool",
    label: name(e, "tool_name") || "Tool call",
    text: text(e, "raw_input"),
    status: name(e, "status"),
    join: join("tool", id(e, "tool_call_id")),
  }),
  tool_call_update: (e) => ({
    family: "tool",
    label: name(e, "tool_name") || "Tool call",
    text: text(e, "raw_input") || text(e, "raw_input_partial"),
    status: name(e, "status"),
    tookMs: count(e, "duration_ms") ?? count(e, "execution_duration_ms"),
    error: text(e, "error") || null,
    executor: executorOf(e),
    join: join("tool", id(e, "tool_call_id")),
  }),
  // Of a call that has other events it is a part; alone it tells of something the runtime did in an agent's place.
  tool_call_audit: (e) => ({
    ...labelled("other", "Audit", name(e, "tool_name")),
    text: textWithin(e, "audit", ["reason", "status"]) ?? "",
    tookMs: countWithin(e, "receipt", "duration_ms"),
    executor: textWithin(e, "receipt", ["executor"]),
    join: join("tool", id(e, "tool_call_id")),
  }),
  iteration_start: (e) => ({ family: "iteration", label: `Iteration ${count(e, "iteration") ?? "–"}`, text: name(e, "model") ?? "" }),
  // Its `wall_clock_ms` counts from the beginning of the loop, so that the two events' own times tell how long it took.
  iteration_end: (e) => {
    const model = textWithin(e, "iteration_info", ["model"]);
    return {
      family: "iteration",
      label: `Iteration ${count(e, "iteration") ?? "–"}`,
      text: joinNotes([model, textWithin(e, "iteration_info", ["text"])]),
      tokensIn: countWithin(e, "iteration_info", "input_tokens"),
      tokensOut: countWithin(e, "iteration_info", "output_tokens"),
      costUsd: countWithin(e, "iteration_info", "cost_usd"),
    };
  },
  hitl_requested: (e) => ({
    family: "human",
    label: requestLabel(e),
    text: textWithin(e, "payload", ["prompt", "action", "reason"]) ?? "",
    status: "waiting",
    join: join("request", id(e, "request_id")),
  }),
  hitl_resolved: (e) => ({
    family: "human",
    label: requestLabel(e),
    text: "",
    status: spaced(name(e, "outcome")),
    join: join("request", id(e, "request_id")),
  }),
  composition_start: (e) => ({ ...labelled("tool", "Composition", textWithin(e, "run", ["language"])), text: "", status: "in_progress" }),
  composition_finish: (e) => compositionEnd(e, "completed"),
  composition_error: (e) => compositionEnd(e, "failed"),
  composition_child_call: (e) => ({
    family: "tool",
    label: textWithin(e, "call", ["tool_name"]) ?? "Tool call",
    text: valueHead(e.tape, memberOf(e, "call", "raw_input")),
    status: "pending",
    join: join("tool", textWithin(e, "call", ["tool_call_id"])),
  }),
  composition_child_result: (e) => ({
    family: "tool",
    label: textWithin(e, "result", ["tool_name"]) ?? "Tool call",
    text: "",
    status: textWithin(e, "result", ["status"]),
    tookMs: countWithin(e, "result", "duration_ms") ?? countWithin(e, "result", "execution_duration_ms"),
    error: textWithin(e, "result", ["error"]),
    join: join("tool", textWithin(e, "result", ["tool_call_id"])),
  }),
};

function compositionEnd(e: SessionEvent, status: string): EventWords {
  return {
    ...labelled("tool", "Composition", textWithin(e, "run", ["language"])),
    text: textWithin(e, "run", ["error", "stdout"]) ?? "",
    status,
    tookMs: countWithin(e, "run", "duration_ms"),
    error: textWithin(e, "run", ["error"]),
  };
}

function memberOf(e: SessionEvent, field: string, member: string): number {
  const node = fieldNode(e, field);
  return node === NO_NODE ? NO_NODE : fieldNode({ tape: e.tape, node, order: [] }, member);
}

function executorOf(e: SessionEvent): string | null {
  const node = fieldNode(e, "executor");
  if (node === NO_NODE || e.tape.kind(node) === "null") return null;
  const kind = textWithin(e, "executor", ["kind"]);
  const server = textWithin(e, "executor", ["server_name"]);
  return kind === null ? valueHead(e.tape, node) : joinNotes([spaced(kind), server]);
}

const REQUESTS: Readonly<Record<string, string>> = {
  question: "Question",
  approval: "Approval",
  dual_control: "Dual control",
  escalation: "Escalation",
};

function requestLabel(e: SessionEvent): string {
  const kind = name(e, "kind") ?? "";
  return Object.hasOwn(REQUESTS, kind) ? (REQUESTS[kind] ?? kind) : joinNotes(["Human request", spaced(kind)]);
}
