/** Made-up event logs of a given size, in both forms, with the same events: one long topic, and many of agent sessions. */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { HostSqlite } from "../src/engine/ports/SqliteDatabase.ts";

/** Bytes an event takes in either form, about. */
const EVENT_BYTES = 205;
const SESSIONS = 200;

/** The topic that holds a fifth of the events. */
export const LONG_TOPIC = "observability.agent_events.session_long";

/** How many events a log of that size has. */
export function eventsOf(bytes: number): number {
  return Math.floor(bytes / EVENT_BYTES);
}

const PROSE = "the reviewer sees one change at a time";

/** Writes one topic file of about `bytes`; answers the number of its events. */
export function writeTopicFile(path: string, bytes: number): number {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  const events = eventsOf(bytes);
  try {
    let part = "";
    for (let id = 1; id <= events; id++) {
      part += `{"id":${id},"event":{"kind":"turn_end","payload":{"iteration":${id},"session_id":"session_long","text":"${PROSE}"},"headers":{"session_id":"session_long"},"occurred_at_ms":${1_795_359_538_000 + id}}}\n`;
      if (part.length < 4 << 20 && id < events) continue;
      writeSync(file, part);
      part = "";
    }
  } finally {
    closeSync(file);
  }
  return events;
}

/** Makes a database of about `bytes`, as the runtime does; answers the number of its events. */
export function writeDatabase(host: HostSqlite, path: string, bytes: number): number {
  const database = host.open(path, "write");
  const events = eventsOf(bytes);
  try {
    database.run("PRAGMA journal_mode = OFF");
    database.run("PRAGMA synchronous = OFF");
    database.run("CREATE TABLE topic_heads (topic TEXT PRIMARY KEY, last_id INTEGER NOT NULL)");
    database.run(
      "CREATE TABLE events (topic TEXT NOT NULL, event_id INTEGER NOT NULL, kind TEXT NOT NULL, payload BLOB NOT NULL, headers TEXT NOT NULL, occurred_at_ms INTEGER NOT NULL, PRIMARY KEY (topic, event_id))",
    );
    const long = Math.floor(events / 5);
    const each = Math.floor((events - long) / SESSIONS);
    const topics = Array.from({ length: SESSIONS }, (_, at): [string, number] => [`observability.agent_events.s${1000 + at}`, each]);
    for (const [topic, count] of [...topics, [LONG_TOPIC, events - each * SESSIONS] as const]) {
      database.run(
        `INSERT INTO events WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
          SELECT '${topic}', i, 'turn_end', CAST('{"iteration":' || i || ',"text":"${PROSE}"}' AS BLOB), '{"session_id":"s"}', 1795359538000 + i FROM n`,
      );
      database.run(`INSERT INTO topic_heads VALUES ('${topic}', ${count})`);
    }
    // As a log that nobody writes any more: the log beside it is empty.
    database.run("PRAGMA journal_mode = WAL");
  } finally {
    database.close();
  }
  return events;
}
