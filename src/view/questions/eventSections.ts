/** Sections of a request's detail that come from the events that followed it. */
import type { HitlEntry, TopicEvent } from "../../eventlog/hitlLedger.ts";
import type { LogEvent } from "../../eventlog/LogEvent.ts";
import { arrayOf, memberOf, stringMember } from "../../record/sliceAccess.ts";
import { formatDuration } from "../formatDuration.ts";
import { longText } from "../longText.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import { structSections } from "../structFields.ts";
import { sectionsOfTape } from "../textRef.ts";
import type { DetailField, DetailSection, StatusTone } from "../types.ts";
import { lateAnswers, valueText, votesInTime, voteText } from "./answerText.ts";
import type { QuestionFacts } from "./QuestionFacts.ts";

const RECORD_HASH = "harn.provenance.record_hash";
/** Events whose own text is shown whole. */
const RAW_LIMIT = 40;

/** Votes in their order, without those that came too late: who, what it counts for, why. */
export function voteSections(entry: HitlEntry): DetailSection[] {
  const votes = votesInTime(entry);
  if (votes.length === 0) return [];
  const tones: Readonly<Record<(typeof votes)[number]["counts"], StatusTone>> = {
    approval: "success",
    denial: "failure",
    outsider: "warning",
    repeated: "warning",
  };
  const items = votes.map((vote): DetailField => {
    const signature = stringMember(vote.event.payload, "signature");
    const reason = vote.reason === null || vote.reason === "" ? null : `“${oneLine(vote.reason, 300)}”`;
    return {
      name: "",
      value: joinNotes([voteText(vote), reason, signature !== null && `signed ${oneLine(signature, 100)}`]),
      tone: tones[vote.counts],
      ...(vote.at === null ? loggedTime(vote.event) : timeOf(vote.at)),
    };
  });
  return [{ kind: "list", title: "Votes", items }];
}

/** The signatures of the record that the runtime makes of an approval. */
export function signatureSections({ events }: HitlEntry): DetailSection[] {
  const items: DetailField[] = [];
  for (const { event } of events) {
    if (!event.kind.endsWith("_approved")) continue;
    for (const signed of arrayOf(memberOf(memberOf(event.payload, "record"), "signatures")) ?? []) {
      items.push({
        name: oneLine(stringMember(signed, "reviewer") ?? "somebody", 80),
        value: oneLine(stringMember(signed, "signature") ?? "–", 300),
        ...timeOf(stringMember(signed, "signed_at")),
      });
    }
  }
  return items.length === 0 ? [] : [{ kind: "list", title: "Signatures", items }];
}

/** Answers that came when all was settled. */
export function lateSections(facts: QuestionFacts): DetailSection[] {
  const settled = facts.entry.outcome?.settledBy?.occurredAtMs ?? null;
  const items = lateAnswers(facts).map((event): DetailField => {
    const after = settled === null ? "" : `${formatDuration(Number(event.occurredAtMs - settled))} too late`;
    return {
      name: oneLine(stringMember(event.payload, "reviewer") ?? "somebody", 80),
      value: joinNotes([saidText(event), after]),
      tone: "warning",
    };
  });
  return items.length === 0 ? [] : [{ kind: "list", title: "Came too late", items }];
}

function saidText({ payload }: LogEvent): string {
  for (const name of ["answer", "approved", "accepted"]) {
    const said = memberOf(payload, name);
    if (said !== null) return name === "answer" ? valueText(said) : `${name}: ${valueText(said)}`;
  }
  return "nothing";
}

/** Every event in its order: what it says, when and where it stands, and its own text. */
export function eventSections(events: readonly TopicEvent[]): DetailSection[] {
  if (events.length === 0) return [];
  const items = events.map(({ topic, event }): DetailField => {
    const hash = event.headers.get(RECORD_HASH);
    const others = [...event.headers].filter(([name]) => name !== RECORD_HASH).map(([name, value]) => `${name}: ${value}`);
    return {
      name: `${topic} #${event.id}`,
      value: joinNotes([oneLine(event.kind, 80), hash !== undefined && oneLine(hash, 100)]),
      ...loggedTime(event),
      ...(others.length === 0 ? {} : { hint: oneLine(others.join("; "), 1000) }),
    };
  });
  const sections: DetailSection[] = [];
  for (const [place, { topic, event }] of events.slice(0, RAW_LIMIT).entries()) {
    const { tape, node } = event.payload;
    const title = `${oneLine(event.kind, 80)} (${topic} #${event.id})`;
    // The request's own fields are shown above, and its text stands at the end of every detail.
    if (place > 0) {
      const raw: DetailSection = { kind: "text", title: `${title}, raw`, text: longText(tape, node, "json"), format: "json" };
      sections.push(...sectionsOfTape([...structSections(tape, node, { title, order: [], free: true }), raw], place));
    }
    sections.push(...headerSections(event, topic));
  }
  return [{ kind: "list", title: "In the event log", items }, ...sections];
}

function headerSections({ headers, id }: LogEvent, topic: string): DetailSection[] {
  const fields = [...headers].map(([name, value]): DetailField => ({ name: oneLine(name, 120), value: oneLine(value, 400) }));
  return fields.length === 0 ? [] : [{ kind: "fields", title: `Headers of ${topic} #${id}`, fields }];
}

function timeOf(text: string | null): Pick<DetailField, "time"> {
  const time = timeView(text);
  return time === null || time.epochMs === null ? {} : { time };
}

/** When the log took an event in. */
function loggedTime({ occurredAtMs }: LogEvent): Pick<DetailField, "time"> {
  return { time: { text: String(occurredAtMs), epochMs: Number(occurredAtMs) } };
}
