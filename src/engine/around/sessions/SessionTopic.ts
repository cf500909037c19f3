import type { LogView, PlacedEvent, TopicCursor, TopicFault, TopicPageRead } from "../../../eventlog/LogView.ts";
import { ChainFold } from "../../../eventlog/sessionTimeline/ChainFold.ts";
import { readSessionEvent } from "../../../eventlog/sessionTimeline/SessionEvent.ts";
import type { SessionOrigin } from "../../../eventlog/sessionTimeline/namedSessions.ts";
import type { Sha256 } from "../../../eventlog/provenance.ts";
import { SessionFold } from "../../../view/sessions/SessionFold.ts";
import { sessionRowId } from "../../../view/sessions/TimelineEntry.ts";
import type { SessionFacts } from "../../../view/sessions/TimelineEntry.ts";

/** What a topic does not know of the sessions in it. */
export interface SessionJudge {
  /** Why a session belongs to the run; null when it does not. `firstMs`: when its first event happened, null when nothing tells. */
  originOf(sessionId: string, firstMs: number | null): SessionOrigin | null;
  /** The log has a topic of that session's own. */
  hasOwnTopic(sessionId: string): boolean;
}

/** What topics of agent events begin with. */
export const TOPIC_PREFIX = "observability.agent_events.";
/** Events of a page. */
const PAGE_EVENTS = 500;
/** Most faults of a topic that are named one by one. */
const FAULT_LIMIT = 20;
/** Most UTF-16 units of a session id: a longer one is cut, and its events stand together with those of the same beginning. */
const SESSION_ID_LIMIT = 4000;

/**
 * One topic of agent events, read page by page and folded as it is read. Different sessions may share a topic, since their ids are
 * written into its name with replacements: they are told apart by the ids themselves.
 */
export class SessionTopic {
  readonly topic: string;
  /** Grows with everything new that was read, and with every new fault. */
  version = 0;
  /** The text `mark` gave before it was last read to its end; null when it must be read on. */
  mark: string | null = null;
  /** The record does not name it, and its first event is not of the run's time. */
  outside = false;
  progress = { done: 0, total: 0 };
  readonly #sha256: Sha256;
  #fault: string | null = null;
  #cursor: TopicCursor | null = null;
  #chain: ChainFold;
  #folds = new Map<string, SessionFold>();
  /** Events of sessions that are not the run's. */
  #foreign = new Set<string>();
  #faults: TopicFault[] = [];
  #faultCount = 0;
  #unfinished: TopicFault | null = null;
  #lastId = -1n;
  #position = 0;
  /** Grows when everything is forgotten: what was asked for before is of no use then. */
  #epoch = 0;

  constructor(topic: string, sha256: Sha256) {
    this.topic = topic;
    this.#sha256 = sha256;
    this.#chain = new ChainFold(topic, sha256);
  }

