/** What an agent event says by itself (event log format, agent events): its family, its name, the head of what it tells. */
import type { SessionEvent } from "../../eventlog/sessionTimeline/SessionEvent.ts";
import { NO_NODE } from "../../json/Tape.ts";
import { formatCost } from "../formatCost.ts";
import { formatDuration } from "../formatDuration.ts";
import { formatTokens } from "../formatTokens.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { containerAt, textAt } from "../tapeFields.ts";
import {
  count,
  countWithin,
  fieldNode,
  flag,
  id,
  listLength,
  listText,
  name,
  TEXT_LIMIT,
  text,
  textWithin,
  valueHead,
} from "./eventFields.ts";
import type { EntryJoin, Family, TimelineEntry } from "./TimelineEntry.ts";

/** The parts of an entry that one event gives. */
export interface EventWords extends Partial<
  Pick<TimelineEntry, "status" | "tookMs" | "tokensIn" | "tokensOut" | "costUsd" | "error" | "executor" | "tokensBefore" | "tokensAfter">
> {
  readonly family: Family;
  readonly label: string;
  readonly text: string;
  readonly join?: EntryJoin | null;
}

/** Written at every step of a loop, and of no use to a reader. */
const NOISE: ReadonlySet<string> = new Set(["loop_checkpoint", "typed_checkpoint"]);

export function isNoise(event: SessionEvent): boolean {
  return NOISE.has(event.tag);
}

const LABEL_LIMIT = 160;

export function describeEvent(event: SessionEvent): EventWords {
  const words = WORDS.get(event.tag)?.(event) ?? unknownWords(event);
  return { ...words, label: oneLine(words.label, LABEL_LIMIT), text: oneLine(words.text, TEXT_LIMIT) };
}

function unknownWords(event: SessionEvent): EventWords {
  return {
    family: "other",
    label: event.tag || "event",
    text: valueHead(event.tape, event.node === NO_NODE ? (event.tape.nodeCount > 0 ? 0 : NO_NODE) : event.node),
  };
}

type Words = (event: SessionEvent) => EventWords;

const labelled = (family: Family, label: string, name: string | null): Pick<EventWords, "family" | "label"> => ({
  family,
  label: name === null || name === "" ? label : `${label}: ${name}`,
});

const conversation: Record<string, Words> = {
  agent_message_chunk: (e) => ({ family: "message", label: "Message", text: text(e, "content") }),
  agent_thought_chunk: (e) => ({ family: "thought", label: "Thought", text: text(e, "content") }),
  user_message: (e) => ({ family: "message", label: "User message", text: firstBlockText(e) }),
  plan: (e) => ({ family: "other", label: "Plan", text: textWithin(e, "plan", ["title", "summary"]) ?? text(e, "plan") }),
  progress_reported: (e) => ({ family: "other", label: "Progress", text: text(e, "message") || text(e, "entries") }),
  artifact: (e) => ({
    ...labelled("other", "Artifact", name(e, "title") ?? name(e, "artifact_id")),
    text: joinNotes([name(e, "kind"), name(e, "mime_type"), text(e, "fallback")]),
  }),
  session_closed: (e) => ({ family: "other", label: "Session closed", text: text(e, "reason"), status: name(e, "status") }),
  anchor_changed: (e) => ({ family: "other", label: "Workspace anchor changed", text: text(e, "reason") || text(e, "current") }),
  handoff: (e) => {
    const target = containerAt(e.tape, fieldNode(e, "handoff"), "target_persona_or_human", "object");
    const to =
      target === NO_NODE ? null : (textAt(e.tape, target, "label") ?? textAt(e.tape, target, "id") ?? textAt(e.tape, target, "kind"));
    return {
      ...labelled("handoff", "Handoff", to === null ? null : oneLine(to, 60)),
      text: textWithin(e, "handoff", ["task", "reason"]) ?? "",
      join: join("handoff", textWithin(e, "handoff", ["id"]) ?? id(e, "artifact_id")),
    };
  },
  worker_update: (e) => ({
    ...labelled("worker", "Worker", name(e, "worker_name") ?? name(e, "worker_id")),
    text: text(e, "worker_task"),
    status: name(e, "status"),
    join: join("worker", id(e, "worker_id")),
  }),
  control_outcome: (e) => ({
    ...labelled("other", "Control", name(e, "method")),
    text: joinNotes([name(e, "outcome"), text(e, "reason")]),
    status: name(e, "status"),
  }),
};

