/** One more event in a SQLite log, stored the way the runtime stores it. */
import type { NewEvent } from "../../eventlog/EventLog.ts";
import { writeHeaders, provenanceHeaders } from "../../eventlog/provenance.ts";
import type { Sha256 } from "../../eventlog/provenance.ts";
import { JsonWriter } from "../../json/JsonWriter.ts";
import { logSchemaOf, eventUpTo } from "./sqliteEvents.ts";
import type { SqliteDatabase } from "./SqliteDatabase.ts";

const MAX_I64 = (1n << 63n) - 1n;

/** The log's tables (event log format, SQLite backend), made where they are missing. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS topic_heads (
    topic TEXT PRIMARY KEY,
    last_id INTEGER NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS events (
    topic TEXT NOT NULL,
    event_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    headers TEXT NOT NULL,
    occurred_at_ms INTEGER NOT NULL,
    PRIMARY KEY (topic, event_id)
  )`,
  `CREATE TABLE IF NOT EXISTS consumers (
    topic TEXT NOT NULL,
    consumer_id TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (topic, consumer_id)
  )`,
  `CREATE TABLE IF NOT EXISTS event_idempotency_keys (
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    event_id INTEGER NOT NULL,
    PRIMARY KEY (topic, key, value),
    FOREIGN KEY (topic, event_id) REFERENCES events(topic, event_id)
  )`,
];

/** What an event is stored with beside itself. */
export interface AppendFacts {
  /** Unix time in milliseconds. */
  readonly nowMs: bigint;
  readonly sha256: Sha256;
}

/**
 * Appends one event in one transaction: its id from the topic's head, its hash tied to the event before it. Throws SQLite's errors, or an
 * Error that says why not; then nothing is stored.
 */
export function appendSqliteEvent(database: SqliteDatabase, topic: string, event: NewEvent, facts: AppendFacts): bigint {
  // Asked before the first change: another program's database is none to put tables into.
  if (logSchemaOf(database) === "foreign") throw new Error("it is a database of another program: it has tables, but none of an event log");
  database.run("BEGIN IMMEDIATE");
  try {
    for (const table of TABLES) database.run(table);
    const last = lastIdOf(database, topic);
    if (last < 0n || last >= MAX_I64) throw new Error(`the last id of topic ${topic} is ${last}, after which none can be given`);
    const id = last + 1n;
    const previous = eventUpTo(database, topic, last);
    if (previous !== null && "fault" in previous) throw new Error(previous.fault);
    const unsigned = { ...event, id, occurredAtMs: facts.nowMs };
    const headers = provenanceHeaders(topic, unsigned, previous, facts.sha256);
    database.run(
      "INSERT INTO events (topic, event_id, kind, payload, headers, occurred_at_ms) VALUES (?, ?, ?, ?, ?, ?)",
      topic,
      id,
      event.kind,
      event.payload,
      headersText(headers),
      facts.nowMs,
    );
    database.run(
      "INSERT INTO topic_heads (topic, last_id) VALUES (?, ?) ON CONFLICT (topic) DO UPDATE SET last_id = excluded.last_id",
      topic,
      id,
    );
    database.run("COMMIT");
    return id;
  } catch (cause) {
    rollBack(database);
    throw cause;
  }
}

function lastIdOf(database: SqliteDatabase, topic: string): bigint {
  for (const [id] of database.rows("SELECT last_id FROM topic_heads WHERE topic = ?", topic)) {
    if (typeof id !== "bigint") throw new Error(`the last id of topic ${topic} is no integer`);
    return id;
  }
  return 0n;
}

function headersText(headers: ReadonlyMap<string, string>): string {
  const writer = new JsonWriter("compact", 512);
  writeHeaders(writer, headers);
  return new TextDecoder().decode(writer.finish());
}

function rollBack(database: SqliteDatabase): void {
  try {
    database.run("ROLLBACK");
  } catch {
    // SQLite has rolled back by itself, or the transaction never began: the first error is the one to tell.
  }
}
