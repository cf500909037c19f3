import { join } from "node:path";
import type { EventLog } from "../../eventlog/EventLog.ts";
import { FileEventLog } from "../../eventlog/FileEventLog.ts";
import type { LogFailure } from "../../eventlog/LogEvent.ts";
import type { LogView, PlacedEvent, TopicCursor, TopicFacts, TopicPageRead } from "../../eventlog/LogView.ts";
import type { Sha256 } from "../../eventlog/provenance.ts";
import { topicFault } from "../../eventlog/topics.ts";
import { compareBytes } from "../../json/compareBytes.ts";
import { EngineFault } from "../EngineFault.ts";
import { quoted } from "../quoted.ts";
import { fileEventLogPort } from "./fileEventLogPort.ts";
import { EventPlaces } from "./EventPlaces.ts";
import { fileFault } from "./fileFault.ts";
import { errorCode } from "./FileSystem.ts";
import type { FileFacts, FileSystem, ReadableFile } from "./FileSystem.ts";
import { openInside } from "./openInside.ts";
import { findEvent, readAt, readPage, readTail } from "./topicFilePages.ts";
import type { FilePage, OpenTopic } from "./topicFilePages.ts";

export interface FileLogViewPorts {
  readonly fs: Pick<FileSystem, "stat" | "realPath" | "openToRead" | "listFolder">;
  /** Unix time in milliseconds. */
  nowMs(): bigint;
  readonly sha256: Sha256;
}

const SUFFIX = ".jsonl";
/** Bytes before a cursor by which a file is known again. */
const BEFORE_BYTES = 64;
/** The last line, for its id, is mostly shorter than this. */
const LAST_LINE_BYTES = 4 << 10;
/** Files looked at side by side. */
const AT_ONCE = 16;

interface KnownFile {
  readonly identity: string;
  readonly size: number;
  readonly changedMs: number;
}

/** A log kept as one file a topic, for viewing. Files that links lead out of the log's folder are not read. */
export class FileLogView implements LogView {
  readonly log: EventLog;
  readonly #folder: string;
  readonly #fs: FileLogViewPorts["fs"];
  readonly #sha256: Sha256;
  /** What was found of topics under a mark. */
  readonly #last = new Map<string, { readonly mark: string; readonly bytes: number; readonly id: bigint | null }>();
  readonly #places = new EventPlaces();
  readonly #known = new Map<string, KnownFile>();
  /** False on a disk that names the same file differently each time. */
  #hasIdentities = true;
  #isClosed = false;

  constructor(folder: string, ports: FileLogViewPorts) {
    this.#folder = folder;
    this.#fs = ports.fs;
    this.#sha256 = ports.sha256;
    this.log = new FileEventLog(fileEventLogPort(folder, () => ports.nowMs(), { insideOnly: true }));
  }

  async topics(): Promise<{ readonly ok: true; readonly topics: readonly TopicFacts[] } | LogFailure> {
    try {
      const names = await this.#names();
      const topics = await inGroups(names, (name) => this.#factsOf(name));
      return { ok: true, topics: topics.sort((a, b) => compareBytes(a.topic, b.topic)) };
    } catch (cause) {
      return this.#failure(cause, join(this.#folder, "topics"));
    }
  }

  async read(topic: string, cursor: TopicCursor | null, limit: number): Promise<TopicPageRead> {
    return this.#answer(topic, async (open) => {
      if (open !== null) this.#learnIdentity(topic, open.facts);
      const isSame = cursor !== null && open !== null && (await this.#isSame(cursor, open));
      const startedOver = cursor !== null && !isSame && cursor.offset > 0;
      if (!isSame) this.#places.forget(topic);
      if (open === null) return emptyPage(startedOver);
      const from = isSame
        ? { offset: cursor.offset, line: cursor.line, inLine: cursor.before !== undefined && !endsLine(cursor.before) }
        : { offset: 0, line: 1, inLine: false };
      const page = await readPage(open, from, limit);
      const [first] = page.events;
      if (first?.offset !== undefined) this.#places.add(topic, first.id, first.offset);
      return this.#page(page, isSame ? cursor.id : 0n, open, startedOver);
    });
  }

