/** Pages of a SQLite log for viewing: one bad row does not keep the others from being read (event log format, SQLite backend). */
import { textOf } from "../../eventlog/eventFromCells.ts";
import type { LogEvent } from "../../eventlog/LogEvent.ts";
import type { TopicFacts, TopicFault } from "../../eventlog/LogView.ts";
import { RECORD_HASH_HEADER } from "../../eventlog/provenance.ts";
import { topicFault } from "../../eventlog/topics.ts";
import { compareBytes } from "../../json/compareBytes.ts";
import { quoted } from "../quoted.ts";
import type { SqliteCell, SqliteDatabase } from "./SqliteDatabase.ts";
import { contentOf, encodingOf, eventOfRow, hasTable, topicCells } from "./sqliteEvents.ts";

/** A page ends with the row that goes over this. */
const PAGE_BYTES = 4 << 20;
/** Longer texts are passed over. */
const CELL_LIMIT_BYTES = 64 << 20;
const MAX_I64 = (1n << 63n) - 1n;

const TEXT_CELLS = ["kind", "payload", "headers"];
/** What is too long is not even loaded. */
const COLUMNS = [
  "typeof(event_id), event_id",
  ...TEXT_CELLS.map((name) => `typeof(${name}), CASE WHEN length(${name}) <= ${CELL_LIMIT_BYTES} THEN CAST(${name} AS BLOB) END`),
  "typeof(occurred_at_ms), occurred_at_ms",
  TEXT_CELLS.map((name) => `coalesce(length(${name}) > ${CELL_LIMIT_BYTES}, 0)`).join(" + "),
].join(", ");
const SELECT = `SELECT ${COLUMNS} FROM events WHERE topic = ?`;
const IS_NUMBERED = "typeof(event_id) = 'integer'";

export interface SqlitePage {
  readonly events: readonly LogEvent[];
  readonly faults: readonly TopicFault[];
  /** Of the last row, a bad one too; null where there is no row. */
  readonly lastId: bigint | null;
  readonly isFull: boolean;
}

/** Rows with an id above `from`, by id, and the first hundred among them whose id is a fraction. Throws SQLite's errors, unless rows were read before. */
export function readPage(database: SqliteDatabase, topic: string, from: bigint, limit: number): SqlitePage {
  if (from >= MAX_I64) return { events: [], faults: [], lastId: null, isFull: false };
  const sql = `${SELECT} AND event_id > CAST(? AS INTEGER) AND ${IS_NUMBERED} ORDER BY event_id ASC LIMIT CAST(? AS INTEGER)`;
  const page = takeRows(database, database.rows(sql, topic, from, BigInt(limit)), limit);
  const { lastId } = page;
  if (lastId === null) return page;
  return {
    ...page,
    faults: [
      ...page.faults,
      ...unnumbered(database, topic, "event_id > CAST(? AS INTEGER) AND event_id < CAST(? AS INTEGER) LIMIT 100", from, lastId),
    ],
  };
}

/** The topic's last rows, oldest first. Throws SQLite's errors, unless rows were read before. */
export function readLastRows(database: SqliteDatabase, topic: string, limit: number): SqlitePage {
  const sql = `${SELECT} AND event_id > 0 AND ${IS_NUMBERED} ORDER BY event_id DESC LIMIT CAST(? AS INTEGER)`;
  const page = takeRows(database, database.rows(sql, topic, BigInt(limit)), limit);
  // The first of each, since the newest row came first.
  const lastId = larger(page.events[0]?.id ?? null, page.faults[0]?.id ?? null);
  return { ...page, events: page.events.toReversed(), faults: page.faults.toReversed(), lastId };
}

/** One row; null when there is none. Throws SQLite's errors. */
export function readRow(database: SqliteDatabase, topic: string, id: bigint): LogEvent | TopicFault | null {
  if (id > MAX_I64) return null;
  const encoding = encodingOf(database);
  for (const row of database.rows(`${SELECT} AND event_id = CAST(? AS INTEGER) LIMIT 1`, topic, id)) return viewRow(row, encoding);
  return null;
}

/**
 * Rows whose id is text or bytes, which sort behind all numbers: the runtime fails at each. `past`: how many of them were told already. Throws
 * SQLite's errors.
 */
export function readNamelessRows(database: SqliteDatabase, topic: string, past: number, limit: number): readonly TopicFault[] {
  const where = "event_id > CAST(? AS INTEGER) LIMIT CAST(? AS INTEGER) OFFSET CAST(? AS INTEGER)";
  return unnumbered(database, topic, where, MAX_I64, BigInt(limit), BigInt(past));
}

