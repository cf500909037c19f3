import { isWaitpointCancelled, waitpointTopic } from "../../eventlog/hitlLedger.ts";
import type { LogEvent } from "../../eventlog/LogEvent.ts";
import type { LogView } from "../../eventlog/LogView.ts";

/** Events of a waiting point's topic that are read: its states are few. */
const EVENTS_READ = 16;
/** Open requests whose waiting points are looked at. */
const LOOKED_AT = 100;

/** The waiting points of requests (event log format, waitpoints): each has a topic of its own, which tells when a request was taken back. */
export class Waitpoints {
  readonly #marks = new Map<string, string>();
  #cancelled: ReadonlySet<string> = new Set();

  /** Ids of requests that were taken back. */
  get cancelled(): ReadonlySet<string> {
    return this.#cancelled;
  }

  /** Looks at the waiting points of open requests, at those that did not change no more than that; answers whether one was taken back since. */
  async look(view: LogView, open: readonly string[]): Promise<boolean> {
    const asked = open.slice(0, LOOKED_AT).map((id) => ({ id, topic: waitpointTopic(id) }));
    // All at once: where the topics are one database, its files are looked at once.
    const marks = await Promise.all(asked.map(({ topic }) => view.mark(topic)));
    const cancelled = new Set(this.#cancelled);
    for (const [index, { id, topic }] of asked.entries()) {
      const mark = marks[index] ?? "";
      if (this.#marks.get(topic) === mark) continue;
      const page = await view.readLast(topic, EVENTS_READ);
      if (!page.ok) continue;
      this.#marks.set(topic, mark);
      if (isWaitpointCancelled(page.events)) cancelled.add(id);
    }
    const isNew = cancelled.size !== this.#cancelled.size;
    if (isNew) this.#cancelled = cancelled;
    return isNew;
  }
}

/** The last state of a request's waiting point; null where the log has none, or it cannot be read. */
export async function lastWaitpoint(view: LogView, requestId: string): Promise<LogEvent | null> {
  const page = await view.readLast(waitpointTopic(requestId), EVENTS_READ);
  return page.ok ? (page.events.findLast(({ kind }) => kind === "waitpoint.state") ?? null) : null;
}
