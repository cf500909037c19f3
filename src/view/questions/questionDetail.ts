import type { LogEvent } from "../../eventlog/LogEvent.ts";
import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId, Tape } from "../../json/Tape.ts";
import type { RunHitlQuestionRecord } from "../../record/types.ts";
import { memberOf, stringMember } from "../../record/sliceAccess.ts";
import { boundSections } from "../boundSections.ts";
import { formatDuration } from "../formatDuration.ts";
import { longText } from "../longText.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import { addValue, structSections } from "../structFields.ts";
import { ofTape, sectionsOfTape } from "../textRef.ts";
import type { DetailField, DetailSection, RowDetail } from "../types.ts";
import { answerText, askedText, roleOf } from "./answerText.ts";
import { eventSections, lateSections, signatureSections, voteSections } from "./eventSections.ts";
import { mergeReason } from "./mergeReason.ts";
import { FOUND_HINTS, foundIn, KIND_NAMES, stateView } from "./QuestionFacts.ts";
import type { QuestionFacts } from "./QuestionFacts.ts";
import { askedTime, byText, overdue, waitedText } from "./questionsTable.ts";

/** What the detail needs beside the row's facts. */
export interface QuestionDetailGiven {
  readonly nowMs: number;
  /** What the record has of it, and where. */
  readonly stored: { readonly question: RunHitlQuestionRecord; readonly tape: Tape; readonly node: NodeId; readonly path: string } | null;
  /** The last state of its waiting point; null when the log has none, or it was not read. */
  readonly waitpoint: LogEvent | null;
}

/** The detail of a request, and the texts it comes from: its events in their order, its waiting point's state, what the record has of it. */
export function questionDetail(
  facts: QuestionFacts,
  given: QuestionDetailGiven,
): { readonly detail: RowDetail; readonly tapes: readonly Tape[] } {
  const { entry } = facts;
  const { stored, waitpoint } = given;
  const tapes = entry.events.map(({ event }) => event.payload.tape);
  const sections: DetailSection[] = [requestSection(facts, given), outcomeSection(facts, given.nowMs)];
  sections.push(...answerSections(facts), ...voteSections(entry), ...signatureSections(entry), ...lateSections(facts));
  sections.push(...askedSections(facts), ...eventSections(entry.events));
  if (waitpoint !== null) {
    const { tape, node } = waitpoint.payload;
    sections.push(...sectionsOfTape(structSections(tape, node, { title: "Waiting point", order: [], free: true }), tapes.length));
    tapes.push(tape);
  }
  if (stored !== null) {
    sections.push(
      ...sectionsOfTape(structSections(stored.tape, stored.node, { title: "In the record", order: STORED_ORDER }), tapes.length),
    );
    tapes.push(stored.tape);
  }
  const first = entry.events[0];
  const own = first?.event.payload ?? null;
  const raw =
    own !== null ? longText(own.tape, own.node, "json") : stored !== null && stored.node !== NO_NODE ? storedRaw(stored, tapes) : null;
  return {
    detail: {
      rowId: facts.rowId,
      kind: "question",
      title: oneLine(entry.prompt, 160) || KIND_NAMES[entry.kind],
      subtitle: joinNotes([KIND_NAMES[entry.kind], byText(facts)]),
      status: stateView(facts.state),
      path: first === undefined ? (stored?.path ?? "") : `${first.topic} #${first.event.id}`,
      offset: stored === null || stored.node === NO_NODE ? null : stored.tape.start(stored.node),
      sections: boundSections(sections),
      raw,
      card: null,
    },
    tapes,
  };
}

const STORED_ORDER = ["request_id", "prompt", "agent", "trace_id", "asked_at"];

function storedRaw(stored: NonNullable<QuestionDetailGiven["stored"]>, tapes: readonly Tape[]): RowDetail["raw"] {
  return ofTape(longText(stored.tape, stored.node, "json"), tapes.length - 1);
}