/** The largest id the topic ever had, as far as is known: of its head, or of its last row. Throws SQLite's errors. */
export function lastIdOf(database: SqliteDatabase, topic: string): bigint {
  let last = 0n;
  const rows = `SELECT event_id FROM events WHERE topic = ? AND ${IS_NUMBERED} ORDER BY event_id DESC LIMIT 1`;
  for (const [id] of database.rows(rows, topic)) if (typeof id === "bigint" && id > last) last = id;
  if (hasHeads(database)) {
    for (const [id] of database.rows("SELECT last_id FROM topic_heads WHERE topic = ?", topic))
      if (typeof id === "bigint" && id > last) last = id;
  }
  return last;
}

/** All topics: those that have a head, also when all their events are compacted away, and those that have events. Throws SQLite's errors. */
export function readTopicFacts(database: SqliteDatabase): TopicFacts[] {
  const encoding = encodingOf(database);
  const topics = new Map<string, TopicFacts>();
  const nameOf = (type: SqliteCell | undefined, content: SqliteCell | undefined): { topic: string; fault: string | null } => {
    const bytes = contentOf(content);
    const topic = type === "text" ? textOf({ type: "text", content: bytes }, encoding) : null;
    if (topic === null) {
      const shown = bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : String(bytes);
      return { topic: shown, fault: `A topic's name is no text (${quoted(shown)}): the runtime cannot list the topics of this log.` };
    }
    return { topic, fault: topicFault(topic) === null ? null : `${quoted(topic)} is no name that a runtime gives a topic.` };
  };
  if (hasHeads(database)) {
    for (const [type, content, lastId] of database.rows("SELECT typeof(topic), CAST(topic AS BLOB), last_id FROM topic_heads")) {
      const { topic, fault } = nameOf(type, content);
      // A head without a number is of no use to those who append; the events can be read all the same.
      const id = typeof lastId === "bigint" ? lastId : fault === null ? lastIdOf(database, topic) : null;
      topics.set(topic, { topic, fault, lastId: id, bytes: null });
    }
  }
  for (const [type, content] of topicCells(database)) {
    const { topic, fault } = nameOf(type, content);
    if (!topics.has(topic)) topics.set(topic, { topic, fault, lastId: fault === null ? lastIdOf(database, topic) : null, bytes: null });
  }
  return [...topics.values()].sort((a, b) => compareBytes(a.topic, b.topic));
}

/** By this an event is known again after its database may have been replaced. */
export function eventMark({ occurredAtMs, kind, headers }: LogEvent): string {
  return `${occurredAtMs} ${headers.get(RECORD_HASH_HEADER) ?? ""} ${kind}`;
}

function larger(left: bigint | null, right: bigint | null): bigint | null {
  return left === null || (right !== null && right > left) ? right : left;
}

function hasHeads(database: SqliteDatabase): boolean {
  if (!hasTable(database, "topic_heads")) return false;
  const names = [...database.rows("SELECT lower(name) FROM pragma_table_info('topic_heads')")].map(([name]) => name);
  return names.includes("topic") && names.includes("last_id");
}

function takeRows(database: SqliteDatabase, rows: Iterable<readonly SqliteCell[]>, limit: number): SqlitePage {
  const encoding = encodingOf(database);
  const events: LogEvent[] = [];
  const faults: TopicFault[] = [];
  let lastId: bigint | null = null;
  let bytes = 0;
  try {
    for (const row of rows) {
      const read = viewRow(row, encoding);
      if ("message" in read) faults.push(read);
      else events.push(read);
      lastId = read.id ?? lastId;
      for (const cell of row) if (cell instanceof Uint8Array) bytes += cell.length;
      if (bytes >= PAGE_BYTES) return { events, faults, lastId, isFull: true };
    }
  } catch (cause) {
    // What was read is shown; the next page begins where it failed, and says so.
    if (events.length + faults.length === 0) throw cause;
    return { events, faults, lastId, isFull: true };
  }
  return { events, faults, lastId, isFull: events.length + faults.length >= limit };
}

function viewRow(row: readonly SqliteCell[], encoding: ReturnType<typeof encodingOf>): LogEvent | TopicFault {
  const id = typeof row[1] === "bigint" ? row[1] : null;
  if (row[10] !== 0n)
    return {
      line: null,
      id,
      message: `event ${id ?? "without id"}: it has more than the ${CELL_LIMIT_BYTES >> 20} MB that are read of one`,
    };
  const event = eventOfRow(row, encoding);
  return "fault" in event ? { line: null, id, message: event.fault } : event;
}

function unnumbered(database: SqliteDatabase, topic: string, where: string, ...parameters: bigint[]): TopicFault[] {
  const faults: TopicFault[] = [];
  const sql = `SELECT typeof(event_id) FROM events WHERE topic = ? AND NOT ${IS_NUMBERED} AND ${where}`;
  for (const [type] of database.rows(sql, topic, ...parameters)) {
    faults.push({ line: null, id: null, message: `the event's id is a ${String(type)}, not an integer` });
  }
  return faults;
}
