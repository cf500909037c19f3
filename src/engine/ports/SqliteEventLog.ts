import { dirname } from "node:path";
import type { EventLog, NewEvent } from "../../eventlog/EventLog.ts";
import type { LogFailure, LogRead } from "../../eventlog/LogEvent.ts";
import type { Sha256 } from "../../eventlog/provenance.ts";
import { topicFault } from "../../eventlog/topics.ts";
import { withWalMode } from "../../eventlog/walOverlay.ts";
import { EngineFault } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { appendSqliteEvent } from "./appendSqliteEvent.ts";
import { atomicWrite } from "./atomicWrite.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileSystem } from "./FileSystem.ts";
import { readDatabaseImage } from "./readDatabaseImage.ts";
import { MEMORY_LIMIT_BYTES } from "./sqlJs.ts";
import type { HostSqlite } from "./SqliteDatabase.ts";
import { hasTable, logSchemaOf, readEvents, readTopicHeads, readTopics } from "./sqliteEvents.ts";
import type { LogSchema, TopicHead } from "./sqliteEvents.ts";
import { SqliteReader } from "./SqliteReader.ts";
import type { SqliteFound, SqliteReaderPorts } from "./SqliteReader.ts";
import { sqliteFiles } from "./sqliteState.ts";

export interface SqliteEventLogPorts extends SqliteReaderPorts {
  /** Unix time in milliseconds. */
  nowMs(): bigint;
  readonly sha256: Sha256;
}

/** What a log's path holds, for a person who asks why nothing is shown. */
export interface SqliteLogFound extends SqliteFound {
  readonly schema: LogSchema | null;
}

type Failure = LogFailure;

/**
 * A log kept in one SQLite database (event log format, SQLite backend). Reads leave no trace; only `append` writes. A database that is not
 * there, or has no table of events, is a log without events, as the runtime, which would make both, finds it.
 */
export class SqliteEventLog implements EventLog {
  readonly backend = "sqlite";
  readonly path: string;
  readonly #ports: SqliteEventLogPorts;
  readonly #reader: SqliteReader;
  #appending: Promise<unknown> = Promise.resolve();

  /** `reader`: of the same path, shared with whoever else reads there; closed with the log. */
  constructor(path: string, ports: SqliteEventLogPorts, reader = new SqliteReader(path, ports)) {
    this.path = path;
    this.#ports = ports;
    this.#reader = reader;
  }

