/** The table of agent sessions: a row for each session, and below it what happened in it. */
import type { SessionOrigin } from "../../eventlog/sessionTimeline/namedSessions.ts";
import { formatCost } from "../formatCost.ts";
import { formatDuration } from "../formatDuration.ts";
import { formatTokens } from "../formatTokens.ts";
import { momentText } from "../momentText.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { statusTone } from "../statusTone.ts";
import { UNKNOWN_CELL } from "../table/cells.ts";
import type { TableSpec } from "../table/TableSpec.ts";
import type { TableCell } from "../tables.ts";
import type { TimeView } from "../types.ts";
import { chainText, chainTone } from "./chainWords.ts";
import { entryTook, FAMILIES, plus, statusWords } from "./TimelineEntry.ts";
import type { Family, SessionFacts, SessionRow, TimelineEntry } from "./TimelineEntry.ts";

/** What the rows ask of the record; asked each time, since the record changes. */
export interface SessionPlaces {
  /** The stage of a session, or of something in it; null when none is known. */
  stageOf(row: SessionRow): number | null;
  stageName(stage: number | null): string;
  /** The row of the tree that an entry or a session leads to. */
  treeRow(row: SessionRow): string | null;
  /** The name of a child run. */
  childName(child: number): string;
}

const NOTHING: TableCell = { text: "" };
/** Most UTF-16 units of a session's id in a row. */
const ID_LIMIT = 120;

const ICONS: Readonly<Record<Family, string>> = {
  message: "comment",
  thought: "lightbulb",
  tool: "tools",
  iteration: "sync",
  compaction: "fold",
  warning: "warning",
  human: "person",
  worker: "server-process",
  handoff: "arrow-swap",
  reminder: "bell",
  feedback: "reply",
  decision: "law",
  skill: "mortar-board",
  other: "circle-small",
};

export function sessionTable(places: SessionPlaces): TableSpec<SessionRow> {
  return {
    id: "sessions",
    columns: [
      { id: "time", title: "Time", align: "start", width: 14, cell: (row) => timeCell(startOf(row)), sortKey: startOf },
      {
        id: "what",
        title: "What",
        align: "start",
        width: 30,
        cell: (row) => ({ text: row.level === 1 ? sessionTitle(row, places) : row.label }),
        sortKey: (row) => (row.level === 1 ? sessionTitle(row, places) : row.label),
      },
      { id: "detail", title: "Detail", align: "start", width: 40, grows: true, cell: (row) => detailCell(row, places) },
      { id: "status", title: "Status", align: "start", width: 16, cell: statusCell, sortKey: (row) => statusCell(row).text },
      { id: "took", title: "Took", align: "end", width: 9, cell: (row) => amount(tookOf(row), formatDuration), sortKey: tookOf },
      { id: "tokens", title: "Tokens", align: "end", width: 9, cell: tokensCell, sortKey: tokensOf },
      {
        id: "stage",
        title: "Stage",
        align: "start",
        width: 18,
        cell: (row) => ({ text: oneLine(places.stageName(places.stageOf(row)), 60) }),
        sortKey: (row) => places.stageOf(row),
      },
    ],
    filters: [
      { id: "family", title: "Family", value: (row) => (row.level === 1 ? null : { value: row.family, label: FAMILIES[row.family] }) },
      {
        id: "session",
        title: "Session",
        value: (row) => {
          const session = row.level === 1 ? row : row.session;
          return {
            value: session.id,
            // Asked for once a session, not once a row.
            get label() {
              return sessionTitle(session, places);
            },
          };
        },
      },
      {
        id: "status",
        title: "Status",
        value: (row) => (row.level === 1 || row.status === null ? null : { value: row.status, label: statusWords(row.status) }),
      },
    ],
    row: (row) => ({
      id: row.id,
      level: row.level,
      label: row.level === 1 ? `Session ${sessionTitle(row, places)}` : row.label,
      icon: row.level === 1 ? "comment-discussion" : ICONS[row.family],
      treeRow: places.treeRow(row),
      opens: false,
    }),
    searchText: (row) =>
      row.level === 1
        ? `${sessionTitle(row, places)} ${row.topic}`
        : `${row.label} ${row.text} ${row.status ?? ""} ${row.error ?? ""} ${row.executor ?? ""} ${row.join?.id ?? ""}`,
  };
}

/** A session's id as a row and a message name it. */
export function sessionName({ sessionId }: Pick<SessionFacts, "sessionId">): string {
  return sessionId === "" ? "events without a session" : oneLine(sessionId, ID_LIMIT);
}

/** A session's id behind what people know it by: the child run whose worker had it, else the stage. */
export function sessionTitle(session: SessionFacts, places: SessionPlaces): string {
  const { origin } = session;
  const known = origin?.kind === "child" ? places.childName(origin.child) : places.stageName(places.stageOf(session));
  return joinNotes([oneLine(known, 60), sessionName(session)]);
}

/** How a session was found, in a few words. */
export function originText(origin: SessionOrigin | null, places: Pick<SessionPlaces, "childName">): string {
  switch (origin?.kind) {
    case "record":
      return "named by the record";
    case "child":
      return `worker of child ${oneLine(places.childName(origin.child), 60)}`;
    case "time":
      return "in the run’s time";
    case undefined:
      return "not of this run";
  }
}

