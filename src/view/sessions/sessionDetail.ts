/** What the detail pane shows of a session and of one of its rows. */
import type { PlacedEvent } from "../../eventlog/LogView.ts";
import type { ChainLink } from "../../eventlog/provenance.ts";
import type { SessionEvent } from "../../eventlog/sessionTimeline/SessionEvent.ts";
import { NO_NODE } from "../../json/Tape.ts";
import { boundSections } from "../boundSections.ts";
import { formatCost } from "../formatCost.ts";
import { formatDuration } from "../formatDuration.ts";
import { longText, textSlice } from "../longText.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { statusView } from "../statusTone.ts";
import { structSections } from "../structFields.ts";
import { ofTape, sectionsOfTape } from "../textRef.ts";
import type { DetailField, DetailSection, RowDetail } from "../types.ts";
import { chainSentence, chainText, chainTone, linkSentence } from "./chainWords.ts";
import { fieldNode } from "./eventFields.ts";
import { momentView, originText, sessionName, sessionTitle } from "./sessionTable.ts";
import type { SessionPlaces } from "./sessionTable.ts";
import { entryTook, FAMILIES, FAMILY_NOUNS, statusWords } from "./TimelineEntry.ts";
import type { Family, SessionFacts, TimelineEntry } from "./TimelineEntry.ts";

/** An event of an entry, read again; null where the log has it no more. */
export interface EventRead {
  readonly id: bigint;
  readonly read: { readonly stored: PlacedEvent; readonly event: SessionEvent } | null;
  /** Why it could not be read; null when it is only not there. */
  readonly fault: string | null;
  /** Null where nothing is wrong with its place in the chain. */
  readonly link: ChainLink | null;
}

/** Links from an entry to what tells of the same thing. */
export interface EntryLinks {
  readonly call: string | null;
  readonly recording: string | null;
  readonly handoff: string | null;
  /** Row of the table of questions; null when the entry is about none. */
  readonly question: string | null;
  readonly child: string | null;
}

/** Most units of the joined text of a message that came in chunks. */
const JOINED_LIMIT = 40_000;
const NAME_LIMIT = 400;

/** @param oddLinks links of its topic's chain that do not hold */
export function sessionDetail(session: SessionFacts, places: SessionPlaces, oddLinks: readonly ChainLink[]): RowDetail {
  const families = new Map<Family, number>();
  for (const { family } of session.entries) families.set(family, (families.get(family) ?? 0) + 1);
  const fields: DetailField[] = [
    { name: "session", value: sessionName(session) },
    { name: "found", value: originText(session.origin, places) },
    { name: "topic", value: oneLine(session.topic, NAME_LIMIT) },
    ...stageFields(places, session),
    ...momentFields("first event", session.firstMs),
    ...momentFields("last event", session.lastMs),
    { name: "events", value: session.eventCount.toLocaleString("en-US") },
  ];
  if (session.origin?.kind === "child") {
    fields.push({
      name: "child run",
      value: places.childName(session.origin.child),
      link: { kind: "row", rowId: `child:${session.origin.child}` },
    });
  }
  if (session.tokensIn !== null) fields.push({ name: "tokens in", value: session.tokensIn.toLocaleString("en-US") });
  if (session.tokensOut !== null) fields.push({ name: "tokens out", value: session.tokensOut.toLocaleString("en-US") });
  if (session.costUsd !== null) fields.push({ name: "cost", value: formatCost(session.costUsd) });
  if (session.hiddenCount > 0) {
    fields.push({
      name: "hidden",
      value: plural(session.hiddenCount, "checkpoint"),
      hint: "Written at every step of the loop; they are counted, not listed.",
    });
  }
  if (session.copyCount > 0) {
    fields.push({
      name: "copies",
      value: `${plural(session.copyCount, "event")} of other sessions`,
      hint: "A parent’s topic repeats what its children’s sessions write; the runtime’s replay drops the copies. They are listed with their own session.",
    });
  }
  if (session.carrier !== null) fields.push({ name: "known by", value: `the topic of ${oneLine(session.carrier, NAME_LIMIT)} only` });
  const counts: DetailField[] = (Object.keys(FAMILIES) as Family[]).flatMap((family) => {
    const count = families.get(family);
    return count === undefined ? [] : [{ name: FAMILIES[family].toLowerCase(), value: count.toLocaleString("en-US") }];
  });
  const chain: DetailField[] = [
    { name: "state", value: chainText(session.chain) || "–", tone: chainTone(session.chain), hint: chainSentence(session.chain) },
    { name: "meaning", value: chainSentence(session.chain) },
  ];
  const faults = session.entries.filter(({ fault }) => fault !== null).slice(0, 50);
  const sections: DetailSection[] = [
    { kind: "fields", title: "Agent session", fields },
    ...(counts.length > 0 ? [{ kind: "fields" as const, title: "Rows", fields: counts }] : []),
    { kind: "fields", title: "Provenance chain", fields: chain },
    ...(oddLinks.length > 0
      ? [
          {
            kind: "list" as const,
            title: "Links that do not hold",
            items: oddLinks.map((link) => ({ name: `event ${link.id}`, ...linkSentence(link) })),
          },
        ]
      : []),
  ];
  if (faults.length > 0) {
    sections.push({
      kind: "list",
      title: "The runtime’s replay would not take",
      items: faults.map(({ id, label, fault }) => ({
        name: label,
        value: oneLine(fault ?? "", NAME_LIMIT),
        link: { kind: "tableRow", table: "sessions", rowId: id },
      })),
    });
  }
  return {
    rowId: session.id,
    kind: "session",
    title: sessionTitle(session, places),
    subtitle: joinNotes(["agent session", plural(session.eventCount, "event"), chainText(session.chain)]),
    status: null,
    path: oneLine(session.topic, NAME_LIMIT),
    offset: null,
    sections: boundSections(sections),
    raw: null,
    card: null,
  };
}

