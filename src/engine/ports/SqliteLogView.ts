import type { EventLog } from "../../eventlog/EventLog.ts";
import type { LogFailure } from "../../eventlog/LogEvent.ts";
import type { LogView, PlacedEvent, TopicCursor, TopicFacts, TopicPage, TopicPageRead } from "../../eventlog/LogView.ts";
import { EngineFault } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { errorCode } from "./FileSystem.ts";
import type { SqliteDatabase } from "./SqliteDatabase.ts";
import { logSchemaOf } from "./sqliteEvents.ts";
import { SqliteEventLog } from "./SqliteEventLog.ts";
import type { SqliteEventLogPorts } from "./SqliteEventLog.ts";
import { eventMark, lastIdOf, readLastRows, readNamelessRows, readPage, readRow, readTopicFacts } from "./sqliteLogPages.ts";
import type { SqlitePage } from "./sqliteLogPages.ts";
import { SqliteReader } from "./SqliteReader.ts";

/** A lock is not waited for, but tried again at the next look: meanwhile nothing else could be done. */
const PATIENCE_MS = 100;

/** A log kept in one SQLite database, for viewing. Nothing is written, and no file left beside it. */
export class SqliteLogView implements LogView {
  readonly log: EventLog;
  readonly #path: string;
  readonly #ports: SqliteEventLogPorts;
  readonly #reader: SqliteReader;
  readonly #marks = new Map<string, { readonly all: string; readonly mark: string }>();
  /** A look at the files that goes on; whoever asks meanwhile is answered by it. */
  #looking: Promise<string> | null = null;
  #isClosed = false;

  constructor(path: string, ports: SqliteEventLogPorts) {
    this.#path = path;
    this.#ports = ports;
    // One connection, or one image in memory, for both.
    this.#reader = new SqliteReader(path, ports);
    this.log = new SqliteEventLog(path, ports, this.#reader);
  }

  topics(): Promise<{ readonly ok: true; readonly topics: readonly TopicFacts[] } | LogFailure> {
    return this.#answer((database) => ({ ok: true, topics: database === null ? [] : readTopicFacts(database) }));
  }

  read(topic: string, cursor: TopicCursor | null, limit: number): Promise<TopicPageRead> {
    const most = atLeastOne(limit);
    return this.#answer((database) => {
      if (database === null) return emptyPage(cursor !== null && cursor.id > 0n);
      const last = lastIdOf(database, topic);
      const isSame = cursor !== null && isStillBefore(database, topic, cursor, last);
      const from = isSame ? cursor.id : 0n;
      const page = readPage(database, topic, from, most);
      const told = isSame ? cursor.offset : 0;
      const nameless = page.isFull ? [] : readNamelessRows(database, topic, told, most);
      const next = cursorBehind(page, from, told + nameless.length, isSame ? cursor.before : undefined);
      return pageOf(
        { ...page, faults: [...page.faults, ...nameless] },
        next,
        last,
        !page.isFull && nameless.length < most,
        cursor !== null && !isSame,
      );
    });
  }

  readLast(topic: string, limit: number): Promise<TopicPageRead> {
    return this.#answer((database) => {
      if (database === null) return emptyPage(false);
      const page = readLastRows(database, topic, atLeastOne(limit));
      return pageOf(page, cursorBehind(page, 0n, 0, undefined), lastIdOf(database, topic), true, false);
    });
  }

  async readOne(topic: string, id: bigint): Promise<PlacedEvent | null> {
    const answer = await this.#answer((database) => ({ ok: true, row: database === null ? null : readRow(database, topic, id) }));
    if (!answer.ok) throw new EngineFault({ code: "unreadable", message: answer.message });
    if (answer.row !== null && "message" in answer.row) throw new EngineFault({ code: "unreadable", message: answer.row.message });
    return answer.row;
  }

  /** Asks the database only when its files changed: another topic of it may have been written. */
  async mark(topic: string): Promise<string> {
    const all = await this.markOfAll();
    const known = this.#marks.get(topic);
    if (known?.all === all) return known.mark;
    const answer = await this.#answer((database) => ({ ok: true, mark: database === null ? "-" : topicMark(database, topic) }));
    const mark = answer.ok ? answer.mark : `? ${answer.message}`;
    // A failure may pass without a change of the files.
    if (answer.ok) this.#marks.set(topic, { all, mark });
    return mark;
  }

  async markOfAll(): Promise<string> {
    this.#looking ??= this.#lookAtFiles().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#marks.clear();
    await this.log.close();
  }

  async #lookAtFiles(): Promise<string> {
    const look = async (path: string): Promise<string> => {
      try {
        const { size, changedMs, identity = "" } = await this.#ports.fs.stat(path);
        return `${identity} ${size} ${changedMs}`;
      } catch (cause) {
        return errorCode(cause) === "ENOENT" || errorCode(cause) === "ENOTDIR" ? "-" : `? ${errorCode(cause)}`;
      }
    };
    let real = this.#path;
    try {
      real = await this.#ports.fs.realPath(this.#path);
    } catch {
      // What is in the way shows itself in the looks.
    }
    return (await Promise.all([look(real), look(`${real}-wal`), look(`${real}-journal`)])).join("|");
  }

  /** `read` is given null where there is no database, or one without a table of events. */
  async #answer<T extends { readonly ok: true }>(read: (database: SqliteDatabase | null) => T): Promise<T | LogFailure> {
    if (this.#isClosed) return { ok: false, message: "The event log was closed." };
    try {
      return await this.#reader.read((database) => {
        const schema = database === null ? "noTables" : logSchemaOf(database);
        if (schema === "foreign") throw foreignFault(this.#path);
        return read(schema === "log" ? database : null);
      }, PATIENCE_MS);
    } catch (cause) {
      return { ok: false, message: sentenceOf(cause, this.#path) };
    }
  }
}

