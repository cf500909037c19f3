/** The tables of a SQLite event log, asked through any SQLite (event log format, SQLite backend). */
import { eventFromCells, textOf } from "../../eventlog/eventFromCells.ts";
import type { CellType, TextEncoding, TypedCell } from "../../eventlog/eventFromCells.ts";
import type { LogEvent, LogRead } from "../../eventlog/LogEvent.ts";
import type { SqliteCell, SqliteDatabase } from "./SqliteDatabase.ts";

/** SQLite's integers end here. */
const MAX_I64 = (1n << 63n) - 1n;
/** All payloads of one page together: more is a broken or hostile log, and more than a process can hold for long. */
const PAGE_LIMIT_BYTES = 1 << 30;

const LOG_TABLES = ["topic_heads", "events", "consumers", "event_idempotency_keys"];

export type LogSchema = "log" | "noTables" | "foreign";

/**
 * Whether a database holds an event log: `noTables` when it has no tables at all, or only some of a log's but not that of the events; `foreign` when
 * it has other tables only.
 * @throws Error when `events` is something else than a table, which may hide endless work
 */
export function logSchemaOf(database: SqliteDatabase): LogSchema {
  let known = 0;
  let other = 0;
  let events = false;
  for (const [type, name, sql] of database.rows("SELECT type, lower(name), sql FROM sqlite_master WHERE type IN ('table', 'view')")) {
    if (typeof name !== "string" || name.startsWith("sqlite_")) continue;
    if (!LOG_TABLES.includes(name)) {
      other++;
      continue;
    }
    if (type !== "table" || typeof sql !== "string" || /^\s*CREATE\s+VIRTUAL/i.test(sql)) {
      throw new Error(`“${name}” is not a plain table, as an event log's is`);
    }
    known++;
    if (name === "events") events = true;
  }
  if (events) return "log";
  return known === 0 && other > 0 ? "foreign" : "noTables";
}

