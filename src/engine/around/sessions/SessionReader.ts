import type { LogView, TopicFacts } from "../../../eventlog/LogView.ts";
import type { NamedSessions, SessionOrigin } from "../../../eventlog/sessionTimeline/namedSessions.ts";
import type { SessionFacts } from "../../../view/sessions/TimelineEntry.ts";
import { agentEventsTopic } from "../../../eventlog/topics.ts";
import { describeCause } from "../../EngineFault.ts";
import type { EnginePorts } from "../../EnginePorts.ts";
import { SessionTopic, TOPIC_PREFIX } from "./SessionTopic.ts";
import type { SessionJudge } from "./SessionTopic.ts";

/** What is asked of whoever wants the sessions; asked each time, since the record changes. */
export interface SessionReaderHost {
  readonly ports: Pick<EnginePorts, "pause" | "sha256" | "log">;
  named(): NamedSessions;
  /** When the run went on, milliseconds since 1970; the end is infinite while it runs, null when no time is known. */
  runTime(): { readonly startMs: number; readonly endMs: number } | null;
  /** More was read: the rows are to be shown. Comes seldom while very much is read; `whole` with the last of it. */
  shown(whole: boolean): void;
  /** Reading got on. */
  progressed(): void;
}

/** The log's clock and the record's are read at different moments: so far outside of the run (milliseconds) a session may still begin. */
const SLACK_MS = 2000;
/** Most rows that are held of all sessions together. */
const ENTRY_LIMIT = 400_000;

/**
 * Reads the sessions of one run out of one log: those the record names first, then those that began in its time. Reads on from where it
 * stopped at each call.
 */
