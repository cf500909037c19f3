import { join } from "node:path";
import { runPython } from "../eventlog/python.ts";
import { testFolder } from "./testFolder.ts";

/** The table of events as the runtime makes it. */
export const EVENTS =
  "create table events (topic text not null, event_id integer not null, kind text not null, payload blob not null, headers text not null, occurred_at_ms integer not null, primary key (topic, event_id))";
export const HEADS = "create table topic_heads (topic text primary key, last_id integer not null)";

/** A new database in a folder of its own, made by statements. */
export function database(...statements: string[]): string {
  const path = join(testFolder(), "events.sqlite");
  runPython(
    "import sqlite3, sys, json\npath, statements = json.load(sys.stdin)\ndb = sqlite3.connect(path, isolation_level=None)\nfor s in statements: db.execute(s)\ndb.close()\nprint(1)",
    [path, statements],
  );
  return path;
}
