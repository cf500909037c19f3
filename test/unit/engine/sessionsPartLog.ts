import type { LogFailure } from "../../../src/eventlog/LogEvent.ts";
import type { LogView, PlacedEvent, TopicCursor, TopicFacts, TopicFault, TopicPageRead } from "../../../src/eventlog/LogView.ts";
import { provenanceHeaders } from "../../../src/eventlog/provenance.ts";
import { sliceBytes } from "../../../src/json/cursor.ts";
import { memoryLog, sha256, slice } from "../eventlog/support.ts";

/** An event of a session as a test gives it: its type, its fields, and what differs from what the runtime would write. */
export interface EventGiven {
  readonly type: string;
  readonly at?: number;
  readonly session?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly id?: number;
  readonly payload?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly unsigned?: boolean;
}

interface Topic {
  events: PlacedEvent[];
  faults: TopicFault[];
  stamp: number;
  failure: string | null;
}

/** A log in memory, written as the runtime writes. Counts what is read of it. */
export class MemoryLogView implements LogView {
  readonly log = memoryLog({});
  readonly topicsHeld = new Map<string, Topic>();
  readonly oddNames: string[] = [];
  listing: LogFailure | null = null;
  reads = 0;
  pageLimit = Infinity;
  closed = false;
  /** Called before each page is given. */
  beforeRead: (topic: string) => void = () => undefined;
  #stamp = 0;

  /** Appends events to a session's topic, each with its hashes. */
  add(
    sessionId: string,
    events: readonly EventGiven[],
    topicName = `observability.agent_events.${sessionId.replace(/[^\w.-]/gu, "_")}`,
  ): this {
    const topic = this.topic(topicName);
    topic.stamp = ++this.#stamp;
    for (const given of events) {
      const previous = topic.events.at(-1) ?? null;
      const session = given.session ?? sessionId;
      const own = { ...given.fields, session_id: session, type: given.type };
      const payload = slice(given.payload ?? { event: sorted(own), index_hint: given.at ?? 0, session_id: session });
      const event = {
        id: given.id === undefined ? (previous?.id ?? 0n) + 1n : BigInt(given.id),
        kind: given.type,
        payload,
        headers: new Map(Object.entries(given.headers ?? { session_id: session })),
        occurredAtMs: BigInt(given.at ?? 0),
      };
      const bytes = { ...event, payload: sliceBytes(payload.tape, payload.node) };
      topic.events.push(given.unsigned === true ? event : { ...event, headers: provenanceHeaders(topicName, bytes, previous, sha256) });
    }
    return this;
  }

  topic(name: string): Topic {
    let topic = this.topicsHeld.get(name);
    if (topic === undefined) {
      topic = { events: [], faults: [], stamp: ++this.#stamp, failure: null };
      this.topicsHeld.set(name, topic);
    }
    return topic;
  }

  /** Says that a topic was written to, after a test changed it by hand. */
  touch(name: string): void {
    this.topic(name).stamp = ++this.#stamp;
  }

  remove(name: string): void {
    this.topicsHeld.delete(name);
    this.#stamp++;
  }

  topics(): ReturnType<LogView["topics"]> {
    if (this.listing !== null) return Promise.resolve(this.listing);
    const facts = (topic: string, fault: string | null): TopicFacts => ({
      topic,
      fault,
      lastId: this.topicsHeld.get(topic)?.events.at(-1)?.id ?? null,
      bytes: null,
    });
    return Promise.resolve({
      ok: true,
      topics: [
        ...[...this.topicsHeld.keys()].sort().map((topic) => facts(topic, null)),
        ...this.oddNames.map((topic) => facts(topic, `topic '${topic}' contains unsupported characters`)),
      ],
    });
  }

  async read(name: string, cursor: TopicCursor | null, limit: number): Promise<TopicPageRead> {
    this.reads++;
    this.beforeRead(name);
    await Promise.resolve();
    const topic = this.topicsHeld.get(name) ?? { events: [], faults: [], stamp: 0, failure: null };
    if (topic.failure !== null) return { ok: false, message: topic.failure };
    // Cut, or written anew: the cursor's last event is not there any more.
    const startedOver = cursor !== null && cursor.offset > 0 && topic.events[cursor.offset - 1]?.id !== cursor.id;
    const from = cursor === null || startedOver ? 0 : cursor.offset;
    const events = topic.events.slice(from, from + Math.min(limit, this.pageLimit));
    const to = from + events.length;
    return {
      ok: true,
      events,
      faults: from === 0 ? topic.faults : [],
      next: { id: events.at(-1)?.id ?? cursor?.id ?? 0n, offset: to, line: to + 1 },
      done: to >= topic.events.length,
      progress: { done: to, total: topic.events.length },
      startedOver,
    };
  }

  readLast(): Promise<TopicPageRead> {
    return Promise.resolve({ ok: false, message: "not needed here" });
  }

  readOne(name: string, id: bigint): Promise<PlacedEvent | null> {
    const topic = this.topicsHeld.get(name);
    if (typeof topic?.failure === "string") return Promise.reject(new Error(topic.failure));
    return Promise.resolve(topic?.events.find((event) => event.id === id) ?? null);
  }

  mark(name: string): Promise<string> {
    return Promise.resolve(String(this.topicsHeld.get(name)?.stamp ?? -1));
  }

  markOfAll(): Promise<string> {
    return Promise.resolve(String(this.#stamp));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

function sorted(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
