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
import type { SqliteEventLogPorts } from "../../../src/engine/ports/SqliteEventLog.ts";
import { SqliteLogView } from "../../../src/engine/ports/SqliteLogView.ts";
import type { TopicCursor, TopicPageRead } from "../../../src/eventlog/LogView.ts";

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
  return new SqliteEventLog(job.path, portsOf(job, host, beforeTemp));
}

function portsOf(job: SqliteJob, host: HostSqlite | null, beforeTemp?: () => void): SqliteEventLogPorts {
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
  return {
    fs,
    host,
    memory: () => loadSqlJs(job.wasm),
    ...(job.memoryLimit === undefined ? {} : { memoryLimit: job.memoryLimit }),
    nowMs: () => 1_750_000_000_123n,
    sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  };
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

/** One call of a view. `read` goes on where the last `read` of that topic ended; `close` ends the view and forgets all that. */
export type ViewStep =
  | readonly ["topics" | "markOfAll" | "close"]
  | readonly ["read" | "last", topic: string, limit: number]
  | readonly ["one", topic: string, id: string]
  | readonly ["mark", topic: string];

export interface ViewJob extends SqliteJob {
  readonly steps: readonly ViewStep[];
}

/** What a page gave: ids joined, faults as `id: message`. */
export interface PageAnswer {
  readonly ids: string;
  readonly faults: readonly string[];
  readonly done: boolean;
  readonly startedOver: boolean;
  readonly progress: string;
}

interface OpenView {
  readonly view: SqliteLogView;
  readonly cursors: Map<string, TopicCursor>;
}

/** Views stay open from job to job, one a path, until a `close`. */
const views = new Map<string, OpenView>();

/** An answer for each step: a page, a list of topics as `topic lastId fault`, a payload or a mark; a failure as `! message`. */
export async function runView(job: ViewJob, host: HostSqlite | null): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const step of job.steps) {
    const open = views.get(job.path) ?? { view: new SqliteLogView(job.path, portsOf(job, host)), cursors: new Map() };
    views.set(job.path, open);
    try {
      answers.push(await runStep(open, step));
    } catch (cause) {
      answers.push(`! ${cause instanceof Error ? cause.message : String(cause)}`);
    }
    if (step[0] === "close") views.delete(job.path);
  }
  return answers;
}

async function runStep({ view, cursors }: OpenView, step: ViewStep): Promise<unknown> {
  switch (step[0]) {
    case "topics": {
      const listed = await view.topics();
      if (!listed.ok) return `! ${listed.message}`;
      return listed.topics.map(({ topic, lastId, fault }) => `${topic} ${lastId ?? "?"}${fault === null ? "" : ` ${fault}`}`);
    }
    case "read": {
      const read = await view.read(step[1], cursors.get(step[1]) ?? null, step[2]);
      if (read.ok) cursors.set(step[1], read.next);
      return pageAnswer(read);
    }
    case "last":
      return pageAnswer(await view.readLast(step[1], step[2]));
    case "one": {
      const event = await view.readOne(step[1], BigInt(step[2]));
      return event === null ? null : sliceText(event.payload.tape, event.payload.node);
    }
    case "mark":
      return view.mark(step[1]);
    case "markOfAll":
      return view.markOfAll();
    case "close":
      return view.close();
  }
}

function pageAnswer(read: TopicPageRead): PageAnswer | string {
  if (!read.ok) return `! ${read.message}`;
  const faults = read.faults.map(({ id, message }) => `${id ?? "-"}: ${message}`);
  const progress = `${read.progress.done}/${read.progress.total}`;
  return { ids: read.events.map(({ id }) => id).join(), faults, done: read.done, startedOver: read.startedOver, progress };
}

/** Entry of the bundled script: a job as JSON a line on standard input, its answer a line on standard output. */
export async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const job = JSON.parse(line) as SqliteJob | ViewJob;
    if ("steps" in job) {
      process.stdout.write(`${JSON.stringify(await runView(job, nodeSqlite()))}\n`);
      continue;
    }
    const log = openLog(job, nodeSqlite());
    const answer = await runJob(job, log);
    await log.close();
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}