  readRange(topic: string, from: bigint, limit: number): Promise<LogRead> {
    const fault = topicFault(topic);
    if (fault !== null) return Promise.resolve({ ok: false, message: fault });
    return this.#answer((): Promise<LogRead> =>
      this.#reader.read((database) =>
        database === null || logSchemaOf(database) !== "log" ? { ok: true, events: [] } : readEvents(database, topic, from, limit),
      ),
    );
  }

  topics(): Promise<{ readonly ok: true; readonly topics: readonly string[] } | Failure> {
    return this.#answer((): Promise<{ readonly ok: true; readonly topics: readonly string[] } | Failure> =>
      this.#reader.read((database) =>
        database === null || logSchemaOf(database) !== "log" ? { ok: true, topics: [] } : readTopics(database),
      ),
    );
  }

  /** The topics' heads, at once also for millions of events; none where the table of heads is missing. */
  heads(): Promise<{ readonly ok: true; readonly heads: readonly TopicHead[] } | Failure> {
    return this.#answer((): Promise<{ readonly ok: true; readonly heads: readonly TopicHead[] } | Failure> =>
      this.#reader.read((database) => {
        if (database === null) return { ok: true, heads: [] };
        logSchemaOf(database);
        return { ok: true, heads: hasTable(database, "topic_heads") ? readTopicHeads(database) : [] };
      }),
    );
  }

  /** What lies at the path and how it is read; never rejects. */
  found(): Promise<({ readonly ok: true } & SqliteLogFound) | Failure> {
    return this.#answer(async () => {
      const found = await this.#reader.found();
      const schema = await this.#reader.read((database) => (database === null ? null : logSchemaOf(database)));
      return { ok: true as const, ...found, schema };
    });
  }

  append(topic: string, event: NewEvent): Promise<{ readonly ok: true; readonly id: bigint } | Failure> {
    const fault = topicFault(topic);
    if (fault !== null) return Promise.resolve({ ok: false, message: fault });
    const appended = this.#appending.then(() =>
      this.#answer(async () => {
        const { host } = this.#ports;
        const id = host === null ? await this.#appendInMemory(topic, event) : await this.#appendByHost(host, topic, event);
        return { ok: true as const, id };
      }, "written"),
    );
    this.#appending = appended;
    return appended;
  }

  async close(): Promise<void> {
    await this.#appending;
    await this.#reader.close();
  }

  /** The runtime's way: its journal, its patience, its transaction. */
  async #appendByHost(host: HostSqlite, topic: string, event: NewEvent): Promise<bigint> {
    await this.#ports.fs.makeFolders(dirname(this.path));
    await sqliteFiles(this.#ports.fs, this.path);
    const database = host.open(this.path, "write");
    try {
      // Asked before the journal is changed.
      if (logSchemaOf(database) === "foreign") throw foreignFault(this.path);
      database.run("PRAGMA journal_mode = WAL");
      database.run("PRAGMA synchronous = NORMAL");
      return appendSqliteEvent(database, topic, event, { nowMs: this.#ports.nowMs(), sha256: this.#ports.sha256 });
    } finally {
      database.close();
    }
  }

  /** Without a SQLite that knows locks: only into a database nobody has open, which is replaced as a whole. */
  async #appendInMemory(topic: string, event: NewEvent): Promise<bigint> {
    const { fs } = this.#ports;
    const limit = this.#ports.memoryLimit ?? MEMORY_LIMIT_BYTES;
    await this.#refuseIfOpen();
    const before = await sqliteFiles(fs, this.path);
    const read = before.main === null ? null : await readDatabaseImage(fs, before.path, limit);
    const sqlite = await this.#ports.memory();
    const database = sqlite.open(read === null || read.image.length === 0 ? null : read.image);
    let id, image;
    try {
      id = appendSqliteEvent(database, topic, event, { nowMs: this.#ports.nowMs(), sha256: this.#ports.sha256 });
      image = withWalMode(database.bytes());
    } finally {
      database.close();
    }
    const guarded: FileSystem = {
      ...fs,
      rename: async (from, to) => {
        // The last look before the file is replaced: whoever opened it meanwhile would go on writing into the old one.
        if (to === before.path || before.main === null) await this.#refuseIfOpen();
        await fs.rename(from, to);
      },
    };
    await atomicWrite(guarded, this.path, image, { expected: read?.main ?? null, makeFolders: true });
    return id;
  }

  async #refuseIfOpen(): Promise<void> {
    const { fs } = this.#ports;
    const files = await sqliteFiles(fs, this.path);
    const beside = (["wal", "shm", "journal"] as const).filter((name) => files[name] !== null);
    const orphan = files.main === null ? await companionOf(fs, this.path) : null;
    const name = orphan ?? (beside[0] === undefined ? null : `${this.path}-${beside[0]}`);
    if (name === null) return;
    throw new EngineFault({
      code: "refused",
      message: `Another program has ${quoted(this.path)} open (${quoted(name)} lies beside it), and this host has no SQLite that can write together with it. Nothing was written.`,
    });
  }

  /** Turns what a step throws into a sentence. */
  async #answer<T>(step: () => Promise<T>, deed: "read" | "written" = "read"): Promise<T | Failure> {
    try {
      return await step();
    } catch (cause) {
      if (cause instanceof EngineFault) return { ok: false, message: cause.message };
      const words = cause instanceof Error ? cause.message : String(cause);
      return { ok: false, message: `${quoted(this.path)} could not be ${deed} as an event log: ${words}` };
    }
  }
}

function foreignFault(path: string): EngineFault {
  return new EngineFault({
    code: "refused",
    message: `${quoted(path)} is a database of another program: it has tables, but none of an event log. Nothing was written.`,
  });
}

/** A log or journal that lies where there is no main file; null when there is none. */
async function companionOf(fs: FileSystem, path: string): Promise<string | null> {
  for (const suffix of ["-wal", "-shm", "-journal"]) {
    try {
      await fs.stat(path + suffix);
      return path + suffix;
    } catch (cause) {
      if (errorCode(cause) !== "ENOENT" && errorCode(cause) !== "ENOTDIR") throw cause;
    }
  }
  return null;
}
