/** Event logs for tests, written by the project's own code. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileEventLogPort } from "../../../src/engine/ports/fileEventLogPort.ts";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import type { LogHost } from "../../../src/engine/ports/openLog.ts";
import { SqliteEventLog } from "../../../src/engine/ports/SqliteEventLog.ts";
import { loadSqlJs } from "../../../src/engine/ports/sqlJs.ts";
import type { EventLog } from "../../../src/eventlog/EventLog.ts";
import { FileEventLog } from "../../../src/eventlog/FileEventLog.ts";

export const SQL_WASM = resolve("node_modules/sql.js/dist/sql-wasm.wasm");

/** A host without a SQLite of its own. */
export const memoryHost: LogHost = {
  broken: new Map(),
  host: null,
  memory: () => loadSqlJs(SQL_WASM),
  nowMs: () => 1_750_000_000_123n,
  sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
};

/** A log at a path, to be written to. */
export function logAt(backend: "sqlite" | "file", path: string): EventLog {
  return backend === "sqlite"
    ? new SqliteEventLog(path, { ...memoryHost, fs: nodeFileSystem })
    : new FileEventLog(fileEventLogPort(path, memoryHost.nowMs));
}

/** Puts questions of a run into a log, which is made; ids are `q1`, `q2`, … */
export async function askQuestions(backend: "sqlite" | "file", path: string, runId: string, prompts: readonly string[]): Promise<void> {
  const log = logAt(backend, path);
  for (const [index, prompt] of prompts.entries()) {
    const payload = {
      agent: "planner",
      payload: { prompt },
      request_id: `q${index + 1}`,
      requested_at: `2026-01-0${index + 1}T00:00:00Z`,
      run_id: runId,
    };
    const appended = await log.append("hitl.questions", {
      kind: "hitl.question_asked",
      payload: new TextEncoder().encode(JSON.stringify(payload)),
      headers: new Map([["run_id", runId]]),
    });
    if (!appended.ok) throw new Error(appended.message);
  }
  await log.close();
}

/** A database made by these statements. */
export async function writeDatabase(path: string, ...statements: string[]): Promise<void> {
  const database = (await loadSqlJs(SQL_WASM)).open(null);
  for (const statement of statements) database.run(statement);
  writeFileSync(path, database.bytes());
  database.close();
}
