/** Opening an event log that was found, and telling what is in it. */
import { join } from "node:path";
import type { EventLog } from "../../eventlog/EventLog.ts";
import type { LogView } from "../../eventlog/LogView.ts";
import { QUESTIONS_TOPIC } from "../../eventlog/topics.ts";
import { quoted } from "../quoted.ts";
import { sha256Hex } from "./fileEventLogPort.ts";
import { FileLogView } from "./FileLogView.ts";
import { fileFault } from "./fileFault.ts";
import type { FileSystem } from "./FileSystem.ts";
import { nodeSqlite } from "./nodeSqlite.ts";
import { SqliteEventLog } from "./SqliteEventLog.ts";
import type { SqliteEventLogPorts } from "./SqliteEventLog.ts";
import { SqliteLogView } from "./SqliteLogView.ts";
import { sqliteFiles, sqliteStamp } from "./sqliteState.ts";
import { bundledSqlWasm, loadSqlJs } from "./sqlJs.ts";

/** What opening logs needs beside files. */
export interface LogHost extends Omit<SqliteEventLogPorts, "fs"> {
  /**
   * Databases that could not be read, by their paths, and how their files looked then: a log is looked for every few seconds, and to find a
   * database broken may take reading all of it.
   */
  readonly broken: Map<string, { readonly stamp: string; readonly reason: string }>;
}

/** This machine's: its own SQLite, else sql.js, whose code lies at `sqlWasm` (beside the bundles when left out). */
export function nodeLogHost(sqlWasm?: string): LogHost {
  return {
    host: nodeSqlite(),
    memory: async () => loadSqlJs(sqlWasm ?? bundledSqlWasm()),
    nowMs: () => BigInt(Date.now()),
    sha256: sha256Hex,
    broken: new Map(),
  };
}

/** An open log with the number of its topics that hold events; or why it cannot be read, as a sentence. */
export type OpenedLog =
  { readonly ok: true; readonly view: LogView; readonly topics: number | null } | { readonly ok: false; readonly reason: string };

/** Opens a SQLite log at its real path. Never rejects. */
export async function openSqliteLog(fs: FileSystem, path: string, host: LogHost): Promise<OpenedLog> {
  const stamp = await stampOf(fs, path);
  const known = host.broken.get(path);
  if (known !== undefined && known.stamp === stamp) return { ok: false, reason: known.reason };
  host.broken.delete(path);
  const ports: SqliteEventLogPorts = { ...host, fs };
  const view = new SqliteLogView(path, ports);
  const opened = await probeSqlite(path, view.log instanceof SqliteEventLog ? view.log : new SqliteEventLog(path, ports));
  if (opened.ok) return { ...opened, view };
  await view.close();
  // A lock goes without a trace in the files.
  if (stamp !== null && !/lock|busy/i.test(opened.reason)) host.broken.set(path, { stamp, reason: opened.reason });
  return opened;
}

/** Opens a file log by the real path of its folder, which holds `topics`. Never rejects. */
export async function openFileLog(fs: FileSystem, folder: string, host: LogHost): Promise<OpenedLog> {
  const topics = join(folder, "topics");
  let filled = 0;
  try {
    if ((await fs.stat(topics)).kind !== "folder")
      return { ok: false, reason: `${quoted(topics)} is a file, not the folder of a log's topics.` };
    await fs.checkAccess(topics, "read");
    for (const { name } of await fs.listFolder(topics)) {
      if (name.endsWith(".jsonl") && (await sizeOf(fs, join(topics, name))) > 0) filled++;
    }
  } catch (cause) {
    return { ok: false, reason: fileFault(cause, topics, "read").message };
  }
  return { ok: true, view: new FileLogView(folder, { ...host, fs }), topics: filled };
}

/** Text that differs when the database may be another one, or the permission to read it; null when that is not known. */
async function stampOf(fs: FileSystem, path: string): Promise<string | null> {
  try {
    const files = await sqliteFiles(fs, path);
    const readable = await fs.checkAccess(path, "read").then(
      () => "readable",
      () => "closed",
    );
    return `${sqliteStamp(files, "memory")}|${readable}`;
  } catch {
    return null;
  }
}

type Probed = { readonly ok: true; readonly topics: number | null } | { readonly ok: false; readonly reason: string };

async function probeSqlite(path: string, log: SqliteEventLog): Promise<Probed> {
  const found = await log.found();
  if (!found.ok) return { ok: false, reason: reasonOf(path, found.message) };
  if (found.schema === "foreign") {
    return { ok: false, reason: `${quoted(path)} is a database of another program: it has tables, but none of an event log.` };
  }
  const columns = await columnsFault(log);
  if (columns !== null) return { ok: false, reason: reasonOf(path, columns) };
  const topics = await log.topics();
  return { ok: true, topics: topics.ok ? topics.topics.length : null };
}

/** Why not even the first event of a topic can be asked for; a bad event is none of the reasons. */
async function columnsFault(log: EventLog): Promise<string | null> {
  const read = await log.readRange(QUESTIONS_TOPIC, 0n, 1);
  return read.ok || read.message.startsWith("event log row error: ") ? null : read.message;
}

/** 0 also for what is gone, or is no plain file. */
async function sizeOf(fs: FileSystem, path: string): Promise<number> {
  try {
    const { kind, size } = await fs.stat(path);
    return kind === "file" ? size : 0;
  } catch {
    return 0;
  }
}

/** A sentence, without what whoever shows it says himself. */
function reasonOf(path: string, words: string): string {
  const begin = `${quoted(path)} could not be read as an event log: `;
  const reason = words.startsWith(begin) ? words.slice(begin.length) : words;
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
