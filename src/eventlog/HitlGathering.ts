/** Keeps, of topics that hold the requests of all runs, what belongs to one run: events are given as they are read and copied if they stay. */
import { sliceBytes } from "../json/cursor.ts";
import { scan } from "../json/scan.ts";
import { belonging } from "./hitlLedger.ts";
import type { LedgerRun } from "./hitlLedger.ts";
import { HITL_TOPICS, hitlRequestOf, requestIdsOf, RESPONSES_TOPIC } from "./hitlRequest.ts";
import type { LogEvent } from "./LogEvent.ts";

/** The topics in the order in which they must be read: answers that hosts left come after the requests they name. */
export const HITL_READING_ORDER: readonly string[] = [...HITL_TOPICS.map(({ topic }) => topic), RESPONSES_TOPIC];

export class HitlGathering {
  readonly #run: LedgerRun;
  readonly #storedIds: ReadonlySet<string>;
  readonly #ids = new Set<string>();
  readonly #byTopic = new Map<string, LogEvent[]>();

  constructor(run: LedgerRun) {
    this.#run = run;
    this.#storedIds = new Set(run.stored.map(({ request_id: id }) => id));
  }

  get byTopic(): ReadonlyMap<string, readonly LogEvent[]> {
    return this.#byTopic;
  }

  /** How many requests are kept: when it grows, the hosts' answers read before may name one of them. */
  get requests(): number {
    return this.#ids.size;
  }

  /** Whether all that another run needs is kept already; what is too much does no harm. */
  serves(run: LedgerRun): boolean {
    const [mine, other] = [this.#run.window, run.window];
    const inside = other === null || (mine !== null && mine.startMs <= other.startMs && other.endMs <= mine.endMs);
    const isKnown = run.stored.every(({ request_id: id }) => this.#storedIds.has(id));
    return run.id === this.#run.id && run.traceId === this.#run.traceId && inside && isKnown;
  }

  /** The next events of a topic. Answers whether one of them was kept. */
  add(topic: string, events: readonly LogEvent[]): boolean {
    let kept = false;
    for (const event of events) {
      if (!this.#isWanted(topic, event)) continue;
      const list = this.#byTopic.get(topic);
      if (list === undefined) this.#byTopic.set(topic, [ownEvent(event)]);
      else list.push(ownEvent(event));
      kept = true;
    }
    return kept;
  }

  /** What was read of a topic counts no more. Requests known from it stay known, so that what names them elsewhere is not lost. */
  forget(topic: string): void {
    this.#byTopic.delete(topic);
  }

  #isWanted(topic: string, event: LogEvent): boolean {
    const hitlTopic = HITL_TOPICS.find((each) => each.topic === topic);
    const request = hitlTopic === undefined ? null : hitlRequestOf(event, hitlTopic);
    if (request === null) return requestIdsOf(event).some((id) => this.#ids.has(id));
    if (belonging(request, this.#run, this.#storedIds) === null) return false;
    this.#ids.add(request.requestId);
    return true;
  }
}

/** The event with a payload of its own: as it was read it may hold on to megabytes of a topic's text. */
function ownEvent(event: LogEvent): LogEvent {
  return { ...event, payload: { tape: scan(sliceBytes(event.payload.tape, event.payload.node).slice()), node: 0 } };
}
