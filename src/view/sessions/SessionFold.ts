import type { SessionEvent } from "../../eventlog/sessionTimeline/SessionEvent.ts";
import { oneLine } from "../plainText.ts";
import { describeEvent, isNoise } from "./describeEvent.ts";
import type { EventWords } from "./words/EventWords.ts";
import { count, id, rawText, TEXT_LIMIT, textWithin } from "./eventFields.ts";
import { plus, REF_LIMIT } from "./TimelineEntry.ts";
import type { SessionFacts, TimelineEntry } from "./TimelineEntry.ts";

/** Which part of a row an event is: its beginning, its end, or something in between or after. */
type Part = "begin" | "end" | "more";

/** Events that become one row: the key they share, and which part each is. */
const FOLDED: ReadonlyMap<string, { readonly part: Part; readonly key: (event: SessionEvent) => string | null }> = new Map([
  ["tool_call", { part: "begin", key: toolKey }],
  ["tool_call_update", { part: "more", key: toolKey }],
  ["tool_call_audit", { part: "more", key: toolKey }],
  ["iteration_start", { part: "begin", key: iterationKey }],
  ["iteration_end", { part: "end", key: iterationKey }],
  ["hitl_requested", { part: "begin", key: requestKey }],
  ["hitl_resolved", { part: "end", key: requestKey }],
  ["composition_start", { part: "begin", key: compositionKey }],
  ["composition_finish", { part: "end", key: compositionKey }],
  ["composition_error", { part: "end", key: compositionKey }],
  ["composition_child_call", { part: "begin", key: (event) => childKey(event, "call") }],
  ["composition_child_result", { part: "end", key: (event) => childKey(event, "result") }],
]);
const CHUNKS: ReadonlySet<string> = new Set(["agent_message_chunk", "agent_thought_chunk"]);

interface OpenEntry {
  readonly entry: TimelineEntry;
  begun: boolean;
  ended: boolean;
}

/**
 * Folds the events of one session into its rows as they come. The log may hold them in another order than they happened in (appends are
 * not awaited): the end of a call may come before its beginning.
 */
export class SessionFold {
  readonly session: SessionFacts;
  readonly #open = new Map<string, OpenEntry>();
  /** The row that further chunks are added to. */
  #chunk: { readonly tag: string; readonly entry: TimelineEntry; raw: string } | null = null;
  #sorted = true;

  constructor(session: SessionFacts) {
    this.session = session;
  }

  /**
   * Takes the next event in.
   *
   * @param rowId id for the row, if the event begins one
   * @param offset where its line begins in a topic file, null when that is not known
   */
  add(event: SessionEvent, rowId: string, offset: number | null): void {
    const { session } = this;
    session.eventCount++;
    if (event.atMs !== null) {
      session.firstMs = Math.min(session.firstMs ?? Infinity, event.atMs);
      session.lastMs = Math.max(session.lastMs ?? -Infinity, event.atMs);
    }
    if (event.fault !== null) session.faultCount++;
    if (isNoise(event) && event.fault === null) {
      session.hiddenCount++;
      return;
    }
    const words = describeEvent(event);
    const entry = this.#place(event, words, rowId);
    if (entry.refs.length < REF_LIMIT) entry.refs.push({ id: event.id, offset });
    entry.eventCount++;
    entry.fault ??= event.fault;
    if (event.tag === "iteration_end") {
      session.tokensIn = plus(session.tokensIn, words.tokensIn ?? null);
      session.tokensOut = plus(session.tokensOut, words.tokensOut ?? null);
      session.costUsd = plus(session.costUsd, words.costUsd ?? null);
    }
  }

