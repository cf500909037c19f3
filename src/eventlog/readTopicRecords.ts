import type { EventLog } from "./EventLog.ts";
import type { LogEvent, LogRead } from "./LogEvent.ts";

/** How a reader of the runtime goes through a topic. */
export interface TopicPaging {
  /** Events asked for at a time. */
  readonly page: number;
  /** The read is over at a page with nothing in it, or already at one that is not full. */
  readonly until: "empty" | "short";
  /** A page that cannot be read counts as the end, or fails the whole read. */
  readonly onFailure: "end" | "fail";
}

/** As the questions of a run are read: what cannot be read is not there. */
export const QUESTION_PAGING: TopicPaging = { page: 256, until: "empty", onFailure: "end" };
/** As the events of an agent session are read. */
export const AGENT_EVENT_PAGING: TopicPaging = { page: 1024, until: "short", onFailure: "fail" };

/**
 * All events of a topic, page after page (event log format, one view over all backends). Each page begins behind the id of the last event
 * of the page before, so a topic file whose ids go back gives some of its events twice.
 */
export async function readTopicRecords(log: EventLog, topic: string, paging: TopicPaging = QUESTION_PAGING): Promise<LogRead> {
  const events: LogEvent[] = [];
  let from = 0n;
  for (;;) {
    const page = await log.readRange(topic, from, paging.page);
    if (!page.ok) return paging.onFailure === "end" ? { ok: true, events } : page;
    for (const event of page.events) events.push(event);
    const last = page.events.at(-1);
    if (last === undefined || (paging.until === "short" && page.events.length < paging.page)) return { ok: true, events };
    from = last.id;
  }
}