export class SessionReader {
  readonly #host: SessionReaderHost;
  readonly #view: LogView;
  /** All topics of the log by its last listing. */
  topicNames: ReadonlySet<string> = new Set();
  #topics = new Map<string, SessionTopic>();
  #order: readonly SessionTopic[] = [];
  #mark: string | null = null;
  #failure: string | null = null;
  #unusable: readonly string[] = [];
  #gone = new Set<string>();
  #progress: { done: number; total: number } | null = null;
  /** Rows of all sessions, those of them that were shown, and whether anything came since. */
  #rowCount = 0;
  readonly #rows = new WeakMap<SessionTopic, number>();
  #shownCount = 0;
  #isNew = true;
  /** What was shown last was not all. */
  #isPartial = false;
  #recordVersion = 0;
  readonly #ending = new AbortController();
  #running: Promise<void> | null = null;
  readonly #judge: SessionJudge = {
    originOf: (sessionId, firstMs) => this.#originOf(sessionId, firstMs),
    hasOwnTopic: (sessionId) => this.topicNames.has(agentEventsTopic(sessionId)),
  };

  constructor(host: SessionReaderHost, view: LogView) {
    this.#host = host;
    this.#view = view;
  }

  get view(): LogView {
    return this.#view;
  }

  /** Sessions that were found so far, in the order in which they began. */
  get sessions(): SessionFacts[] {
    for (const topic of this.#order) topic.sort();
    const all = this.#order.flatMap((topic) => topic.sessions);
    // Its own topic may have come after the copies were read.
    const sessions = all.filter(({ carrier, sessionId }) => carrier === null || !this.topicNames.has(agentEventsTopic(sessionId)));
    return sessions.sort((a, b) => (a.firstMs ?? Infinity) - (b.firstMs ?? Infinity) || 0);
  }

  get progress(): { readonly done: number; readonly total: number } | null {
    return this.#progress;
  }

  get faults(): string[] {
    const said = this.#order.flatMap(({ faults }) => faults);
    if (this.#failure !== null) said.unshift(`The agent sessions cannot be read: ${this.#failure}`);
    for (const fault of this.#unusable) said.push(`A topic is left out: ${fault}`);
    for (const name of this.#gone) said.push(`${name} is no longer in the log.`);
    if (this.#rowCount >= ENTRY_LIMIT)
      said.push(`Only the first ${ENTRY_LIMIT.toLocaleString("en-US")} rows of these sessions are listed.`);
    return said;
  }

  topic(name: string): SessionTopic | null {
    return this.#topics.get(name) ?? null;
  }

  /** Another record, or another version of it: which sessions belong to it is asked anew. */
  recordChanged(): void {
    this.#recordVersion++;
    this.#mark = null;
    for (const topic of this.#topics.values()) {
      if (topic.outside) topic.mark = null;
      // Which of its sessions are the run's was decided while it was read.
      if (
        topic.hasForeign ||
        topic.sessions.some((session) => this.#judge.originOf(session.carrier ?? session.sessionId, session.firstMs) === null)
      ) {
        topic.restart();
        this.#recount(topic);
      }
      for (const session of topic.sessions) session.origin = this.#judge.originOf(session.carrier ?? session.sessionId, session.firstMs);
    }
  }

  /** Ends reading; what goes on stops at its next step. */
  end(): void {
    this.#ending.abort();
  }

  /** Reads what is new to its end. Calls at the same time are one. Never rejects. */
  async read(): Promise<void> {
    this.#running ??= this.#readAll()
      .catch((cause: unknown) => {
        if (this.#isEnded()) return;
        this.#fail(cause instanceof Error ? cause.message : String(cause));
        this.#host.ports.log("error", `Agent sessions were not read to their end: ${describeCause(cause)}`);
      })
      .then(() => {
        this.#running = null;
        this.#progress = null;
        if (!this.#isEnded() && (this.#isNew || this.#isPartial)) this.#tell(true);
      })
      .catch((cause: unknown) => {
        this.#host.ports.log("error", `Agent sessions could not be shown: ${describeCause(cause)}`);
      });
    return this.#running;
  }

  #isEnded(): boolean {
    return this.#ending.signal.aborted;
  }

  async #readAll(): Promise<void> {
    const recordVersion = this.#recordVersion;
    const mark = await this.#view.markOfAll();
    if (this.#isEnded() || mark === this.#mark) return;
    const listing = await this.#view.topics();
    if (this.#isEnded()) return;
    if (!listing.ok) {
      this.#fail(listing.message);
      return;
    }
    this.#fail(null);
    const found = this.#take(listing.topics);
    let done = 0;
    this.#progress = { done, total: found.reduce((sum, facts) => sum + weight(facts), 0) };
    for (const facts of found) {
      const topic = this.#topics.get(facts.topic);
      if (topic === undefined) continue;
      const before = done;
      await this.#readTopic(topic, (part) => (this.#progress = { done: before + part, total: this.#progress?.total ?? 0 }));
      if (this.#isEnded()) return;
      done = before + weight(facts);
    }
    // What could not be read is tried again, and what the record changed meanwhile is looked at again.
    if (recordVersion === this.#recordVersion && !this.#order.some(({ fault }) => fault !== null)) this.#mark = mark;
  }

  #fail(failure: string | null): void {
    if (failure !== this.#failure) this.#isNew = true;
    this.#failure = failure;
  }

  /** Takes the log's listing over: new topics come, gone ones go. Named ones stand first. */
  #take(listed: readonly TopicFacts[]): TopicFacts[] {
    this.topicNames = new Set(listed.map(({ topic }) => topic));
    const own = listed.filter(({ topic }) => topic.startsWith(TOPIC_PREFIX));
    this.#unusable = own.filter(({ fault }) => fault !== null).map(({ fault }) => fault ?? "");
    const usable = own.filter(({ fault }) => fault === null);
    const names = new Set(usable.map(({ topic }) => topic));
    for (const [name, topic] of this.#topics) {
      if (names.has(name)) continue;
      if (topic.sessions.length > 0) this.#gone.add(name);
      this.#topics.delete(name);
      this.#rowCount -= this.#rows.get(topic) ?? 0;
      this.#isNew = true;
    }
    for (const { topic } of usable) {
      if (this.#gone.delete(topic)) this.#isNew = true;
      if (!this.#topics.has(topic)) this.#topics.set(topic, new SessionTopic(topic, this.#host.ports.sha256));
    }
    this.#order = [...this.#topics.values()];
    const named = this.#host.named();
    const first: TopicFacts[] = [];
    const later: TopicFacts[] = [];
    for (const facts of usable) (named.mayHold(facts.topic) ? first : later).push(facts);
    return [...first, ...later];
  }

  async #readTopic(topic: SessionTopic, tell: (done: number) => void): Promise<void> {
    const mark = await this.#view.mark(topic.topic);
    if (this.#isEnded() || mark === topic.mark) return;
    const { version } = topic;
    if (topic.sessions.length === 0 && !this.#host.named().mayHold(topic.topic)) {
      topic.outside = !(await topic.begins(this.#view, this.#judge));
      if (this.#isEnded()) return;
      if (topic.version !== version) this.#isNew = true;
      if (topic.outside) {
        topic.mark = topic.fault === null ? mark : null;
        await this.#host.ports.pause();
        return;
      }
    }
    topic.outside = false;
    let more = true;
    while (more && this.#rowCount < ENTRY_LIMIT) {
      const before = topic.version;
      more = await topic.readPage(this.#view, this.#judge, () => !this.#isEnded());
      if (this.#isEnded()) return;
      this.#recount(topic);
      if (topic.version !== before) this.#isNew = true;
      tell(topic.progress.done);
      // Making the list of rows takes time in proportion to their number: it is made anew when half as many have come to it.
      if (this.#rowCount >= this.#shownCount * 1.5 + 200) this.#tell(false);
      else this.#host.progressed();
      await this.#host.ports.pause();
      if (this.#isEnded()) return;
    }
    topic.mark = topic.fault === null ? mark : null;
  }

  #recount(topic: SessionTopic): void {
    const count = topic.rowCount;
    this.#rowCount += count - (this.#rows.get(topic) ?? 0);
    this.#rows.set(topic, count);
  }

  #tell(whole: boolean): void {
    this.#isPartial = !whole;
    this.#shownCount = this.#rowCount;
    this.#isNew = false;
    this.#host.shown(whole);
  }

  #originOf(sessionId: string, firstMs: number | null): SessionOrigin | null {
    const origin = this.#host.named().origin(sessionId);
    if (origin !== null) return origin;
    const runTime = this.#host.runTime();
    if (runTime === null || firstMs === null) return null;
    return runTime.startMs - SLACK_MS <= firstMs && firstMs <= runTime.endMs + SLACK_MS ? { kind: "time" } : null;
  }
}

/** How much of the whole a topic is: bytes of a file, ids of a database. */
function weight({ bytes, lastId }: TopicFacts): number {
  return bytes ?? (lastId === null ? 0 : Number(lastId));
}