  /** Puts the rows into the order of their time; those of the same moment stay as the log has them. */
  sort(): void {
    if (this.#sorted) return;
    this.#sorted = true;
    this.session.entries.sort((a, b) => (a.startMs ?? -Infinity) - (b.startMs ?? -Infinity) || 0);
  }

  #place(event: SessionEvent, words: EventWords, rowId: string): TimelineEntry {
    if (CHUNKS.has(event.tag)) return this.#placeChunk(event, words, rowId);
    this.#chunk = null;
    const fold = FOLDED.get(event.tag);
    const key = fold?.key(event) ?? null;
    if (fold === undefined || key === null) return this.#begin(event, words, rowId);
    let open = this.#open.get(key);
    // An id or number that comes again names another one.
    if (open !== undefined && (fold.part === "begin" ? open.begun || isLater(event, open.entry) : fold.part === "end" && open.ended)) {
      open = undefined;
    }
    if (open === undefined) {
      open = { entry: this.#begin(event, words, rowId), begun: fold.part === "begin", ended: fold.part === "end" };
      this.#open.set(key, open);
      return open.entry;
    }
    if (fold.part === "begin") open.begun = true;
    if (fold.part === "end") open.ended = true;
    this.#merge(open.entry, event, words, fold.part);
    return open.entry;
  }

  #placeChunk(event: SessionEvent, words: EventWords, rowId: string): TimelineEntry {
    const raw = rawText(event, "content", TEXT_LIMIT * 2);
    if (this.#chunk?.tag !== event.tag) {
      const entry = this.#begin(event, words, rowId);
      this.#chunk = { tag: event.tag, entry, raw };
      return entry;
    }
    const { entry } = this.#chunk;
    // Chunks are cut anywhere, also between words: they are joined as they are, and then made one line.
    if (this.#chunk.raw.length < TEXT_LIMIT * 2) {
      this.#chunk.raw += raw;
      entry.text = oneLine(this.#chunk.raw, TEXT_LIMIT);
    }
    entry.endMs = later(entry.endMs, event.atMs);
    return entry;
  }

  #begin(event: SessionEvent, words: EventWords, rowId: string): TimelineEntry {
    const entry: TimelineEntry = {
      level: 2,
      session: this.session,
      id: rowId,
      family: words.family,
      label: words.label,
      text: words.text,
      status: words.status ?? null,
      startMs: event.atMs,
      endMs: null,
      tookMs: words.tookMs ?? null,
      tokensIn: words.tokensIn ?? null,
      tokensOut: words.tokensOut ?? null,
      costUsd: words.costUsd ?? null,
      error: words.error ?? null,
      executor: words.executor ?? null,
      join: words.join ?? null,
      fault: null,
      refs: [],
      eventCount: 0,
      tokensBefore: words.tokensBefore ?? null,
      tokensAfter: words.tokensAfter ?? null,
    };
    const last = this.session.entries.at(-1);
    if (last !== undefined && (last.startMs ?? -Infinity) > (entry.startMs ?? -Infinity)) this.#sorted = false;
    this.session.entries.push(entry);
    return entry;
  }

  #merge(entry: TimelineEntry, event: SessionEvent, words: EventWords, part: Part): void {
    if (part === "begin") {
      // Its end was there first.
      entry.endMs = later(entry.endMs, entry.startMs);
      entry.startMs = event.atMs ?? entry.startMs;
      this.#sorted = false;
      if (entry.endMs !== null && entry.startMs !== null && entry.endMs < entry.startMs) entry.endMs = entry.startMs;
    } else if (event.tag !== "tool_call_audit") entry.endMs = later(entry.endMs, event.atMs);
    if (event.tag !== "tool_call_audit" && entry.family !== words.family) {
      entry.family = words.family;
      entry.label = words.label;
      entry.text = words.text;
    }
    // What an iteration said tells more than the name of its model; a tool's arguments are in each of its events.
    if (words.text !== "" && event.tag !== "tool_call_audit" && (entry.text === "" || event.tag === "iteration_end"))
      entry.text = words.text;
    if (words.status !== undefined && words.status !== null && rank(words.status) >= rank(entry.status)) entry.status = words.status;
    entry.tookMs = words.tookMs ?? entry.tookMs;
    entry.tokensIn = words.tokensIn ?? entry.tokensIn;
    entry.tokensOut = words.tokensOut ?? entry.tokensOut;
    entry.costUsd = words.costUsd ?? entry.costUsd;
    entry.error = words.error ?? entry.error;
    entry.executor ??= words.executor ?? null;
  }
}

/** Events are stored out of order by less than this, milliseconds: a beginning that comes later is of something else. */
const DISORDER_MS = 1000;

function isLater(event: SessionEvent, entry: TimelineEntry): boolean {
  return event.atMs !== null && entry.startMs !== null && event.atMs > entry.startMs + DISORDER_MS;
}

/** How far a status is: one of an earlier step never replaces a later one. */
function rank(status: string | null): number {
  return status === null ? -1 : status === "pending" || status === "waiting" ? 0 : status === "in_progress" ? 1 : 2;
}

function later(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function toolKey(event: SessionEvent): string | null {
  return prefixed("tool ", id(event, "tool_call_id"));
}

function iterationKey(event: SessionEvent): string | null {
  const iteration = count(event, "iteration");
  return iteration === null ? null : `iteration ${iteration}`;
}

function requestKey(event: SessionEvent): string | null {
  return prefixed("request ", id(event, "request_id"));
}

function compositionKey(event: SessionEvent): string | null {
  return prefixed("composition ", textWithin(event, "run", ["run_id"]));
}

function childKey(event: SessionEvent, field: "call" | "result"): string | null {
  return prefixed("child ", textWithin(event, field, ["tool_call_id"]));
}

function prefixed(prefix: string, text: string | null): string | null {
  return text === null ? null : prefix + text;
}