const loop: Record<string, Words> = {
  agent_scratchpad_reorganization: (e) => ({
    family: "other",
    label: "Scratchpad reorganized",
    text: text(e, "details"),
    status: name(e, "status"),
  }),
  feedback_injected: (e) => ({ ...labelled("feedback", "Feedback", spaced(name(e, "kind"))), text: text(e, "content") }),
  reminder_emitted: (e) => ({ ...labelled("reminder", "Reminder", listText(e, "tags")), text: text(e, "body") }),
  transcript_compacted: (e) => {
    const before = count(e, "estimated_tokens_before");
    const after = count(e, "estimated_tokens_after");
    const archived = count(e, "archived_messages");
    return {
      family: "compaction",
      label: "Compaction",
      text: joinNotes([
        `${tokens(before)} → ${tokens(after)} tokens`,
        archived !== null && `${plural(archived, "message")} archived`,
        name(e, "mode"),
        name(e, "reason"),
        name(e, "strategy"),
      ]),
      tokensBefore: before,
      tokensAfter: after,
    };
  },
  transcript_projected: (e) => ({
    family: "compaction",
    label: "Transcript projected",
    text: joinNotes([name(e, "policy"), name(e, "reason"), counted(e, "kept_count", "kept"), counted(e, "dropped_count", "dropped")]),
  }),
  skill_activated: (e) => ({ ...labelled("skill", "Skill activated", name(e, "skill_name")), text: text(e, "reason") }),
  skill_deactivated: (e) => ({ ...labelled("skill", "Skill deactivated", name(e, "skill_name")), text: "" }),
  skill_scope_tools: (e) => ({ ...labelled("skill", "Skill limits tools", name(e, "skill_name")), text: listText(e, "allowed_tools") }),
  skill_narrow: (e) => ({ family: "skill", label: "Tools narrowed", text: joinNotes([text(e, "reason"), removed(e)]) }),
  tool_search_query: (e) => ({ ...labelled("other", "Tool search", name(e, "name")), text: text(e, "query") }),
  tool_search_result: (e) => ({ family: "other", label: "Tools found", text: listText(e, "promoted") }),
  fs_watch: (e) => ({ family: "other", label: "Files changed", text: text(e, "events") }),
  staged_writes_pending: (e) => ({ family: "other", label: "Writes staged", text: counted(e, "pending_count", "pending") ?? "" }),
  safe_text_patch_result: (e) => ({
    ...labelled("other", "Patch", name(e, "path")),
    text: joinNotes([counted(e, "hunks_count", "hunks"), counted(e, "bytes_written", "bytes written")]),
    status: name(e, "result"),
  }),
  cache_hit: (e) => ({ ...labelled("other", "Cache hit", name(e, "namespace")), text: text(e, "key") }),
  cache_miss: (e) => ({ ...labelled("other", "Cache miss", name(e, "namespace")), text: text(e, "key") }),
  mcp_notification: (e) => ({
    ...labelled("other", "MCP notification", name(e, "method")),
    text: joinNotes([name(e, "server"), text(e, "params")]),
  }),
  mcp_catalog_changed: (e) => ({ ...labelled("other", "MCP catalog changed", name(e, "server")), text: text(e, "reason") }),
  mcp_auth_required: (e) => ({
    ...labelled("warning", "MCP sign-in required", name(e, "server")),
    text: joinNotes([text(e, "resource"), text(e, "scope")]),
  }),
};

const decisions: Record<string, Words> = {
  compass_routing_decision: (e) => ({
    ...labelled("decision", "Routing", name(e, "original_tool")),
    text: joinNotes([`${name(e, "original_tool") ?? "–"} → ${name(e, "routed_tool") ?? "–"}`, name(e, "persona"), text(e, "path")]),
    status: name(e, "action"),
  }),
  judge_decision: (e) => ({
    family: "decision",
    label: "Judge",
    text: text(e, "reasoning"),
    status: name(e, "verdict"),
    tookMs: count(e, "judge_duration_ms"),
  }),
  step_judge_decision: (e) => ({
    family: "decision",
    label: "Step judge",
    text: text(e, "critique") || text(e, "reasoning"),
    status: joinNotes([name(e, "verdict"), vetoWord(e)]) || null,
    tookMs: count(e, "judge_duration_ms"),
    tokensIn: count(e, "input_tokens"),
    tokensOut: count(e, "output_tokens"),
    costUsd: count(e, "cost_usd"),
  }),
  structural_validator_decision: (e) => ({
    ...labelled("decision", "Validator", name(e, "rule")),
    text: joinNotes([text(e, "diagnostic"), name(e, "recommended_action")]),
    status: vetoWord(e) ?? "passed",
  }),
  scope_classifier_verdict: (e) => ({ family: "decision", label: "Scope", text: text(e, "evidence"), status: name(e, "label") }),
  missing_tool_call_verdict: (e) => ({
    ...labelled("decision", "Missing tool call", name(e, "tool_name")),
    text: text(e, "evidence"),
    status: name(e, "action"),
  }),
  loop_control_decision: (e) => ({
    ...labelled("decision", "Loop control", spaced(name(e, "action"))),
    text: joinNotes([`limit ${count(e, "old_limit") ?? "–"} → ${count(e, "new_limit") ?? "–"}`, text(e, "reason")]),
    status: name(e, "status"),
  }),
  tool_format_override: (e) => ({
    family: "other",
    label: "Tool format overridden",
    text: joinNotes([
      `${name(e, "requested_format") ?? "–"} asked for, ${name(e, "recommended_format") ?? "–"} recommended`,
      name(e, "model"),
      text(e, "override_reason"),
    ]),
  }),
};

