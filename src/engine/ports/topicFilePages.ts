/** Reading a topic file by pages, from its front and from its end, without ever holding the whole (event log format, file backend). */
import { isBlankLine, readTopicLine } from "../../eventlog/fileTopic.ts";
import { LINE_LIMIT_BYTES, LineSplitter } from "../../eventlog/LineSplitter.ts";
import type { SplitLine } from "../../eventlog/LineSplitter.ts";
import type { LogEvent } from "../../eventlog/LogEvent.ts";
import type { PlacedEvent, TopicFault } from "../../eventlog/LogView.ts";
import type { Stretch } from "./EventPlaces.ts";
import type { ReadableFile } from "./FileSystem.ts";

/** A page ends with the line that goes over this. */
export const PAGE_BYTES = 4 << 20;
const FIRST_CHUNK_BYTES = 64 << 10;
const CHUNK_BYTES = 1 << 20;

/** A place in a topic file. */
export interface TopicPlace {
  readonly offset: number;
  /** Counted from 1; null where it is not counted. */
  readonly line: number | null;
  /** The line was taken as an event already, though it had no end: what is left of it can only be its end. */
  readonly inLine: boolean;
}

/** An open topic file, up to the size it had when it was opened. */
export interface OpenTopic {
  readonly file: ReadableFile;
  readonly size: number;
  /** Throws when the reading should end. */
  check(): void;
  /** Longest line that is decoded, in bytes. */
  readonly lineLimit?: number;
}

export interface FilePage {
  readonly events: readonly PlacedEvent[];
  readonly faults: readonly TopicFault[];
  readonly unfinished?: TopicFault;
  readonly next: TopicPlace;
  readonly done: boolean;
}

/** Reads on from a place until `limit` events and faults, or some megabytes. Rejects with the disk's errors. */
export async function readPage(topic: OpenTopic, from: TopicPlace, limit: number): Promise<FilePage> {
  const page = new PageBuilder(from, topic.lineLimit);
  const most = Math.max(1, limit);
  let chunkBytes = FIRST_CHUNK_BYTES;
  for (let at = from.offset; at < topic.size;) {
    topic.check();
    const chunk = await readAt(topic.file, at, Math.min(chunkBytes, topic.size - at));
    // Cut off meanwhile: the next read finds out.
    if (chunk.length === 0) break;
    at += chunk.length;
    for (const line of page.splitter.push(chunk)) {
      page.take(line);
      if (page.count >= most || page.next.offset - from.offset >= PAGE_BYTES) return page.finish(page.next.offset >= topic.size);
    }
    chunkBytes = Math.min(chunkBytes * 2, CHUNK_BYTES);
  }
  const rest = page.splitter.rest();
  if (rest !== null) page.takeRest(rest);
  return page.finish(true);
}

/**
 * The file's last `limit` events and faults, oldest first, fewer where that would be many megabytes. Reads from the end backwards, until
 * enough lines are found. The lines before are not counted, unless there are none. Rejects with the disk's errors.
 */
export async function readTail(topic: OpenTopic, limit: number, firstBytes = FIRST_CHUNK_BYTES): Promise<FilePage> {
  const lineLimit = topic.lineLimit ?? LINE_LIMIT_BYTES;
  // The longest line with its end and the one before.
  const mostBytes = lineLimit + 2;
  for (let length = firstBytes; ; length = Math.min(length * 4, mostBytes)) {
    topic.check();
    const from = Math.max(0, topic.size - length);
    const bytes = await readAt(topic.file, from, topic.size - from);
    const begin = from === 0 ? 0 : bytes.indexOf(0x0a) + 1;
    const isLineStart = from === 0 || begin > 0;
    const lines = isLineStart ? linesOf(bytes.subarray(begin), { offset: from + begin, line: 1 }, lineLimit) : [];
    const isEnough = from === 0 || lines.length >= limit || (lines.length > 0 && length >= PAGE_BYTES);
    if (!isEnough && length < mostBytes) continue;
    const place = { offset: from + begin, line: from === 0 ? 1 : null, inLine: false };
    const page = new PageBuilder(isEnough ? place : { offset: topic.size, line: null, inLine: false }, lineLimit);
    if (!isEnough) page.faults.push({ line: null, id: null, message: `The last line is longer than ${megabytes(lineLimit)} MB.` });
    for (const line of lines.slice(-Math.max(1, limit))) {
      if (line.ended) page.take(line);
      else page.takeRest(line);
    }
    return page.finish(true);
  }
}

