import type { SessionEvent } from "../../../eventlog/sessionTimeline/SessionEvent.ts";
import { joinNotes } from "../../plainText.ts";
import { count, flag, name, text } from "../eventFields.ts";
import { labelled, spaced } from "./EventWords.ts";
import type { Words } from "./EventWords.ts";

/** What judges, classifiers and routers decided. By type of event (event log format, agent events). */
export const decisionWords: Record<string, Words> = {
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

function vetoWord(e: SessionEvent): string | null {
  return flag(e, "vetoed") ? "rejected" : flag(e, "skipped") ? "skipped" : null;
}