function requestSection(facts: QuestionFacts, { stored }: QuestionDetailGiven): DetailSection {
  const { entry } = facts;
  const { request } = entry;
  const time = askedTime(facts);
  const fields: DetailField[] = [
    { name: "kind", value: KIND_NAMES[entry.kind] },
    { name: "asked", value: askedText(facts) },
  ];
  if (roleOf(entry) !== "") fields.push({ name: "to", value: roleOf(entry) });
  if (facts.stageRow !== null) fields.push({ name: "stage", value: facts.stageName, link: { kind: "row", rowId: facts.stageRow } });
  else fields.push({ name: "stage", value: "–", hint: "It was asked while no stage went on, as far as the record tells." });
  fields.push({ name: "agent", value: entry.agent === "" ? "–" : oneLine(entry.agent, 200) });
  if (time !== null) fields.push({ name: "at", value: time.text, ...(time.epochMs === null ? {} : { time }) });
  if (request !== null && (entry.kind === "approval" || entry.kind === "dualControl")) {
    const among = request.approvers.length === 0 ? "anybody" : request.approvers.map((name) => oneLine(name, 80)).join(", ");
    fields.push({ name: "votes needed", value: `${request.votesNeeded} of ${among}` });
  }
  const limit = request?.timeoutMs ?? null;
  if (request !== null) fields.push({ name: "time limit", value: limit === null ? "none" : formatDuration(Number(limit)) });
  fields.push({ name: "found in", value: foundIn(facts), hint: FOUND_HINTS[entry.belongs] });
  if (facts.questionRow !== null)
    fields.push({ name: "record", value: stored?.path ?? "in the record", link: { kind: "row", rowId: facts.questionRow } });
  fields.push({ name: "after a normalise", value: mergeReason(facts, stored?.question ?? null) });
  fields.push({ name: "request id", value: oneLine(entry.requestId, 400) });
  if (entry.traceId !== null) fields.push({ name: "trace", value: oneLine(entry.traceId, 400) });
  if (request !== null) fields.push({ name: "run", value: request.runId === null ? "– (names none)" : oneLine(request.runId, 400) });
  return { kind: "fields", title: "Request", fields };
}

function outcomeSection(facts: QuestionFacts, nowMs: number): DetailSection {
  const { state, entry } = facts;
  const { outcome } = entry;
  const { text, tone } = stateView(state);
  const fields: DetailField[] = [{ name: "outcome", value: state === "notKnown" ? `${text}: ${facts.unknown}` : text, tone }];
  fields.push({ name: "answer", value: answerText(facts) });
  fields.push({ name: "waited", value: waitedText(facts, nowMs) });
  if (outcome !== null) {
    if (outcome.by !== null && outcome.by !== "") fields.push({ name: "by", value: oneLine(outcome.by, 200) });
    if (outcome.reason !== null && outcome.reason !== "") fields.push({ name: "reason", value: oneLine(outcome.reason, 600) });
    const at = timeView(outcome.at);
    if (at !== null) fields.push({ name: "at", value: oneLine(at.text, 60), ...(at.epochMs === null ? {} : { time: at }) });
  }
  const note = noteOf(facts, nowMs);
  if (note !== null) fields.push({ name: "note", value: note });
  return { kind: "fields", title: "Outcome", fields };
}

/** What one should know of an outcome beyond its name. */
function noteOf(facts: QuestionFacts, nowMs: number): string | null {
  const { state, entry } = facts;
  switch (state) {
    case "open":
      return overdue(facts, nowMs);
    case "neverAnswered":
      return "The run is over and the log tells of no answer.";
    case "timedOut":
      if (entry.kind !== "question") return null;
      return (entry.request?.fallback ?? null) === null
        ? "There was no default: the script got an error."
        : "The script went on with the default.";
    case "responded":
      return "Somebody answered without accepting: the script waits on.";
    case "notKnown":
      return "A record keeps what was asked, never what was answered: that stands in the event log.";
    default:
      return null;
  }
}

/** The whole answer, where it says more than one line does. */
function answerSections({ entry }: QuestionFacts): DetailSection[] {
  const answer = entry.outcome?.answer ?? null;
  const settledBy = entry.outcome?.settledBy ?? null;
  const place = entry.events.findIndex(({ event }) => event === settledBy);
  if (answer === null || place === -1) return [];
  const fields: DetailField[] = [];
  const sections: DetailSection[] = [];
  addValue(answer.tape, entry.outcome?.state === "executed" ? "result" : "answer", answer.node, {}, fields, sections);
  if (fields.length > 0) return [];
  return sectionsOfTape(sections, place);
}

/** What was asked, with all its fields as they were written. */
function askedSections({ entry }: QuestionFacts): DetailSection[] {
  const payload = entry.request?.event.payload ?? null;
  const inner = memberOf(payload, "payload");
  if (inner === null || payload === null) return [];
  const title = `What was asked (${stringMember(payload, "kind") ?? KIND_NAMES[entry.kind]})`;
  return structSections(inner.tape, inner.node, { title: oneLine(title, 80), order: [], free: true });
}