function atLeastOne(limit: number): number {
  return Math.max(1, Math.min(Math.trunc(limit), Number.MAX_SAFE_INTEGER));
}

/** Whether what was read before the cursor is what the topic holds, as far as it was not compacted away. */
function isStillBefore(database: SqliteDatabase, topic: string, cursor: TopicCursor, last: bigint): boolean {
  if (cursor.id > last) return false;
  if (cursor.before === undefined) return true;
  const row = readRow(database, topic, cursor.id);
  return row === null || (!("message" in row) && eventMark(row) === cursor.before);
}

function topicMark(database: SqliteDatabase, topic: string): string {
  const last = lastIdOf(database, topic);
  const row = readRow(database, topic, last);
  return `${last} ${row === null ? "-" : "message" in row ? row.message : eventMark(row)}`;
}

/** In a database the offset counts the rows without a number that were told. */
function cursorBehind(page: SqlitePage, from: bigint, told: number, before: string | undefined): TopicCursor {
  const id = page.lastId ?? from;
  const event = page.events.at(-1);
  const mark = page.lastId === null ? before : event?.id === id ? eventMark(event) : undefined;
  return { id, offset: told, line: null, ...(mark === undefined ? {} : { before: mark }) };
}

function pageOf(
  page: Pick<TopicPage, "events" | "faults">,
  next: TopicCursor,
  last: bigint,
  done: boolean,
  startedOver: boolean,
): { readonly ok: true } & TopicPage {
  const { events, faults } = page;
  return { ok: true, events, faults, next, done, progress: { done: Number(next.id), total: Number(last) }, startedOver };
}

function emptyPage(startedOver: boolean): { readonly ok: true } & TopicPage {
  return pageOf({ events: [], faults: [] }, { id: 0n, offset: 0, line: null }, 0n, true, startedOver);
}

function foreignFault(path: string): EngineFault {
  return new EngineFault({
    code: "refused",
    message: `${quoted(path)} is a database of another program: it has tables, but none of an event log.`,
  });
}

/** What a step threw as a sentence a person can act on. */
function sentenceOf(cause: unknown, path: string): string {
  if (cause instanceof EngineFault) return cause.message;
  const name = quoted(path);
  const words = cause instanceof Error ? cause.message : String(cause);
  if (/is locked/i.test(words)) return `${name} is locked by another program; it is tried again.`;
  if (/not a database|file is encrypted/i.test(words)) return `${name} is no SQLite database, or is encrypted.`;
  if (/malformed|corrupt/i.test(words))
    return `${name} is damaged, or was cut off while it was written (SQLite: ${words}). Copy it, and mend the copy with a tool for SQLite databases.`;
  if (/no such column/i.test(words)) return `${name} has a table of events, but not with an event log's columns (SQLite: ${words}).`;
  return `${name} could not be read as an event log: ${words}`;
}