/** Whether there is a table of that name, given in lower case. */
export function hasTable(database: SqliteDatabase, name: string): boolean {
  for (const row of database.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND lower(name) = ?", name)) return row.length > 0;
  return false;
}

export function encodingOf(database: SqliteDatabase): TextEncoding {
  for (const [name] of database.rows("PRAGMA encoding")) {
    if (name === "UTF-16le" || name === "UTF-16be") return name;
  }
  return "UTF-8";
}

/** Texts are asked for as bytes: a SQLite in JavaScript would mend, or cut, what the runtime refuses. */
const EVENT_COLUMNS = ["kind", "payload", "headers"].map((name) => `typeof(${name}), CAST(${name} AS BLOB)`).join(", ");
const SELECT_EVENTS = `SELECT typeof(event_id), event_id, ${EVENT_COLUMNS}, typeof(occurred_at_ms), occurred_at_ms FROM events`;

/** Events of a topic with an id above `from`, by id. One bad row fails the read once it is reached. Throws SQLite's errors. */
export function readEvents(database: SqliteDatabase, topic: string, from: bigint, limit: number): LogRead {
  if (limit <= 0 || from >= MAX_I64) return { ok: true, events: [] };
  const most = limit > Number.MAX_SAFE_INTEGER ? -1n : BigInt(Math.trunc(limit));
  const encoding = encodingOf(database);
  const events: LogEvent[] = [];
  let bytes = 0;
  const sql = `${SELECT_EVENTS} WHERE topic = ? AND event_id > CAST(? AS INTEGER) ORDER BY event_id ASC LIMIT CAST(? AS INTEGER)`;
  for (const row of database.rows(sql, topic, from, most)) {
    const event = eventOfRow(row, encoding);
    if ("fault" in event) return { ok: false, message: `event log row error: ${event.fault}` };
    bytes += event.payload.tape.bytes.length;
    if (bytes > PAGE_LIMIT_BYTES)
      return { ok: false, message: `event log row error: the events from ${from + 1n} on are too large to be read` };
    events.push(event);
  }
  return { ok: true, events };
}

/** The newest event of a topic up to an id; null when there is none. Throws SQLite's errors. */
export function eventUpTo(database: SqliteDatabase, topic: string, id: bigint): LogEvent | null | { readonly fault: string } {
  const sql = `${SELECT_EVENTS} WHERE topic = ? AND event_id <= CAST(? AS INTEGER) ORDER BY event_id DESC LIMIT 1`;
  for (const row of database.rows(sql, topic, id)) return eventOfRow(row, encodingOf(database));
  return null;
}

/** The event of a row of `typeof(…), …` of id, kind, payload, headers and time, the texts as bytes. */
export function eventOfRow(row: readonly SqliteCell[], encoding: TextEncoding): LogEvent | { readonly fault: string } {
  const cell = (at: number): TypedCell => ({ type: cellType(row[at * 2]), content: contentOf(row[at * 2 + 1]) });
  return eventFromCells({ id: cell(0), kind: cell(1), payload: cell(2), headers: cell(3), occurredAtMs: cell(4) }, encoding);
}

function cellType(name: SqliteCell | undefined): CellType {
  return name === "integer" || name === "real" || name === "text" || name === "blob" ? name : "null";
}

export function contentOf(cell: SqliteCell | undefined): TypedCell["content"] {
  return cell instanceof Uint8Array || typeof cell === "bigint" ? cell : null;
}

/** A topic with the id of its newest event ever. */
export interface TopicHead {
  readonly topic: string;
  readonly lastId: bigint;
}

/**
 * Topics that have events, in SQLite's order. Hops from topic to topic along the index of the primary key, which for millions of events is
 * a matter of milliseconds; a table without that index is read through. Throws SQLite's errors.
 */
export function readTopics(
  database: SqliteDatabase,
): { readonly ok: true; readonly topics: string[] } | { readonly ok: false; readonly message: string } {
  const topics: string[] = [];
  const encoding = encodingOf(database);
  for (const [type, content] of topicCells(database)) {
    const topic = type === "text" ? textOf({ type: "text", content: contentOf(content) }, encoding) : null;
    if (topic === null) return { ok: false, message: `event log row error: a topic's name is no text (${String(type)})` };
    topics.push(topic);
  }
  return { ok: true, topics };
}

/** The type and the bytes of each topic's name that events have, by the same way. */
export function topicCells(database: SqliteDatabase): Iterable<readonly SqliteCell[]> {
  return database.rows(hasTopicIndex(database) ? HOP_TOPICS : DISTINCT_TOPICS);
}

const DISTINCT_TOPICS = "SELECT DISTINCT typeof(topic), CAST(topic AS BLOB) FROM events ORDER BY topic ASC";
const HOP_TOPICS = `WITH RECURSIVE hop(topic) AS (
  SELECT min(topic) FROM events
  UNION ALL SELECT (SELECT min(topic) FROM events WHERE topic > hop.topic) FROM hop WHERE hop.topic IS NOT NULL
) SELECT typeof(topic), CAST(topic AS BLOB) FROM hop WHERE topic IS NOT NULL`;

function hasTopicIndex(database: SqliteDatabase): boolean {
  const sql =
    "SELECT 1 FROM pragma_index_list('events') AS list, pragma_index_info(list.name) AS info WHERE info.seqno = 0 AND info.name = 'topic' AND list.partial = 0";
  for (const row of database.rows(sql)) return row.length > 0;
  return false;
}

/** The heads of all topics, by name: also of those whose events are all compacted away. Throws SQLite's errors, also where the table is missing. */
export function readTopicHeads(database: SqliteDatabase): TopicHead[] {
  const heads: TopicHead[] = [];
  const encoding = encodingOf(database);
  const sql =
    "SELECT CAST(topic AS BLOB), last_id FROM topic_heads WHERE typeof(topic) = 'text' AND typeof(last_id) = 'integer' ORDER BY topic";
  for (const [name, lastId] of database.rows(sql)) {
    const topic = textOf({ type: "text", content: contentOf(name) }, encoding);
    if (topic !== null && typeof lastId === "bigint") heads.push({ topic, lastId });
  }
  return heads;
}