/** @param events the entry's events as they are in the log now; the texts in the answer refer to the tapes of those that were read, in that order */
export function entryDetail(entry: TimelineEntry, events: readonly EventRead[], places: SessionPlaces, links: EntryLinks): RowDetail {
  const { session } = entry;
  const took = entryTook(entry);
  const fields: DetailField[] = [{ name: "what", value: entry.label }];
  if (entry.status !== null) fields.push({ name: "status", value: statusWords(entry.status), ...toneOf(entry.status) });
  if (entry.error !== null) fields.push({ name: "error", value: entry.error, tone: "failure" });
  if (entry.executor !== null) fields.push({ name: "executor", value: entry.executor });
  fields.push(...momentFields("began", entry.startMs));
  if (entry.endMs !== null) fields.push(...momentFields("ended", entry.endMs));
  if (took !== null) fields.push({ name: "took", value: formatDuration(took) });
  fields.push(...stageFields(places, entry));
  fields.push({ name: "session", value: sessionName(session), link: { kind: "tableRow", table: "sessions", rowId: session.id } });
  const link = (name: string, value: string, rowId: string | null): void => {
    if (rowId !== null) fields.push({ name, value, link: { kind: "row", rowId } });
  };
  link("tool call", "in the transcript", links.call);
  link("tool recording", "in the record", links.recording);
  link("handoff", "in the record", links.handoff);
  link("child run", "in the record", links.child);
  if (links.question !== null) {
    fields.push({ name: "request", value: "in Questions", link: { kind: "tableRow", table: "questions", rowId: links.question } });
  }
  if (entry.fault !== null) fields.push({ name: "replay", value: entry.fault, tone: "warning" });
  const sections: DetailSection[] = [{ kind: "fields", title: capitalised(FAMILY_NOUNS[entry.family]), fields }];
  const joined = joinedText(events);
  if (joined !== null) sections.push(joined);
  let tape = 0;
  for (const event of events) sections.push(...eventSections(event, event.read === null ? 0 : tape++));
  if (entry.eventCount > events.length) {
    sections.push({
      kind: "fields",
      title: "Not shown",
      fields: [{ name: "events", value: `${plural(entry.eventCount - events.length, "more event")} of this row` }],
    });
  }
  const first = events.find(({ read }) => read !== null)?.read ?? null;
  const ids = entry.refs.map(({ id }) => id);
  return {
    rowId: entry.id,
    kind: entry.family === "tool" ? "toolCall" : "agentEvent",
    title: entry.label,
    subtitle: joinNotes([
      FAMILY_NOUNS[entry.family],
      entry.status !== null && statusWords(entry.status),
      took !== null && formatDuration(took),
    ]),
    status: entry.status === null ? null : statusView(statusWords(entry.status)),
    path: `${oneLine(session.topic, NAME_LIMIT)}:${ids.length > 1 ? `${ids[0]}…${ids.at(-1)}` : (ids[0] ?? "")}`,
    offset: null,
    sections: boundSections(sections),
    raw: first === null ? null : longText(first.stored.payload.tape, first.stored.payload.node, "json"),
    card: null,
  };
}

