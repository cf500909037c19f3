import { EngineFault } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { fileFault } from "./fileFault.ts";
import type { FileSystem } from "./FileSystem.ts";
import { readDatabaseImage } from "./readDatabaseImage.ts";
import { MEMORY_LIMIT_BYTES } from "./sqlJs.ts";
import type { HostSqlite, MemorySqlite, SqliteDatabase } from "./SqliteDatabase.ts";
import { sqliteFiles, sqliteStamp, sqliteWay } from "./sqliteState.ts";
import type { SqliteFiles, SqliteState, SqliteWay } from "./sqliteState.ts";

export interface SqliteReaderPorts {
  readonly fs: FileSystem;
  /** Null where the host has no SQLite. */
  readonly host: HostSqlite | null;
  /** Loads SQLite for memory. Rejects when it cannot. */
  memory(): Promise<MemorySqlite>;
  /** The largest database read into memory, in bytes. */
  readonly memoryLimit?: number;
}

/** How often a file that changes during a read without locks is read again. */
const ATTEMPTS = 3;

/** What was found at a path, and how it is read. */
export interface SqliteFound {
  readonly state: SqliteState;
  readonly way: SqliteWay;
  /** Bytes of the main file and of its log. */
  readonly size: number;
}

interface OpenDatabase {
  /** What it was opened by; another stamp means that it must be opened anew. */
  readonly stamp: string;
  /** Null where there is nothing to open. */
  readonly database: SqliteDatabase | null;
  readonly found: SqliteFound;
}

/** Reads a SQLite database that others write: never with a lock they would wait for long, never leaving a file beside it that was not there. */
export class SqliteReader {
  readonly path: string;
  readonly #ports: SqliteReaderPorts;
  #open: OpenDatabase | null = null;
  /** Reads wait for one another: each may open the database anew. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string, ports: SqliteReaderPorts) {
    this.path = path;
    this.#ports = ports;
  }

  /**
   * Reads in one go; `database` is null where there is none, or an empty one. Opened again whenever files changed, and read again when they
   * did so under a read without locks. A database that others have open is closed after each read: the last of them to end puts the log
   * into the main file and takes away what lies beside it, which it does not while anybody else has the log open. Rejects with an
   * `EngineFault`, with SQLite's own error, or with what `read` throws.
   *
   * `patienceMs`: how long a lock is waited for, during which nothing else is done; as long as the host's SQLite does when left out.
   */
  read<T>(read: (database: SqliteDatabase | null) => T, patienceMs?: number): Promise<T> {
    return this.#inTurn(async () => {
      for (let attempt = 1; ; attempt++) {
        const { database, found, stamp } = await this.#current(patienceMs);
        let answer: { readonly value: T } | { readonly cause: unknown };
        try {
          answer = { value: read(database) };
        } catch (cause) {
          answer = { cause };
        }
        // Half of an old and half of a new state may have been read: what came of it, an error too, says nothing.
        if (found.way === "immutable" && attempt < ATTEMPTS && (await this.#stamp()) !== stamp) continue;
        if (!("value" in answer) || found.way === "readOnly") this.#close();
        if ("value" in answer) return answer.value;
        throw answer.cause;
      }
    });
  }

  /** What lies there and which way it is read, opening it if need be. Rejects as `read` does. */
  found(): Promise<SqliteFound> {
    return this.#inTurn(async () => {
      const { found } = await this.#current();
      if (found.way === "readOnly") this.#close();
      return found;
    });
  }

  async close(): Promise<void> {
    await this.#inTurn(() => {
      this.#close();
      return Promise.resolve();
    });
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #close(): void {
    this.#open?.database?.close();
    this.#open = null;
  }

  async #look(): Promise<{ files: SqliteFiles; way: SqliteWay }> {
    try {
      const files = await sqliteFiles(this.#ports.fs, this.path);
      return { files, way: sqliteWay(files.state, this.#ports.host !== null) };
    } catch (cause) {
      throw fileFault(cause, this.path, "read");
    }
  }

  async #stamp(): Promise<string> {
    const { files, way } = await this.#look();
    return sqliteStamp(files, way);
  }

  async #current(patienceMs?: number): Promise<OpenDatabase> {
    const { files, way } = await this.#look();
    const stamp = sqliteStamp(files, way);
    if (this.#open?.stamp === stamp) return this.#open;
    this.#close();
    const { database, way: taken } = await this.#openBy(files, way, patienceMs);
    const size = (files.main?.size ?? 0) + (files.wal?.size ?? 0);
    this.#open = { stamp, database, found: { state: files.state, way: taken, size } };
    return this.#open;
  }

  async #openBy(files: SqliteFiles, way: SqliteWay, patienceMs?: number): Promise<{ database: SqliteDatabase | null; way: SqliteWay }> {
    const { host } = this.#ports;
    if (way === "none") return { database: null, way };
    if (way === "refused") throw journalFault(files.path);
    if (host === null || way === "memory") return { database: await this.#openInMemory(files), way: "memory" };
    try {
      return { database: prepared(host.open(files.path, way === "immutable" ? "immutable" : "readOnly"), patienceMs), way };
    } catch (cause) {
      // A file system without locks or shared memory: what can be read without them is read so.
      if (files.state !== "live" || !isLockingFault(cause)) throw cause;
      return { database: await this.#openInMemory(files), way: "memory" };
    }
  }

  async #openInMemory(files: SqliteFiles): Promise<SqliteDatabase> {
    const { image } = await readDatabaseImage(this.#ports.fs, files.path, this.#ports.memoryLimit ?? MEMORY_LIMIT_BYTES);
    const sqlite = await this.#ports.memory();
    return prepared(sqlite.open(image));
  }
}

function journalFault(path: string): EngineFault {
  return new EngineFault({
    code: "unreadable",
    message:
      `${quoted(path)} is being changed by another program, or was when that ended: a rollback journal lies beside it. ` +
      "Wait for the program, or open the file with one that can mend it.",
  });
}

/** Sets a connection to distrust what is in the file, and reads its schema, which fails where it is no database. */
function prepared(database: SqliteDatabase, patienceMs?: number): SqliteDatabase {
  try {
    if (patienceMs !== undefined) database.run(`PRAGMA busy_timeout=${Math.trunc(patienceMs)}`);
    for (const setting of ["trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"]) database.run(`PRAGMA ${setting}`);
    for (const row of database.rows("SELECT count(*) FROM sqlite_master")) if (row.length === 0) break;
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

/** Whether SQLite failed at locks, shared memory or input and output, and not at the database's content. */
function isLockingFault(cause: unknown): boolean {
  return cause instanceof Error && /locking protocol|disk I\/O error|unable to open database file|readonly/i.test(cause.message);
}