  async readLast(topic: string, limit: number): Promise<TopicPageRead> {
    return this.#answer(topic, async (open) => {
      if (open === null) return emptyPage(false);
      return this.#page(await readTail(open, limit), 0n, open, false);
    });
  }

  async readOne(topic: string, id: bigint, offset: number | null): Promise<PlacedEvent | null> {
    if (topicFault(topic) !== null) return null;
    try {
      return await this.#open(topic, async (open) => {
        if (open === null) return null;
        for (const stretch of [offset === null ? null : { from: offset, to: offset + 1 }, this.#places.pageOf(topic, id)]) {
          const found = stretch === null ? null : await findEvent(open, id, stretch);
          if (found !== null) return found;
        }
        return findEvent(open, id, { from: 0, to: Infinity });
      });
    } catch (cause) {
      throw fileFault(cause, this.#pathOf(topic), "read");
    }
  }

  async mark(topic: string): Promise<string> {
    return topicFault(topic) === null ? this.#markOf(`${topic}${SUFFIX}`) : "-";
  }

  async markOfAll(): Promise<string> {
    try {
      const names = (await this.#names()).sort();
      const marks = await inGroups(names, async (name) => `${name} ${await this.#markOf(name)}\n`);
      return this.#sha256(new TextEncoder().encode(marks.join("")));
    } catch (cause) {
      return `? ${errorCode(cause)}`;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#places.clear();
    this.#last.clear();
    this.#known.clear();
    await this.log.close();
  }

  #pathOf(topic: string): string {
    return join(this.#folder, "topics", `${topic}${SUFFIX}`);
  }

  /** Names of what may be topic files; none where there is no such folder. */
  async #names(): Promise<string[]> {
    try {
      const entries = await this.#fs.listFolder(join(this.#folder, "topics"));
      return entries.map(({ name }) => name).filter((name) => name.endsWith(SUFFIX) && name !== SUFFIX);
    } catch (cause) {
      if (errorCode(cause) === "ENOENT") return [];
      throw cause;
    }
  }

  async #factsOf(name: string): Promise<TopicFacts> {
    const topic = name.slice(0, -SUFFIX.length);
    const facts = { topic, fault: null, lastId: null, bytes: null };
    if (topicFault(topic) !== null) {
      return { ...facts, fault: `${quoted(name)} names no topic: as long as it is there, the runtime cannot list the topics of this log.` };
    }
    const known = this.#last.get(topic);
    if (known !== undefined && known.mark === (await this.#markOf(name))) return { ...facts, bytes: known.bytes, lastId: known.id };
    try {
      return await this.#open(topic, async (open) => {
        if (open === null) {
          return { ...facts, fault: `${quoted(name)} leads nowhere: it is a link to a file that is not there, or was removed just now.` };
        }
        const id = await lastIdOf(open);
        this.#last.set(topic, { mark: markOf(open.facts), bytes: open.size, id });
        return { ...facts, bytes: open.size, lastId: id };
      });
    } catch (cause) {
      return { ...facts, fault: fileFault(cause, this.#pathOf(topic), "read").message };
    }
  }

  async #markOf(name: string): Promise<string> {
    try {
      return markOf(await this.#fs.stat(join(this.#folder, "topics", name)));
    } catch (cause) {
      return errorCode(cause) === "ENOENT" || errorCode(cause) === "ENOTDIR" ? "-" : `? ${errorCode(cause)}`;
    }
  }

  /** Whether the cursor was made on the file that is open, and what was before it is there still. */
  async #isSame(cursor: TopicCursor, open: OpenFile): Promise<boolean> {
    if (open.size < cursor.offset) return false;
    if (this.#hasIdentities && cursor.file !== undefined && open.facts.identity !== undefined && cursor.file !== open.facts.identity)
      return false;
    const before = await beforeOf(open.file, cursor.offset);
    return cursor.before === undefined ? endsLine(before) : cursor.before === before;
  }

  /** A file that did not change and has another identity all the same: its disk does not know what it says. */
  #learnIdentity(topic: string, { identity, size, changedMs }: FileFacts): void {
    if (identity === undefined) return;
    const known = this.#known.get(topic);
    if (known !== undefined && known.identity !== identity && known.size === size && known.changedMs === changedMs)
      this.#hasIdentities = false;
    this.#known.set(topic, { identity, size, changedMs });
  }

  async #page(page: FilePage, id: bigint, open: OpenFile, startedOver: boolean): Promise<TopicPageRead> {
    const { next, ...rest } = page;
    const cursor: TopicCursor = {
      id: page.events.at(-1)?.id ?? id,
      offset: next.offset,
      line: next.line,
      before: await beforeOf(open.file, next.offset),
      ...(open.facts.identity === undefined ? {} : { file: open.facts.identity }),
    };
    return { ok: true, ...rest, next: cursor, progress: { done: next.offset, total: open.size }, startedOver };
  }

  async #answer(topic: string, read: (open: OpenFile | null) => Promise<TopicPageRead>): Promise<TopicPageRead> {
    const fault = topicFault(topic);
    if (fault !== null) return { ok: false, message: fault };
    try {
      return await this.#open(topic, read);
    } catch (cause) {
      return this.#failure(cause, this.#pathOf(topic));
    }
  }

  /** Opens a topic's file for as long as `use` takes; null where there is none. Rejects with the disk's errors and with `EngineFault`s. */
  async #open<T>(topic: string, use: (open: OpenFile | null) => Promise<T>): Promise<T> {
    this.#check();
    return openInside(this.#fs, this.#folder, this.#pathOf(topic), (open) =>
      use(open === null ? null : { ...open, size: open.facts.size, check: () => this.#check() }),
    );
  }

  #check(): void {
    if (this.#isClosed) throw new EngineFault({ code: "cancelled", message: "The event log was closed." });
  }

  #failure(cause: unknown, path: string): LogFailure {
    return { ok: false, message: fileFault(cause, path, "read").message };
  }
}

interface OpenFile extends OpenTopic {
  readonly facts: FileFacts;
}

/** The id of the last line, which to the runtime is the latest; 0 of an empty topic, null when the line holds none. */
async function lastIdOf(open: OpenFile): Promise<bigint | null> {
  let page = await readTail(open, 1, LAST_LINE_BYTES);
  // What has no end yet does not count.
  if (page.unfinished !== undefined) page = await readTail(open, 2, LAST_LINE_BYTES);
  return page.events.at(-1)?.id ?? (page.faults.length === 0 ? 0n : null);
}

function emptyPage(startedOver: boolean): TopicPageRead {
  const next = { id: 0n, offset: 0, line: 1 };
  return { ok: true, events: [], faults: [], next, done: true, progress: { done: 0, total: 0 }, startedOver };
}

function markOf({ identity = "", size, changedMs }: FileFacts): string {
  return `${identity} ${size} ${changedMs}`;
}

/** The file's last bytes before an offset, one character each. */
async function beforeOf(file: ReadableFile, offset: number): Promise<string> {
  const from = Math.max(0, offset - BEFORE_BYTES);
  return Buffer.from(await readAt(file, from, offset - from)).toString("latin1");
}

/** Whether a line can begin behind these bytes. */
function endsLine(before: string): boolean {
  return before === "" || before.endsWith("\n");
}

async function inGroups<In, Out>(items: readonly In[], step: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(step))));
  return results;
}