/** The text of a message that came in several chunks, as far as its events were read. */
function joinedText(events: readonly EventRead[]): DetailSection | null {
  const chunks = events.flatMap(({ read }) => (read === null ? [] : [read.event]));
  if (chunks.length < 2 || chunks.some(({ tag }) => tag !== "agent_message_chunk" && tag !== "agent_thought_chunk")) return null;
  let text = "";
  for (const event of chunks) {
    const node = fieldNode(event, "content");
    if (node === NO_NODE || event.tape.kind(node) !== "string") continue;
    text += textSlice(event.tape, node, "string", 0, JOINED_LIMIT).text;
    if (text.length >= JOINED_LIMIT) break;
  }
  const head = text.slice(0, JOINED_LIMIT);
  return { kind: "text", title: "text", text: { head, length: head.length, ref: null }, format: "plain" };
}

/** Everything of one event: its fields, and what the log keeps with it. */
function eventSections({ id, read, fault, link }: EventRead, tape: number): DetailSection[] {
  if (read === null) {
    const value = fault ?? "The log has it no more.";
    return [{ kind: "fields", title: `Event ${id}`, fields: [{ name: "state", value, tone: "warning" }] }];
  }
  const { stored, event } = read;
  const title = `${oneLine(event.tag, 80)} (event ${id})`;
  const said = linkSentence(link);
  const fields: DetailField[] = [
    ...momentFields("stored", event.atMs),
    ...(event.atMs === null ? [{ name: "occurred_at_ms", value: String(stored.occurredAtMs) }] : []),
    ...(stored.kind === event.tag ? [] : [{ name: "kind in the log", value: oneLine(stored.kind, NAME_LIMIT) }]),
    ...(event.fault === null ? [] : [{ name: "replay", value: event.fault, tone: "warning" as const }]),
    { name: "chain", ...said },
    ...[...stored.headers].map(([name, value]) => ({ name: `header ${oneLine(name, 120)}`, value: oneLine(value, NAME_LIMIT) })),
  ];
  const { tape: text, node } = event;
  const isStruct = node !== NO_NODE && (text.kind(node) === "object" || text.kind(node) === "array");
  // Most events have few of the fields they may have: those that are absent say nothing.
  const order = event.order.filter((name) => (isStruct && text.kind(node) === "array") || fieldNode(event, name) !== NO_NODE);
  const own = isStruct ? structSections(text, node, { title, order, ...(event.order.length === 0 ? { free: true as const } : {}) }) : [];
  return [
    ...sectionsOfTape(own, tape),
    { kind: "fields", title: own.length > 0 ? `Event ${id} in the log` : title, fields },
    {
      kind: "text",
      title: `payload of event ${id}`,
      text: ofTape(longText(stored.payload.tape, stored.payload.node, "json"), tape),
      format: "json",
    },
  ];
}

function stageFields(places: SessionPlaces, row: SessionFacts | TimelineEntry): DetailField[] {
  const stage = places.stageOf(row);
  return stage === null ? [] : [{ name: "stage", value: places.stageName(stage), link: { kind: "row", rowId: `stage:${stage}` } }];
}

function momentFields(name: string, ms: number | null): DetailField[] {
  if (ms === null) return [];
  const time = momentView(ms);
  return [{ name, value: time.text, time }];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function toneOf(status: string): Pick<DetailField, "tone"> {
  const tone = statusView(status)?.tone;
  return tone === undefined ? {} : { tone };
}
