/** Reading an event log for people: by pages, in either direction, past what cannot be read. The runtime's own way is `EventLog`. */
import type { EventLog } from "./EventLog.ts";
import type { LogEvent, LogFailure } from "./LogEvent.ts";

/** A topic and how much it holds. What is not known at once is null. */
export interface TopicFacts {
  readonly topic: string;
  /** A sentence: the name is none a runtime would use, or the topic cannot be read. */
  readonly fault: string | null;
  readonly lastId: bigint | null;
  /** Bytes of a topic file. */
  readonly bytes: number | null;
}

/** An event as a view gives it. */
export interface PlacedEvent extends LogEvent {
  /** Where its line begins in a topic file, in bytes: `readOne` finds it there at once. Absent in a database. */
  readonly offset?: number;
}

/** Where reading goes on: opaque, made by a `TopicPage`. */
export interface TopicCursor {
  /** Of the last event before it; 0 where there is none. */
  readonly id: bigint;
  /** Bytes of a topic file before it. */
  readonly offset: number;
  /** Number of the line it stands in, which counts from 1; null where the lines before it were not counted. */
  readonly line: number | null;
  /** By these the file is known again: which one it was, and its last bytes before the cursor. */
  readonly file?: string;
  readonly before?: string;
}

/** Something of a topic that cannot be read as an event. */
export interface TopicFault {
  /** 1-based line of a topic file; null in a database, and when the line is not counted yet. */
  readonly line: number | null;
  readonly id: bigint | null;
  /** A sentence. */
  readonly message: string;
}

export interface TopicPage {
  /**
   * Each is given once by cursors that follow one another. So is an event in the last line of a topic file before that has its end, as it is
   * for the runtime: what is complete JSON can only be followed by the end of its line, or by something that spoils it.
   */
  readonly events: readonly PlacedEvent[];
  readonly faults: readonly TopicFault[];
  /** The last line of a topic file has no end and holds no event: it is being written, or was cut off. It is read again later. */
  readonly unfinished?: TopicFault;
  /** Where to read on, also at the end: what is appended later is found from here. */
  readonly next: TopicCursor;
  /** The topic holds no more for now. */
  readonly done: boolean;
  /** How far this is: of a file bytes, of a database ids. */
  readonly progress: { readonly done: number; readonly total: number };
  /** The topic was emptied, replaced or cut since the cursor was made: the page begins at its start again. */
  readonly startedOver: boolean;
}

export type TopicPageRead = ({ readonly ok: true } & TopicPage) | LogFailure;

export interface LogView {
  /** The same log as the runtime reads it: for the merge of questions, replay and publishing. */
  readonly log: EventLog;
  /** All topics, sorted by their bytes; at once also in a log of millions of events. */
  topics(): Promise<{ readonly ok: true; readonly topics: readonly TopicFacts[] } | LogFailure>;
  /**
   * At most `limit` events and faults (one at least, and not many more megabytes than four) from a cursor on; `null`: from the start. Bad
   * lines and rows are passed over and told.
   */
  read(topic: string, cursor: TopicCursor | null, limit: number): Promise<TopicPageRead>;
  /** The topic's last events, oldest first, without reading what is before them. */
  readLast(topic: string, limit: number): Promise<TopicPageRead>;
  /**
   * One event with its payload, by its id and, in a topic file, the place it was read from; null when it is there no more. Rejects with an
   * Error whose message is a sentence when the topic cannot be read.
   */
  readOne(topic: string, id: bigint, offset: number | null): Promise<PlacedEvent | null>;
  /** A text that differs once something was written to the topic since; cheap. Never rejects: what is in the way of a look is part of the text. */
  mark(topic: string): Promise<string>;
  /** The same for the whole log. */
  markOfAll(): Promise<string>;
  close(): Promise<void>;
}
