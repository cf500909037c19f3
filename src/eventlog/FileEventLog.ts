import { compareBytes } from "../json/compareBytes.ts";
import type { EventLog, NewEvent } from "./EventLog.ts";
import { encodeTopicLine, readFileTopic, topicLines } from "./fileTopic.ts";
import type { LogEvent, LogFailure, LogRead } from "./LogEvent.ts";
import { provenanceHeaders } from "./provenance.ts";
import type { Sha256 } from "./provenance.ts";
import { topicFault } from "./topics.ts";

/** Which step of the file system's work failed, as the runtime names it, and why. */
export interface FileStepFault {
  readonly ok: false;
  readonly step: "mkdir" | "open" | "read" | "write" | "topics read" | "topic entry";
  readonly reason: string;
}

/** A topic file as it was read; `stamp` differs when its content does. */
export interface TopicFile {
  readonly stamp: string;
  readonly bytes: Uint8Array;
}

/** The folder of a log, with the names of topics checked by the caller. No call rejects. */
export interface FileEventLogPort {
  /** A stamp of `topics/<topic>.jsonl` without reading it; null when there is no such file. */
  stampOf(topic: string): Promise<{ readonly ok: true; readonly stamp: string | null } | FileStepFault>;
  /** The whole file; null when there is none. */
  readTopic(topic: string): Promise<{ readonly ok: true; readonly file: TopicFile | null } | FileStepFault>;
  /** Names of the entries directly in `topics/`; none when there is no such folder. */
  listTopicFiles(): Promise<{ readonly ok: true; readonly names: readonly string[] } | FileStepFault>;
  /** Appends bytes at the end, which must still be at `size` (0: no file, or an empty one); makes folder and file. */
  appendTopic(topic: string, bytes: Uint8Array, size: number): Promise<{ readonly ok: true } | FileStepFault>;
  /** Unix time in milliseconds. */
  nowMs(): bigint;
  readonly sha256: Sha256;
}

const SUFFIX = ".jsonl";

/** A log kept as one file a topic (event log format, file backend). */
export class FileEventLog implements EventLog {
  readonly backend = "file";
  readonly #port: FileEventLogPort;
  /** The topic read last: paging through a long one must not parse it once a page. */
  #last: { readonly topic: string; readonly stamp: string; readonly read: LogRead } | null = null;
  /** Appends wait for one another: each needs the id and the hash of the one before. */
  #appending: Promise<unknown> = Promise.resolve();

  constructor(port: FileEventLogPort) {
    this.#port = port;
  }

  async readRange(topic: string, from: bigint, limit: number): Promise<LogRead> {
    const read = await this.#readTopic(topic);
    if (!read.ok) return read;
    const events: LogEvent[] = [];
    for (const event of read.events) {
      if (event.id <= from) continue;
      events.push(event);
      // Asked only after an event was kept: a limit of 0 gives one.
      if (events.length >= limit) break;
    }
    return { ok: true, events };
  }

  async topics(): Promise<{ readonly ok: true; readonly topics: readonly string[] } | LogFailure> {
    const listed = await this.#port.listTopicFiles();
    if (!listed.ok) return failure(listed);
    const topics = listed.names.filter((name) => name.endsWith(SUFFIX) && name !== SUFFIX).map((name) => name.slice(0, -SUFFIX.length));
    for (const topic of topics) {
      const fault = topicFault(topic);
      if (fault !== null) return { ok: false, message: fault };
    }
    return { ok: true, topics: topics.sort(compareBytes) };
  }

  append(topic: string, event: NewEvent): Promise<{ readonly ok: true; readonly id: bigint } | LogFailure> {
    const appended = this.#appending.then(() => this.#append(topic, event));
    this.#appending = appended;
    return appended;
  }

  async close(): Promise<void> {
    await this.#appending;
    this.#last = null;
  }

  async #append(topic: string, event: NewEvent): Promise<{ readonly ok: true; readonly id: bigint } | LogFailure> {
    const fault = topicFault(topic);
    if (fault !== null) return { ok: false, message: fault };
    const read = await this.#port.readTopic(topic);
    if (!read.ok) return failure(read);
    const bytes = read.file?.bytes ?? new Uint8Array();
    const content = readFileTopic(bytes);
    if (!content.ok) return content;
    if (endsTorn(bytes)) {
      // The runtime would append to the fragment and make of both a bad line, after which nothing could be read of the topic.
      return { ok: false, message: `the last line of topic ${topic} has no end: an event appended to it would make the topic unreadable` };
    }
    const previous = content.events.at(-1) ?? null;
    const id = (previous?.id ?? 0n) + 1n;
    const unsigned = { ...event, id, occurredAtMs: this.#port.nowMs() };
    const headers = provenanceHeaders(topic, unsigned, previous, this.#port.sha256);
    const written = await this.#port.appendTopic(topic, encodeTopicLine({ ...unsigned, headers }), bytes.length);
    return written.ok ? { ok: true, id } : failure(written);
  }

  async #readTopic(topic: string): Promise<LogRead> {
    const fault = topicFault(topic);
    if (fault !== null) return { ok: false, message: fault };
    const stamped = await this.#port.stampOf(topic);
    if (!stamped.ok) return failure(stamped);
    if (stamped.stamp === null) return { ok: true, events: [] };
    if (this.#last?.topic === topic && this.#last.stamp === stamped.stamp) return this.#last.read;
    const read = await this.#port.readTopic(topic);
    if (!read.ok) return failure(read);
    if (read.file === null) return { ok: true, events: [] };
    this.#last = { topic, stamp: read.file.stamp, read: readFileTopic(read.file.bytes) };
    return this.#last.read;
  }
}

/** Whether something stands behind the last newline that is not blank. */
function endsTorn(bytes: Uint8Array): boolean {
  for (const line of topicLines(bytes, bytes.lastIndexOf(0x0a) + 1)) return !line.complete;
  return false;
}

function failure({ step, reason }: FileStepFault): LogFailure {
  return { ok: false, message: `event log ${step} error: ${reason}` };
}