/** The first event of that id in a stretch; null when there is none. Only lines that hold the id's digits are decoded. Rejects with the disk's errors. */
export async function findEvent(topic: OpenTopic, id: bigint, { from, to }: Stretch): Promise<PlacedEvent | null> {
  const digits = new TextEncoder().encode(String(id));
  const splitter = new LineSplitter({ offset: from, line: 1 }, topic.lineLimit);
  const eventIn = (line: SplitLine): PlacedEvent | null => {
    if (line.bytes === null || Buffer.from(line.bytes.buffer, line.bytes.byteOffset, line.bytes.length).indexOf(digits) === -1) return null;
    const event = readTopicLine(new Uint8Array(line.bytes));
    return "fault" in event || event.id !== id ? null : { ...event, offset: line.offset };
  };
  let chunkBytes = FIRST_CHUNK_BYTES;
  for (let at = from; at < topic.size;) {
    topic.check();
    const chunk = await readAt(topic.file, at, Math.min(chunkBytes, topic.size - at));
    if (chunk.length === 0) break;
    at += chunk.length;
    for (const line of splitter.push(chunk)) {
      if (line.offset >= to) return null;
      const event = eventIn(line);
      if (event !== null) return event;
    }
    chunkBytes = Math.min(chunkBytes * 2, CHUNK_BYTES);
  }
  const rest = splitter.rest();
  return rest === null || rest.offset >= to ? null : eventIn(rest);
}

/** Bytes of a file from `position` on, fewer at its end. */
export async function readAt(file: ReadableFile, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, length));
  let have = 0;
  while (have < bytes.length) {
    const got = await file.read(bytes.subarray(have), position + have);
    if (got === 0) break;
    have += got;
  }
  return bytes.subarray(0, have);
}

/** The lines of the file's end, blank ones left out. */
function linesOf(bytes: Uint8Array, from: { readonly offset: number; readonly line: number }, limit: number): SplitLine[] {
  const splitter = new LineSplitter(from, limit);
  const lines = splitter.push(bytes);
  const rest = splitter.rest();
  return (rest === null ? lines : [...lines, rest]).filter((line) => line.bytes === null || !isBlankLine(line.bytes, 0, line.bytes.length));
}

/** Takes lines for a page, one after the other. */
class PageBuilder {
  readonly splitter: LineSplitter;
  readonly events: PlacedEvent[] = [];
  readonly faults: TopicFault[] = [];
  readonly #isCounted: boolean;
  readonly #limit: number;
  #unfinished: TopicFault | null = null;
  #inLine: boolean;
  next: TopicPlace;

  constructor(from: TopicPlace, limit = LINE_LIMIT_BYTES) {
    this.splitter = new LineSplitter({ offset: from.offset, line: from.line ?? 1 }, limit);
    this.#limit = limit;
    this.#isCounted = from.line !== null;
    this.#inLine = from.inLine;
    this.next = from;
  }

  get count(): number {
    return this.events.length + this.faults.length;
  }

  /** A line with its end. */
  take(line: SplitLine): void {
    const read = this.#read(line);
    if (read !== null && "message" in read) this.faults.push(read);
    else if (read !== null) this.events.push({ ...read, offset: line.offset });
    this.#inLine = false;
    this.next = { offset: line.offset + line.length + 1, line: this.#numbered(line.number + 1), inLine: false };
  }

  /** The last line, without its end: an event where it holds one already. */
  takeRest(line: SplitLine): void {
    const read = this.#read(line);
    this.next = { offset: line.offset, line: this.#numbered(line.number), inLine: this.#inLine };
    if (read === null) return;
    if ("message" in read) {
      const message = `The last line has no end and holds no event yet: it is being written, or was cut off (${read.message.replace(/\.$/, "")}).`;
      this.#unfinished = { ...read, message };
    } else {
      this.events.push({ ...read, offset: line.offset });
      this.next = { ...this.next, offset: line.offset + line.length, inLine: true };
    }
  }

  finish(done: boolean): FilePage {
    const unfinished = this.#unfinished === null ? {} : { unfinished: this.#unfinished };
    return { events: this.events, faults: this.faults, ...unfinished, next: this.next, done };
  }

  /** Null for a blank line. */
  #read(line: SplitLine): LogEvent | TopicFault | null {
    const fault = (message: string): TopicFault => ({ line: this.#numbered(line.number), id: null, message });
    if (line.bytes === null) {
      return fault(
        `The line has ${megabytes(line.length)} MB, more than the ${megabytes(this.#limit)} MB that are read of one: passed over.`,
      );
    }
    if (isBlankLine(line.bytes, 0, line.bytes.length)) return null;
    if (this.#inLine) return fault("Something was appended to a line that had no end: the runtime cannot read the topic any more.");
    // A copy of its own: the event is kept, the chunk it came in is not.
    const event = readTopicLine(new Uint8Array(line.bytes));
    return "fault" in event ? fault(event.fault) : event;
  }

  #numbered(line: number): number | null {
    return this.#isCounted ? line : null;
  }
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(bytes < 10 << 20 ? 1 : 0).replace(/\.0$/, "");
}
