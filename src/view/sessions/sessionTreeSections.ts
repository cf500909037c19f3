/** What the log tells of rows of the tree, for the end of their details. */
import { formatDuration } from "../formatDuration.ts";
import { joinNotes, plural } from "../plainText.ts";
import { statusView } from "../statusTone.ts";
import type { DetailField, DetailSection } from "../types.ts";
import { chainText } from "./chainWords.ts";
import { entriesOf, sessionName } from "./sessionTable.ts";
import { entryTook, statusWords } from "./TimelineEntry.ts";
import type { SessionFacts } from "./TimelineEntry.ts";

/** Most items of one section. */
const ITEM_LIMIT = 50;

/** The agent sessions of a stage. */
export function stageSections(sessions: readonly SessionFacts[]): DetailSection[] {
  if (sessions.length === 0) return [];
  const items = sessions
    .slice(0, ITEM_LIMIT)
    .map((session): DetailField => ({
      name: plural(session.eventCount, "event"),
      value: joinNotes([sessionName(session), chainText(session.chain)]),
      link: { kind: "tableRow", table: "sessions", rowId: session.id },
    }));
  return [{ kind: "list", title: sessions.length > ITEM_LIMIT ? `Agent sessions (first ${ITEM_LIMIT})` : "Agent sessions", items }];
}

/** What the events of a session say of a tool call. */
export function callSections(sessions: readonly SessionFacts[], callId: string): DetailSection[] {
  const entries = entriesOf(sessions, { kind: "tool", id: callId }).slice(0, ITEM_LIMIT);
  if (entries.length === 0) return [];
  return entries.map((entry): DetailSection => {
    const took = entryTook(entry);
    const tone = entry.status === null ? undefined : statusView(entry.status)?.tone;
    const fields: DetailField[] = [
      {
        name: "status",
        value: entry.status === null ? "–" : statusWords(entry.status),
        ...(tone === undefined ? {} : { tone }),
        link: { kind: "tableRow", table: "sessions", rowId: entry.id },
      },
    ];
    if (took !== null) fields.push({ name: "took", value: formatDuration(took) });
    if (entry.executor !== null) fields.push({ name: "executor", value: entry.executor });
    if (entry.error !== null) fields.push({ name: "error", value: entry.error, tone: "failure" });
    return { kind: "fields", title: "In the event log", fields };
  });
}
