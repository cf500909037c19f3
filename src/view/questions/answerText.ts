import type { HitlVote } from "../../eventlog/hitlOutcome.ts";
import type { LogEvent } from "../../eventlog/LogEvent.ts";
import type { JsonSlice } from "../../json/JsonSlice.ts";
import { memberOf, stringMember, stringOf } from "../../record/sliceAccess.ts";
import { textSlice } from "../longText.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import type { QuestionFacts } from "./QuestionFacts.ts";

/** Most UTF-16 units of a value, of a name and of a reason on one line. */
const VALUE_LIMIT = 200;
const NAME_LIMIT = 80;
/** Votes named on one line. */
const VOTES_SHOWN = 6;

/** A value on one line: text in quotes, anything else as its JSON. */
export function valueText({ tape, node }: JsonSlice): string {
  if (tape.kind(node) === "string") return `“${oneLine(textSlice(tape, node, "string", 0, VALUE_LIMIT * 2).text, VALUE_LIMIT)}”`;
  return oneLine(textSlice(tape, node, "json", 0, VALUE_LIMIT * 2).text, VALUE_LIMIT);
}

/** What was asked, on one line: the prompt, and of an escalation whom it went to. */
export function askedText({ entry }: QuestionFacts): string {
  const prompt = oneLine(entry.prompt, VALUE_LIMIT);
  const quoted = prompt === "" ? "" : `“${prompt}”`;
  const role = roleOf(entry);
  if (role !== "") return quoted === "" ? `to ${role}` : `to ${role}: ${quoted}`;
  return quoted === "" ? "without text" : quoted;
}

/** Whom an escalation went to. */
export function roleOf({ kind, request }: QuestionFacts["entry"]): string {
  if (kind !== "escalation" || request === null) return "";
  return oneLine(stringMember(memberOf(request.event.payload, "payload"), "role") ?? "", NAME_LIMIT);
}

/** Votes that came in time. */
export function votesInTime({ outcome }: QuestionFacts["entry"]): readonly HitlVote[] {
  if (outcome === null || outcome.late.length === 0) return outcome?.votes ?? [];
  const late = new Set(outcome.late);
  return outcome.votes.filter(({ event }) => !late.has(event));
}

/** "1 of 2": votes that count, of those needed; empty for what is not voted on. */
export function votesText({ entry }: QuestionFacts): string {
  if (entry.request === null || entry.outcome === null || (entry.kind !== "approval" && entry.kind !== "dualControl")) return "";
  return `${votesInTime(entry).filter(({ counts }) => counts === "approval").length} of ${entry.request.votesNeeded}`;
}

/** The answer on one line; "–" where nothing is known of one. */
export function answerText(facts: QuestionFacts): string {
  const { entry, state } = facts;
  const { outcome } = entry;
  if (outcome === null) return "–";
  const by = outcome.by === null || outcome.by === "" ? "somebody" : oneLine(outcome.by, NAME_LIMIT);
  switch (state) {
    case "answered":
      return `${by}: ${outcome.answer === null ? "nothing" : valueText(outcome.answer)}`;
    case "accepted":
    case "responded":
      return `${by}: ${joinNotes([state === "accepted" ? "accepted" : "not accepted", outcome.reason !== null && `“${oneLine(outcome.reason, VALUE_LIMIT)}”`])}`;
    case "executed":
      return `${plural(outcome.approvals, "signature")}, then run: ${outcome.answer === null ? "ok" : valueText(outcome.answer)}`;
    case "approved":
    case "denied":
    case "open":
    case "neverAnswered":
    case "timedOut":
    case "cancelled":
      return voted(facts) ?? silence(facts);
    case "notKnown":
      return "–";
  }
}

/** "1 of 2 — ops-lead: yes"; null where nobody voted. */
function voted(facts: QuestionFacts): string | null {
  const { outcome } = facts.entry;
  const progress = votesText(facts);
  if (outcome === null || progress === "") return null;
  const inTime = votesInTime(facts.entry);
  if (inTime.length === 0) {
    if (facts.state !== "approved" && facts.state !== "denied") return null;
    const by = outcome.by === null ? "" : `${oneLine(outcome.by, NAME_LIMIT)}: ${facts.state === "approved" ? "yes" : "no"}`;
    return by === "" ? facts.state : by;
  }
  const votes = inTime.slice(0, VOTES_SHOWN).map(voteText);
  const more = inTime.length > VOTES_SHOWN ? [`${inTime.length - VOTES_SHOWN} more`] : [];
  return `${progress} — ${[...votes, ...more].join(", ")}`;
}

/** A vote: who, and what it counts for. */
export function voteText(vote: HitlVote): string {
  const who = vote.reviewer === null || vote.reviewer === "" ? "somebody" : oneLine(vote.reviewer, NAME_LIMIT);
  return `${who}: ${VOTE_WORDS[vote.counts]}`;
}

const VOTE_WORDS: Readonly<Record<HitlVote["counts"], string>> = {
  approval: "yes",
  denial: "no",
  outsider: "not asked (does not count)",
  repeated: "again (does not count)",
};

function silence({ state, entry }: QuestionFacts): string {
  if (state === "open") return "nobody yet";
  const fallback = entry.request?.fallback ?? null;
  return state !== "timedOut" || fallback === null ? "nobody" : `nobody — the default ${valueText(fallback)} was used`;
}

/** Answers that came when the request was settled already. */
export function lateAnswers({ entry }: QuestionFacts): readonly LogEvent[] {
  return (entry.outcome?.late ?? []).filter(({ kind }) => kind === "hitl.response_received" || kind === "hitl.escalation_accepted");
}

/** All texts of a request in which words are looked for. */
export function questionSearchText(facts: QuestionFacts): string {
  const { entry } = facts;
  const { outcome, request } = entry;
  const answer = outcome?.answer ?? null;
  return [
    entry.prompt,
    roleOf(entry),
    entry.agent,
    facts.stageName,
    answerText(facts),
    answer === null ? "" : (stringOf(answer) ?? ""),
    outcome?.by ?? "",
    outcome?.reason ?? "",
    ...(outcome?.votes ?? []).flatMap(({ reviewer, reason }) => [reviewer ?? "", reason ?? ""]),
    ...(request?.approvers ?? []),
    entry.requestId,
  ].join("\n");
}