/** Said above the rows. */
export function sessionSummary(rows: readonly SessionRow[]): string {
  const sessions = rows.filter((row) => row.level === 1);
  if (sessions.length === 0) return "";
  let [tools, failed, compactions, warnings] = [0, 0, 0, 0];
  for (const row of rows) {
    if (row.level === 1) continue;
    if (row.family === "tool") {
      tools++;
      if (row.status === "failed") failed++;
    } else if (row.family === "compaction") compactions++;
    else if (row.family === "warning") warnings++;
  }
  const sum = (count: (session: SessionFacts) => number): number => sessions.reduce((all, session) => all + count(session), 0);
  const hidden = sum(({ hiddenCount }) => hiddenCount);
  const faults = sum(({ faultCount }) => faultCount);
  return joinNotes([
    plural(sessions.length, "session"),
    plural(
      sum(({ eventCount }) => eventCount),
      "event",
    ),
    tools > 0 && `${plural(tools, "tool call")}${failed > 0 ? ` (${failed.toLocaleString("en-US")} failed)` : ""}`,
    compactions > 0 && plural(compactions, "compaction"),
    warnings > 0 && plural(warnings, "warning"),
    chainSummary(sessions),
    faults > 0 && `${plural(faults, "event")} the runtime’s replay would not take`,
    hidden > 0 && `${plural(hidden, "checkpoint")} hidden`,
  ]);
}

/** All chains in one word, or how many are not whole. */
function chainSummary(sessions: readonly SessionFacts[]): string {
  const topics = new Map(sessions.map(({ topic, chain }) => [topic, chain]));
  const chains = [...topics.values()].filter(({ state }) => state !== "none");
  if (chains.length === 0) return "";
  const bad = chains.filter(({ state }) => state === "changed" || state === "broken");
  if (bad.length > 0) return `chain broken in ${bad.length} of ${chains.length}`;
  const removed = chains.filter(({ state }) => state === "gap" || state === "startsLater");
  if (removed.length > 0) return `events removed from ${removed.length} of ${chains.length}`;
  const unsigned = chains.filter(({ state }) => state === "unsigned");
  if (unsigned.length > 0) return unsigned.length === chains.length ? "unsigned" : `${unsigned.length} of ${chains.length} unsigned`;
  return "chain intact";
}

/** A moment as the page writes it; its own text is the number the log holds. */
export function momentView(ms: number): TimeView {
  return { text: momentText(ms), epochMs: ms };
}

function timeCell(ms: number | null): TableCell {
  if (ms === null) return UNKNOWN_CELL;
  const time = momentView(ms);
  return { text: time.text, time };
}

function startOf(row: SessionRow): number | null {
  return row.level === 1 ? row.firstMs : row.startMs;
}

function tookOf(row: SessionRow): number | null {
  if (row.level === 2) return entryTook(row);
  return row.firstMs === null || row.lastMs === null ? null : row.lastMs - row.firstMs;
}

function tokensOf(row: SessionRow): number | null {
  return plus(row.tokensIn, row.tokensOut);
}

function detailCell(row: SessionRow, places: SessionPlaces): TableCell {
  if (row.level === 2) {
    const text = joinNotes([row.error, row.text]);
    return row.fault === null ? { text } : { text, hint: row.fault };
  }
  return {
    text: joinNotes([
      originText(row.origin, places),
      plural(row.eventCount, "event"),
      row.faultCount > 0 && plural(row.faultCount, "unreadable event"),
      row.hiddenCount > 0 && `${plural(row.hiddenCount, "checkpoint")} hidden`,
      row.carrier !== null && "known by another session’s topic only",
    ]),
    look: "dim",
  };
}

function statusCell(row: SessionRow): TableCell {
  if (row.level === 1) return { text: chainText(row.chain), tone: chainTone(row.chain) };
  if (row.status !== null) return { text: oneLine(statusWords(row.status), 60), tone: statusTone(row.status) };
  if (row.fault !== null) return { text: "not replayable", tone: "warning", hint: row.fault };
  return row.family === "warning" ? { text: "warning", tone: "warning" } : NOTHING;
}

function tokensCell(row: SessionRow): TableCell {
  const sum = tokensOf(row);
  if (sum === null) return NOTHING;
  const cost = row.costUsd === null ? null : formatCost(row.costUsd);
  const known = (count: number | null): string => (count === null ? "–" : count.toLocaleString("en-US"));
  return { text: formatTokens(sum), hint: joinNotes([`${known(row.tokensIn)} in`, `${known(row.tokensOut)} out`, cost]) };
}

function amount(value: number | null, format: (value: number) => string): TableCell {
  return value === null ? NOTHING : { text: format(value) };
}

/** The entries that name the same thing, in the order of their rows. */
export function entriesOf(sessions: readonly SessionFacts[], join: { readonly kind: string; readonly id: string }): TimelineEntry[] {
  return sessions.flatMap(({ entries }) => entries.filter((entry) => entry.join?.kind === join.kind && entry.join.id === join.id));
}