  get sessions(): SessionFacts[] {
    return [...this.#folds.values()].map(({ session }) => session);
  }

  /** Why it cannot be read (further); a sentence. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Rows it takes in a table. */
  get rowCount(): number {
    let count = 0;
    for (const { session } of this.#folds.values()) count += 1 + session.entries.length;
    return count;
  }

  get chain(): ChainFold {
    return this.#chain;
  }

  /** Events of other runs share the topic. */
  get hasForeign(): boolean {
    return this.#foreign.size > 0;
  }

  /** What could not be read, a sentence each. */
  get faults(): string[] {
    const name = this.topic.slice(TOPIC_PREFIX.length);
    const said = this.#faults.map(({ line, message }) => `${name}${line === null ? "" : `, line ${line}`}: ${message}`);
    if (this.#faultCount > said.length) said.push(`${name}: ${this.#faultCount - said.length} more lines or rows cannot be read.`);
    if (this.#unfinished !== null) said.push(`${name}: ${this.#unfinished.message}`);
    if (this.#fault !== null) said.push(`${name}: ${this.#fault}`);
    return said;
  }

  /** Looks at the first event alone, to see whether the topic is of the run's time. False when it cannot be read or holds nothing. */
  async begins(view: LogView, judge: SessionJudge): Promise<boolean> {
    const page = await readSafely(view, this.topic, null, 1);
    if (!page.ok) {
      this.#setFault(page.message);
      return false;
    }
    this.#setFault(null);
    const first = page.events[0];
    if (first === undefined) return false;
    const event = readSessionEvent(first);
    return judge.originOf(event.carrier ?? event.sessionId ?? "", event.atMs) !== null;
  }

  /** Reads one page; true when there is more. `isCurrent`: false once what is read is wanted no more. */
  async readPage(view: LogView, judge: SessionJudge, isCurrent: () => boolean): Promise<boolean> {
    const epoch = this.#epoch;
    const page = await readSafely(view, this.topic, this.#cursor, PAGE_EVENTS);
    if (!isCurrent()) return false;
    if (epoch !== this.#epoch) return true;
    if (!page.ok) {
      this.#setFault(page.message);
      return false;
    }
    this.#setFault(null);
    if (page.startedOver) this.restart();
    for (const event of page.events) this.#add(event, judge);
    this.#faultCount += page.faults.length;
    for (const fault of page.faults) if (this.#faults.length < FAULT_LIMIT) this.#faults.push(fault);
    this.version += page.events.length + page.faults.length;
    if (this.#unfinished?.message !== page.unfinished?.message) this.version++;
    this.#unfinished = page.unfinished ?? null;
    this.#cursor = page.next;
    this.progress = page.progress;
    for (const { session } of this.#folds.values()) session.chain = this.#chain.verdict;
    return !page.done;
  }

  /** Forgets everything that was read. */
  restart(): void {
    this.#epoch++;
    this.#cursor = null;
    this.#chain = new ChainFold(this.topic, this.#sha256);
    this.#folds = new Map();
    this.#foreign = new Set();
    this.#faults = [];
    this.#faultCount = 0;
    this.#unfinished = null;
    this.#lastId = -1n;
    this.#position = 0;
    this.mark = null;
    this.#fault = null;
    this.version++;
  }

  /** Puts the rows in order, after pages were read. */
  sort(): void {
    for (const fold of this.#folds.values()) fold.sort();
  }

  #setFault(fault: string | null): void {
    if (fault !== this.#fault) this.version++;
    this.#fault = fault;
  }

  #add(event: PlacedEvent, judge: SessionJudge): void {
    this.#chain.add(event);
    this.#position++;
    const read = readSessionEvent(event);
    // Ids are not checked in a topic file: one that comes again must not make a second row of the same name.
    const repeated = event.id <= this.#lastId ? `.${this.#position}` : "";
    if (event.id > this.#lastId) this.#lastId = event.id;
    const sessionId = (read.sessionId ?? "").slice(0, SESSION_ID_LIMIT);
    let fold: SessionFold | null;
    if (read.carrier === null) fold = this.#fold(sessionId, read.atMs, null, judge);
    else {
      const carrier = this.#fold(read.carrier.slice(0, SESSION_ID_LIMIT), read.atMs, null, judge);
      if (carrier === null) return;
      carrier.session.copyCount++;
      if (judge.hasOwnTopic(sessionId)) return;
      fold = this.#fold(sessionId, read.atMs, carrier.session, judge);
    }
    fold?.add(read, `@event:${this.topic.slice(TOPIC_PREFIX.length)}/${event.id}${repeated}`, event.offset ?? null);
  }

  /** The fold of a session; null when the session is not the run's. What its carrier belongs to, it belongs to as well. */
  #fold(sessionId: string, atMs: number | null, carrier: SessionFacts | null, judge: SessionJudge): SessionFold | null {
    const known = this.#folds.get(sessionId);
    if (known !== undefined) return known;
    if (this.#foreign.has(sessionId)) return null;
    const origin = judge.originOf(sessionId, atMs) ?? carrier?.origin ?? null;
    if (origin === null) {
      this.#foreign.add(sessionId);
      return null;
    }
    const fold = new SessionFold(this.#session(sessionId, origin, carrier?.sessionId ?? null));
    this.#folds.set(sessionId, fold);
    return fold;
  }

  #session(sessionId: string, origin: SessionOrigin, carrier: string | null): SessionFacts {
    const component = this.topic.slice(TOPIC_PREFIX.length);
    return {
      level: 1,
      id: sessionRowId(sessionId, component),
      sessionId,
      topic: this.topic,
      origin,
      entries: [],
      eventCount: 0,
      hiddenCount: 0,
      copyCount: 0,
      carrier,
      faultCount: 0,
      firstMs: null,
      lastMs: null,
      tokensIn: null,
      tokensOut: null,
      costUsd: null,
      chain: this.#chain.verdict,
    };
  }
}

/** A topic that cannot be read is no reason to stop reading the others. */
async function readSafely(view: LogView, topic: string, cursor: TopicCursor | null, limit: number): Promise<TopicPageRead> {
  try {
    return await view.read(topic, cursor, limit);
  } catch (cause) {
    return { ok: false, message: cause instanceof Error ? cause.message : String(cause) };
  }
}
