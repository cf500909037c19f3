/** What lies beside a SQLite database, and by which way it can be read without disturbing those who write it. */
import { basename, dirname, join } from "node:path";
import { noRegularFileFault, folderFault } from "./fileFault.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileFacts, FileSystem } from "./FileSystem.ts";

/**
 * - `absent`: there is no main file.
 * - `empty`: the main file has no byte. SQLite would throw a log beside it away: not even opened.
 * - `closed`: no write-ahead log, or an empty one: the main file is all there is.
 * - `live`: a log and its shared memory in a folder that can be written: somebody writes now, or was killed. Read with SQLite's own locks.
 * - `left`: a log that cannot be read SQLite's way without making files: no shared memory beside it, or a folder that cannot be written.
 * - `journal`: a rollback journal with content: somebody who keeps no write-ahead log is in the middle of a change, or was killed in it.
 */
export type SqliteState = "absent" | "empty" | "closed" | "live" | "left" | "journal";

/**
 * How a database is read: by the host's SQLite without or with locks, or from memory, log laid over. `none`: there is nothing to read. `refused`: not
 * before the program that changes it has finished, or has mended it.
 */
export type SqliteWay = "immutable" | "readOnly" | "memory" | "none" | "refused";

export interface SqliteFiles {
  /** Where the main file really is: logs lie beside that, not beside a link to it. */
  readonly path: string;
  readonly state: SqliteState;
  readonly main: FileFacts | null;
  readonly wal: FileFacts | null;
  readonly shm: FileFacts | null;
  readonly journal: FileFacts | null;
}

/**
 * Looks at a database and its companions without opening any of them, but for the first bytes of a rollback journal. Rejects when it may
 * not look.
 */
export async function sqliteFiles(fs: FileSystem, path: string): Promise<SqliteFiles> {
  const main = await factsOrNull(fs, path);
  if (main === null) return { path, state: "absent", main, wal: null, shm: null, journal: null };
  if (main.kind === "folder") throw folderFault(path);
  if (main.kind === "other") throw noRegularFileFault(path);
  const real = await fs.realPath(path);
  const wal = await factsOrNull(fs, `${real}-wal`);
  const shm = await factsOrNull(fs, `${real}-shm`);
  const journal = await factsOrNull(fs, `${real}-journal`);
  const files = { path: real, main, wal, shm, journal };
  if (main.size === 0) return { ...files, state: "empty" };
  if (journal !== null && (await beginsWithJournalMagic(fs, `${real}-journal`))) return { ...files, state: "journal" };
  if (wal === null || wal.size === 0) return { ...files, state: "closed" };
  const writable = shm !== null && (await canWrite(fs, dirname(real))) && (await canWrite(fs, `${real}-shm`));
  return { ...files, state: writable ? "live" : "left" };
}

/** The state alone. */
export async function sqliteState(fs: FileSystem, path: string): Promise<SqliteState> {
  return (await sqliteFiles(fs, path)).state;
}

/** Which way a state is read, by a host that has a SQLite of its own or has none. */
export function sqliteWay(state: SqliteState, hostHasSqlite: boolean): SqliteWay {
  switch (state) {
    case "absent":
    case "empty":
      return "none";
    case "closed":
      return hostHasSqlite ? "immutable" : "memory";
    case "live":
      return hostHasSqlite ? "readOnly" : "memory";
    case "left":
      return "memory";
    case "journal":
      return "refused";
  }
}

/** Text that differs when what a reader of that way would see may differ. */
export function sqliteStamp(files: SqliteFiles, way: SqliteWay): string {
  const seen = way === "memory" ? [files.main, files.wal, files.journal] : [files.main];
  return [files.path, files.state, way, ...seen.map((facts) => (facts === null ? "-" : `${facts.size}@${facts.changedMs}`))].join("|");
}

/** The path of a new database, before it is there: its folder's links followed. */
export async function newSqlitePath(fs: FileSystem, path: string): Promise<string> {
  return join(await fs.realPath(dirname(path)), basename(path));
}

const JOURNAL_MAGIC = Buffer.from("d9d505f920a163d7", "hex");

/** A journal that was finished with is emptied, or its head is overwritten with zeros. */
async function beginsWithJournalMagic(fs: FileSystem, path: string): Promise<boolean> {
  let file;
  try {
    file = await fs.openToRead(path);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return false;
    throw cause;
  }
  try {
    const head = new Uint8Array(JOURNAL_MAGIC.length);
    return (await file.read(head, 0)) === head.length && JOURNAL_MAGIC.equals(head);
  } finally {
    await file.close();
  }
}

async function factsOrNull(fs: FileSystem, path: string): Promise<FileFacts | null> {
  try {
    return await fs.stat(path);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT" || errorCode(cause) === "ENOTDIR") return null;
    throw cause;
  }
}

async function canWrite(fs: FileSystem, path: string): Promise<boolean> {
  try {
    await fs.checkAccess(path, "write");
    return true;
  } catch {
    return false;
  }
}
