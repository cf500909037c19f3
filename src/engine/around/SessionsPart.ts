import { namedSessions } from "../../eventlog/sessionTimeline/namedSessions.ts";
import type { NamedSessions } from "../../eventlog/sessionTimeline/namedSessions.ts";
import { readSessionEvent } from "../../eventlog/sessionTimeline/SessionEvent.ts";
import type { AroundRow, AroundRows } from "../../view/aroundRows.ts";
import { readTime } from "../../view/readTime.ts";
import type { RowSource } from "../../view/rows/RowSource.ts";
import { gatherCalls, NO_CALLS } from "../../view/sessions/RecordCalls.ts";
import type { RecordCalls } from "../../view/sessions/RecordCalls.ts";
import { entryDetail, sessionDetail } from "../../view/sessions/sessionDetail.ts";
import type { EventRead } from "../../view/sessions/sessionDetail.ts";
import { entryLinks } from "../../view/sessions/entryLinks.ts";
import { sameRows, sessionRows } from "../../view/sessions/sessionRows.ts";
import { sessionSummary, sessionTable } from "../../view/sessions/sessionTable.ts";
import { callSections, stageSections } from "../../view/sessions/sessionTreeSections.ts";
import type { SessionFacts, SessionRow, TimelineEntry } from "../../view/sessions/TimelineEntry.ts";
import type { OpenRequest } from "../../view/tables.ts";
import type { DetailSection } from "../../view/types.ts";
import type { DocumentState } from "../DocumentState.ts";
import type { AroundContext, AroundDetail, AroundPart } from "./AroundPart.ts";
import { logSource } from "./FoundLog.ts";
import { ModelTable } from "./ModelTable.ts";
import { SessionPlacesOfRecord } from "./sessions/SessionPlacesOfRecord.ts";
import { SessionReader } from "./sessions/SessionReader.ts";

/** Most events of one row that its detail shows. */
const DETAIL_EVENTS = 25;
/** Most links named one by one in a session's detail. */
const LINK_NOTES = 100;
/** The topic in which a human request is kept, by how its id begins (event log format, human requests). */
const REQUEST_TOPICS: readonly (readonly [prefix: string, topic: string])[] = [
  ["hitl_question_", "hitl.questions"],
  ["hitl_approval_", "hitl.approvals"],
  ["hitl_dual_control_", "hitl.dual_control"],
  ["hitl_escalation_", "hitl.escalations"],
];
const NO_ROWS: readonly AroundRow[] = [];

/**
 * What the agents of a run did, from the event log: sessions as timelines, with the check of the chain of hashes. Reading goes on in the
 * background, the sessions the record names first; each further look reads what came since.
 */
export class SessionsPart implements AroundPart {
  readonly tables: readonly [ModelTable<SessionRow>];
  readonly rows: AroundRows;
  readonly openRequests: readonly OpenRequest[] = [];
  readonly #context: AroundContext;
  readonly #places: SessionPlacesOfRecord;
  #reader: SessionReader | null = null;
  #sessions: readonly SessionFacts[] = [];
  #treeRows: ReadonlyMap<number | null, readonly AroundRow[]> = new Map();
  #treeCounts = { agentEvent: 0, toolCall: 0 };
  #isShown = false;
  readonly #madeRows = new WeakMap<TimelineEntry, { readonly eventCount: number; readonly row: AroundRow }>();
  #elsewhere: { readonly state: DocumentState; readonly handoffs: ReadonlySet<string>; readonly requests: ReadonlySet<string> } | null =
    null;
  #calls: { readonly state: DocumentState; readonly calls: RecordCalls } | null = null;
  #gathering: DocumentState | null = null;
  #named: { readonly state: DocumentState; readonly named: NamedSessions } | null = null;

