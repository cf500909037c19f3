import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** Another program that has a log open. */
export interface SqliteWriter {
  /** Runs a statement; rejects with SQLite's words. */
  sql(statement: string): Promise<void>;
  /** Inserts committed events (or, inside a transaction, uncommitted ones) with these ids. */
  insert(...ids: (number | bigint)[]): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Lets it close the log in peace. */
  quit(): Promise<void>;
}

const script = String.raw`
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
for line in sys.stdin:
    try:
        for statement in json.loads(line): db.execute(statement).fetchall()
        print(json.dumps(None), flush=True)
    except Exception as error:
        print(json.dumps(str(error)), flush=True)
db.close()
`;

const TABLES = [
  "CREATE TABLE topic_heads (topic TEXT PRIMARY KEY, last_id INTEGER NOT NULL)",
  `CREATE TABLE events (topic TEXT NOT NULL, event_id INTEGER NOT NULL, kind TEXT NOT NULL, payload BLOB NOT NULL, headers TEXT NOT NULL,
    occurred_at_ms INTEGER NOT NULL, PRIMARY KEY (topic, event_id))`,
];

/** Starts Python with the log open; killed after the test at the latest. */
export async function startWriter(path: string, journal: "wal" | "delete" = "wal"): Promise<SqliteWriter> {
  const child = spawn("python3", ["-c", script, path], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const run = async (...statements: string[]): Promise<void> => {
    child.stdin.write(`${JSON.stringify(statements)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error("the writer ended");
    const fault = JSON.parse(line.value) as string | null;
    if (fault !== null) throw new Error(fault);
  };
  await run(`PRAGMA journal_mode = ${journal}`, ...TABLES);
  if (journal === "wal") await run("PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_checkpoint(TRUNCATE)");
  return {
    sql: (statement) => run(statement),
    insert: (...ids) =>
      run(
        ...ids.flatMap((id) => [
          `INSERT INTO events VALUES ('hitl.questions', ${id}, 'k', CAST('{"n":${id}}' AS BLOB), '{}', 5)`,
          `INSERT OR REPLACE INTO topic_heads VALUES ('hitl.questions', ${id})`,
        ]),
      ),
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async quit() {
      child.stdin.end();
      await ended;
    },
  };
}
