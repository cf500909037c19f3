import type { EventLog } from "../../../src/eventlog/EventLog.ts";
import type { LogEvent } from "../../../src/eventlog/LogEvent.ts";
import type { LogView, TopicFault, TopicPageRead } from "../../../src/eventlog/LogView.ts";

/** A log whose topics are lists in memory that a test appends to, breaks and replaces. Counts the pages that were read. */
export class FakeLogView implements LogView {
  readonly log: EventLog;
  readonly pages: string[] = [];
  readonly faults = new Map<string, TopicFault[]>();
  readonly failures = new Map<string, string>();
  /** Events of one page. */
  pageSize = 1024;
  /** Awaited before each page. */
  before: (topic: string) => Promise<void> = () => Promise.resolve();
  closed = false;
  readonly #topics = new Map<string, LogEvent[]>();
  readonly #generation = new Map<string, number>();

  constructor(log?: EventLog) {
    this.log = log ?? this.#strict();
  }

  append(topic: string, ...events: readonly LogEvent[]): this {
    const list = this.#topics.get(topic) ?? [];
    for (const event of events) list.push({ ...event, id: BigInt(list.length + 1) });
    this.#topics.set(topic, list);
    return this;
  }

  /** Empties a topic and begins it anew. */
  replace(topic: string, ...events: readonly LogEvent[]): this {
    this.#topics.delete(topic);
    this.#generation.set(topic, (this.#generation.get(topic) ?? 0) + 1);
    return this.append(topic, ...events);
  }

  topics(): ReturnType<LogView["topics"]> {
    const topics = [...this.#topics].map(([topic, events]) => ({ topic, fault: null, lastId: BigInt(events.length), bytes: null }));
    return Promise.resolve({ ok: true, topics });
  }

  async read(topic: string, cursor: Parameters<LogView["read"]>[1], limit: number): Promise<TopicPageRead> {
    await this.before(topic);
    this.pages.push(topic);
    const failure = this.failures.get(topic);
    if (failure !== undefined) return { ok: false, message: failure };
    const generation = this.#generation.get(topic) ?? 0;
    const startedOver = cursor !== null && cursor.line !== generation;
    const from = cursor === null || startedOver ? 0 : Number(cursor.id);
    const all = this.#topics.get(topic) ?? [];
    const events = all.slice(from, from + Math.min(limit, this.pageSize));
    const to = from + events.length;
    return {
      ok: true,
      events,
      faults: from === 0 ? (this.faults.get(topic) ?? []) : [],
      next: { id: BigInt(to), offset: 0, line: generation },
      done: to === all.length,
      progress: { done: to, total: all.length },
      startedOver,
    };
  }

  readLast(topic: string, limit: number): Promise<TopicPageRead> {
    const all = this.#topics.get(topic) ?? [];
    const next = { id: BigInt(all.length), offset: 0, line: 0 };
    const progress = { done: all.length, total: all.length };
    return Promise.resolve({ ok: true, events: all.slice(-limit), faults: [], next, done: true, progress, startedOver: false });
  }

  readOne(topic: string, id: bigint): Promise<LogEvent | null> {
    return Promise.resolve(this.#topics.get(topic)?.find((event) => event.id === id) ?? null);
  }

  mark(topic: string): Promise<string> {
    return Promise.resolve(`${this.#generation.get(topic) ?? 0} ${this.#topics.get(topic)?.length ?? 0}`);
  }

  markOfAll(): Promise<string> {
    return Promise.resolve([...this.#topics].map(([topic, events]) => `${topic} ${events.length}`).join());
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  /** The same topics, read as strictly as a file is: one fault spoils the topic. */
  #strict(): EventLog {
    return {
      backend: "file",
      readRange: (topic, from, limit) => {
        const fault = this.faults.get(topic)?.[0];
        if (fault !== undefined) return Promise.resolve({ ok: false, message: fault.message });
        const events = (this.#topics.get(topic) ?? []).filter(({ id }) => id > from).slice(0, Math.max(1, limit));
        return Promise.resolve({ ok: true, events });
      },
      topics: () => Promise.resolve({ ok: true, topics: [...this.#topics.keys()] }),
      append: () => Promise.resolve({ ok: false, message: "read only" }),
      close: () => Promise.resolve(),
    };
  }
}
