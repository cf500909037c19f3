import { HITL_READING_ORDER, HitlGathering } from "../../eventlog/HitlGathering.ts";
import type { LedgerRun } from "../../eventlog/hitlLedger.ts";
import { RESPONSES_TOPIC } from "../../eventlog/hitlRequest.ts";
import type { LogEvent } from "../../eventlog/LogEvent.ts";
import type { LogView, TopicCursor } from "../../eventlog/LogView.ts";

/** Events asked for at once. */
const PAGE_EVENTS = 1024;
/** Faults of a topic that are said one by one. */
const FAULTS_SAID = 20;

interface TopicState {
  cursor: TopicCursor | null;
  /** The topic's mark when it was read to its end; null where it was not. */
  mark: string | null;
  progress: { readonly done: number; readonly total: number };
  faults: string[];
  faultCount: number;
  /** Why the topic cannot be read at all. */
  failure: string | null;
}

/** Reads the topics of human requests of one log for one run: to their ends first, then what is new. Only what belongs to the run is kept. */
export class HitlReader {
  readonly view: LogView;
  readonly #gathering: HitlGathering;
  readonly #topics: ReadonlyMap<string, TopicState>;
  /** Requests known when the hosts' answers were read. */
  #requestsAtResponses = 0;
  #changes = 0;

  constructor(view: LogView, run: LedgerRun) {
    this.view = view;
    this.#gathering = new HitlGathering(run);
    const fresh = (): TopicState => ({
      cursor: null,
      mark: null,
      progress: { done: 0, total: 0 },
      faults: [],
      faultCount: 0,
      failure: null,
    });
    this.#topics = new Map(HITL_READING_ORDER.map((topic) => [topic, fresh()]));
  }

  get byTopic(): ReadonlyMap<string, readonly LogEvent[]> {
    return this.#gathering.byTopic;
  }

  /** Grows when something was read that matters. */
  get changes(): number {
    return this.#changes;
  }

  get progress(): { readonly done: number; readonly total: number } {
    const all = [...this.#topics.values()];
    return {
      done: all.reduce((sum, { progress }) => sum + progress.done, 0),
      total: all.reduce((sum, { progress }) => sum + progress.total, 0),
    };
  }

  /** What cannot be read, a sentence each. */
  get faults(): readonly string[] {
    return [...this.#topics].flatMap(([topic, { faults, faultCount, failure }]) => [
      ...(failure === null ? [] : [`${topic} cannot be read: ${failure}`]),
      ...faults,
      ...(faultCount > faults.length ? [`${topic}: ${(faultCount - faults.length).toLocaleString("en-US")} more that cannot be read`] : []),
    ]);
  }

  /** Whether a topic has something the runtime's own reader may not get past. */
  hasFaults(topic: string): boolean {
    const state = this.#topics.get(topic);
    return state !== undefined && (state.faultCount > 0 || state.failure !== null);
  }

  serves(run: LedgerRun): boolean {
    return this.#gathering.serves(run);
  }

  /**
   * Reads on to the end of all topics. Topics that did not change since cost no more than a look.
   *
   * @param afterPage called after each page; `false` ends the reading, which then goes on from there with the next call
   */
  async readOn(afterPage: () => Promise<boolean>): Promise<void> {
    // All at once: where the topics are one database, its files are looked at once.
    const marks = await Promise.all([...this.#topics.keys()].map((topic) => this.view.mark(topic)));
    for (const [index, [topic, state]] of [...this.#topics].entries()) {
      if (topic === RESPONSES_TOPIC && this.#gathering.requests > this.#requestsAtResponses) {
        // Answers passed over before may name one of the new requests.
        this.#requestsAtResponses = this.#gathering.requests;
        this.#startOver(topic, state);
      }
      const mark = marks[index] ?? null;
      if (mark === state.mark) continue;
      state.mark = null;
      if (!(await this.#readTopic(topic, state, afterPage))) return;
      // What was written while it was read has changed the mark: it is read the next time.
      if (state.failure === null) state.mark = mark;
    }
  }

  /** Answers whether the reading may go on with other topics. */
  async #readTopic(topic: string, state: TopicState, afterPage: () => Promise<boolean>): Promise<boolean> {
    for (;;) {
      const page = await this.view.read(topic, state.cursor, PAGE_EVENTS);
      if (!page.ok) {
        if (state.failure !== page.message) this.#changes++;
        state.failure = page.message;
        return afterPage();
      }
      if (state.failure !== null) this.#changes++;
      state.failure = null;
      if (page.startedOver) this.#startOver(topic, state);
      state.cursor = page.next;
      state.progress = page.progress;
      for (const { line, id, message } of page.faults) {
        const place = line === null ? (id === null ? "" : ` #${id}`) : ` line ${line}`;
        state.faultCount++;
        if (state.faults.length < FAULTS_SAID) state.faults.push(`${topic}${place}: ${message}`);
      }
      if (this.#gathering.add(topic, page.events) || page.faults.length > 0) this.#changes++;
      if (!(await afterPage())) return false;
      if (page.done) return true;
    }
  }

  #startOver(topic: string, state: TopicState): void {
    this.#gathering.forget(topic);
    this.#changes++;
    state.cursor = null;
    state.mark = null;
    state.faults = [];
    state.faultCount = 0;
  }
}