const warnings: Record<string, Words> = {
  budget_exhausted: (e) => {
    const [most, cost, clock] = [count(e, "max_iterations"), count(e, "cost_usd"), count(e, "wall_clock_ms")];
    return {
      ...labelled("warning", "Budget exhausted", spaced(name(e, "kind"))),
      text: joinNotes([
        most !== null && `at most ${plural(most, "iteration")}`,
        cost !== null && formatCost(cost),
        clock !== null && formatDuration(clock),
      ]),
    };
  },
  budget_circuit_breaker: (e) => {
    const paused = count(e, "paused_for_ms");
    return {
      ...labelled("warning", "Circuit breaker", spaced(name(e, "kind"))),
      text: joinNotes([counted(e, "consecutive_count", "in a row"), paused !== null && `paused for ${formatDuration(paused)}`]),
    };
  },
  loop_stuck: (e) => ({
    family: "warning",
    label: "Loop stuck",
    text: joinNotes([`at iteration ${count(e, "last_iteration") ?? "–"}`, text(e, "tail_excerpt")]),
  }),
  agent_loop_stall_warning: (e) => ({
    family: "warning",
    label: "Loop stalled",
    text: textWithin(e, "warning", ["message", "reason", "kind"]) ?? text(e, "warning"),
  }),
  daemon_watchdog_tripped: (e) => {
    const elapsed = count(e, "elapsed_ms");
    return {
      family: "warning",
      label: "Daemon watchdog tripped",
      text: joinNotes([counted(e, "attempts", "attempts"), elapsed !== null && `after ${formatDuration(elapsed)}`]),
    };
  },
  capability_gap: (e) => ({
    ...labelled("warning", "Capability gap", spaced(name(e, "capability"))),
    text: text(e, "message"),
    status: name(e, "level"),
  }),
};

/** Of events that become one row with others: what each says. */
const folded: Record<string, Words> = {
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

const WORDS: ReadonlyMap<string, Words> = new Map(
  [conversation, loop, decisions, warnings, folded].flatMap((each) => Object.entries(each)),
);

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

function join(kind: EntryJoin["kind"], value: string | null): EntryJoin | null {
  return value === null || value === "" ? null : { kind, id: value };
}

/** The first text among the blocks of a message. */
function firstBlockText(e: SessionEvent): string {
  const content = fieldNode(e, "content");
  if (content === NO_NODE || e.tape.kind(content) !== "array") return valueHead(e.tape, content);
  const first = e.tape.next(content) > content + 1 ? content + 1 : NO_NODE;
  if (first === NO_NODE) return "";
  const within = textAt(e.tape, first, "text");
  return within === null ? valueHead(e.tape, first) : oneLine(within, TEXT_LIMIT);
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

function vetoWord(e: SessionEvent): string | null {
  return flag(e, "vetoed") ? "rejected" : flag(e, "skipped") ? "skipped" : null;
}

function removed(e: SessionEvent): string | null {
  const number = listLength(e, "removed_tools");
  return number === null ? null : `${plural(number, "tool")} removed`;
}

function counted(e: SessionEvent, field: string, word: string): string | null {
  const number = count(e, field);
  return number === null ? null : `${number.toLocaleString("en-US")} ${word}`;
}

function tokens(count: number | null): string {
  return count === null ? "–" : formatTokens(count);
}

function spaced(word: string | null): string | null {
  return word === null ? null : word.replace(/_/g, " ");
}