  constructor(context: AroundContext) {
    this.#context = context;
    this.#places = new SessionPlacesOfRecord(context, () => this.#calls?.calls ?? NO_CALLS);
    this.tables = [
      new ModelTable<SessionRow>(sessionTable(this.#places), {
        summary: sessionSummary,
        sources: () => [logSource(context.log)],
        faults: () => this.#reader?.faults ?? [],
        progress: () => this.#reader?.progress ?? null,
        alert: () => null,
        detail: (row) => (row.level === 1 ? Promise.resolve(this.#sessionDetail(row)) : this.#entryDetail(row)),
      }),
    ];
    this.rows = {
      rows: (stage) => this.#treeRows.get(stage) ?? NO_ROWS,
      count: (kind) => (kind === "agentEvent" || kind === "toolCall" ? this.#treeCounts[kind] : 0),
    };
  }

  /** What is being read in the background; settles when it is read. */
  get reading(): Promise<void> {
    return this.#reading;
  }
  #reading: Promise<void> = Promise.resolve();

  look(): Promise<void> {
    const view = this.#context.log?.view ?? null;
    if (this.#context.signal.aborted) return Promise.resolve();
    if (this.#reader !== null && this.#reader.view !== view) this.logChanged();
    if (view === null) {
      if (this.#context.log !== null && !this.#isShown) this.#show();
      return Promise.resolve();
    }
    this.#reader ??= this.#newReader(view);
    this.#reading = this.#reader.read();
    return Promise.resolve();
  }

  recordChanged(): void {
    this.#reader?.recordChanged();
    if (this.#sessions.length > 0) this.#show();
  }

  logChanged(): void {
    this.#reader?.end();
    this.#reader = null;
    this.#sessions = [];
    if (this.tables[0].facts.length > 0) this.#show();
  }

  treeSections(source: RowSource): readonly DetailSection[] {
    if (this.#sessions.length === 0) return [];
    if (source.kind === "stage") {
      const stage = source.index;
      return stageSections(this.#sessions.filter((session) => this.#places.stageOf(session) === stage));
    }
    if (source.kind !== "toolCall" && source.kind !== "toolRecording") return [];
    const callId = source.kind === "toolCall" ? source.call.id : source.recording.tool_use_id;
    return callId === null || callId === "" ? [] : callSections(this.#sessions, callId);
  }

  #newReader(view: SessionReader["view"]): SessionReader {
    const { ports, signal } = this.#context;
    const reader: SessionReader = new SessionReader(
      {
        ports,
        runTime: () => this.#runTime(),
        named: () => this.#namedSessions(),
        shown: (whole) => {
          if (this.#reader === reader && !signal.aborted) this.#show(whole);
        },
        progressed: () => {
          if (this.#reader === reader) this.#context.changed("table");
        },
      },
      view,
    );
    signal.addEventListener("abort", () => {
      reader.end();
    });
    return reader;
  }

  #namedSessions(): NamedSessions {
    const { state } = this.#context;
    if (this.#named?.state !== state) this.#named = { state, named: namedSessions(state.reading.record) };
    return this.#named.named;
  }

  #runTime(): { readonly startMs: number; readonly endMs: number } | null {
    const { started_at: started, finished_at: finished } = this.#context.state.reading.record;
    const startMs = readTime(started);
    if (startMs === null) return null;
    return { startMs, endMs: finished === null ? Infinity : (readTime(finished) ?? Infinity) };
  }

  /** Takes over what was read so far; the tree has its rows when that is `whole`. */
  #show(whole = true): void {
    this.#sessions = (this.#reader?.sessions ?? []).filter(({ origin }) => origin !== null);
    const rows: SessionRow[] = [];
    for (const session of this.#sessions) {
      rows.push(session);
      for (const entry of session.entries) rows.push(entry);
    }
    this.tables[0].set(rows);
    this.#isShown = true;
    this.#gather(rows);
    this.#context.changed(whole && this.#makeTreeRows() ? "tree" : "table");
  }

  /** Whether rows of the tree came, went or read otherwise than before. */
  #makeTreeRows(): boolean {
    // Without knowing which calls the record has, rows would be shown that go again; of a version before it is known well enough.
    const calls = this.#calls?.calls ?? null;
    const rows =
      calls === null
        ? new Map<number | null, AroundRow[]>()
        : sessionRows(this.#sessions, {
            calls,
            isShown: (entry) => this.#isElsewhere(entry),
            stageOf: (entry) => this.#places.stageOf(entry),
            made: this.#madeRows,
          });
    if (sameRows(this.#treeRows, rows)) return false;
    this.#treeRows = rows;
    const all = [...rows.values()].flat();
    const tools = all.filter(({ kind }) => kind === "toolCall").length;
    this.#treeCounts = { agentEvent: all.length - tools, toolCall: tools };
    return true;
  }

  /** The record, or the part that joins all human requests, has a row for it. */
  #isElsewhere({ family, join }: TimelineEntry): boolean {
    if (join === null || (family !== "handoff" && family !== "human")) return false;
    const { state } = this.#context;
    if (this.#elsewhere?.state !== state) {
      const { handoffs, hitl_questions: questions } = state.reading.record;
      this.#elsewhere = {
        state,
        handoffs: new Set(handoffs.map(({ id }) => id)),
        requests: new Set(questions.map(({ request_id: id }) => id)),
      };
    }
    if (family === "handoff") return this.#elsewhere.handoffs.has(join.id);
    if (this.#elsewhere.requests.has(join.id)) return true;
    const topic = REQUEST_TOPICS.find(([prefix]) => join.id.startsWith(prefix))?.[1];
    return topic !== undefined && (this.#reader?.topicNames.has(topic) ?? false);
  }

  /** Looks through the record's transcripts once, when there is something to compare them with. */
  #gather(rows: readonly SessionRow[]): void {
    const { state, ports, signal } = this.#context;
    if (rows.length === 0 || this.#calls?.state === state || this.#gathering === state) return;
    this.#gathering = state;
    const run = async (): Promise<void> => {
      const steps = gatherCalls(state.reading);
      let step = steps.next();
      while (step.done !== true) {
        await ports.pause();
        if (signal.aborted || this.#context.state !== state) return;
        step = steps.next();
      }
      this.#calls = { state, calls: step.value };
      this.#show();
    };
    const before = this.#reading;
    this.#reading = Promise.all([before, run()]).then(
      () => undefined,
      (cause: unknown) => {
        ports.log("error", `Tool calls of the record were not looked through: ${String(cause)}`);
      },
    );
  }

  #sessionDetail(session: SessionFacts): AroundDetail {
    const chain = this.#reader?.topic(session.topic)?.chain;
    const links = chain?.odd(LINK_NOTES) ?? [];
    return { detail: sessionDetail(session, this.#places, links), tapes: [] };
  }

  async #entryDetail(entry: TimelineEntry): Promise<AroundDetail> {
    const view = this.#context.log?.view ?? null;
    const chain = this.#reader?.topic(entry.session.topic)?.chain ?? null;
    const events: EventRead[] = [];
    for (const { id, offset } of entry.refs.slice(0, DETAIL_EVENTS)) {
      const link = chain?.link(id) ?? null;
      try {
        const stored = (await view?.readOne(entry.session.topic, id, offset)) ?? null;
        events.push({ id, read: stored === null ? null : { stored, event: readSessionEvent(stored) }, fault: null, link });
      } catch (cause) {
        events.push({ id, read: null, fault: cause instanceof Error ? cause.message : String(cause), link });
      }
    }
    const tapes = events.flatMap(({ read }) => (read === null ? [] : [read.stored.payload.tape]));
    return {
      detail: entryDetail(
        entry,
        events,
        this.#places,
        entryLinks(entry, this.#context.state.reading.record, this.#calls?.calls ?? NO_CALLS),
      ),
      tapes,
    };
  }
}
