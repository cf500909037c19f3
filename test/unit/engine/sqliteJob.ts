/** One thing done with a SQLite log, in this process or, bundled, in one whose Node has a SQLite of its own. */
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { sliceText } from "../../../src/json/cursor.ts";
import { TEMP_SUFFIX } from "../../../src/engine/ports/atomicWrite.ts";
import type { FileSystem } from "../../../src/engine/ports/FileSystem.ts";
import { nodeFileSystem } from "../../../src/engine/ports/nodeFileSystem.ts";
import { nodeSqlite } from "../../../src/engine/ports/nodeSqlite.ts";
import { loadSqlJs } from "../../../src/engine/ports/sqlJs.ts";
import type { HostSqlite } from "../../../src/engine/ports/SqliteDatabase.ts";
import { SqliteEventLog } from "../../../src/engine/ports/SqliteEventLog.ts";

export interface SqliteJob {
  readonly path: string;
  /** sql.js's code. */
  readonly wasm: string;
  readonly readOnlyFolder?: boolean;
  readonly memoryLimit?: number;
  /** Appended first, each as an event of `topic`. */
  readonly append?: readonly string[];
  readonly topic?: string;
}

/** 64-bit integers as text. */
export interface SqliteJobAnswer {
  readonly found: unknown;
  readonly topics: unknown;
  readonly heads: unknown;
  readonly appended: readonly unknown[];
  readonly ids: readonly string[] | null;
  readonly payloads: readonly string[] | null;
  readonly message: string | null;
}

/** `beforeTemp` is called when the log has been read and a new file is about to be written beside it. */
export function openLog(job: SqliteJob, host: HostSqlite | null, beforeTemp?: () => void): SqliteEventLog {
  const fs: FileSystem = {
    ...nodeFileSystem,
    async checkAccess(path, purpose) {
      if (purpose === "write" && job.readOnlyFolder === true) throw Object.assign(new Error("EACCES"), { code: "EACCES" });
      await nodeFileSystem.checkAccess(path, purpose);
    },
    create(path, mode) {
      if (path.endsWith(TEMP_SUFFIX)) beforeTemp?.();
      return nodeFileSystem.create(path, mode);
    },
  };
  return new SqliteEventLog(job.path, {
    fs,
    host,
    memory: () => loadSqlJs(job.wasm),
    ...(job.memoryLimit === undefined ? {} : { memoryLimit: job.memoryLimit }),
    nowMs: () => 1_750_000_000_123n,
    sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  });
}

export async function runJob(job: SqliteJob, log: SqliteEventLog): Promise<SqliteJobAnswer> {
  const topic = job.topic ?? "hitl.questions";
  const appended: unknown[] = [];
  for (const payload of job.append ?? []) {
    const done = await log.append(topic, { kind: "k", payload: Buffer.from(payload), headers: new Map([["run_id", "r"]]) });
    appended.push(done.ok ? String(done.id) : done.message);
  }
  const read = await log.readRange(topic, 0n, 1000);
  const heads = await log.heads();
  return {
    appended,
    found: await log.found(),
    topics: await log.topics(),
    heads: heads.ok ? heads.heads.map(({ topic: name, lastId }) => `${name} ${lastId}`) : heads.message,
    ids: read.ok ? read.events.map((event) => String(event.id)) : null,
    payloads: read.ok ? read.events.map(({ payload }) => sliceText(payload.tape, payload.node)) : null,
    message: read.ok ? null : read.message,
  };
}

/** Entry of the bundled script: a job as JSON a line on standard input, its answer a line on standard output. */
export async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const job = JSON.parse(line) as SqliteJob;
    const log = openLog(job, nodeSqlite());
    const answer = await runJob(job, log);
    await log.close();
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
