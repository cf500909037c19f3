import { hitlLedger } from "../../eventlog/hitlLedger.ts";
import type { LedgerRun } from "../../eventlog/hitlLedger.ts";
import type { LogEvent } from "../../eventlog/LogEvent.ts";
import { questionsFromLog } from "../../eventlog/questionsFromLog.ts";
import { QUESTIONS_TOPIC } from "../../eventlog/topics.ts";
import { runTraceId, triggerEventFromRun } from "../../record/trigger.ts";
import type { AroundRow, AroundRows } from "../../view/aroundRows.ts";
import { needsAnswer, questionFacts, runTimes } from "../../view/questions/QuestionFacts.ts";
import type { QuestionFacts, RunTimes } from "../../view/questions/QuestionFacts.ts";
import { questionDetail } from "../../view/questions/questionDetail.ts";
import { openRequests, questionRows, questionTreeSections } from "../../view/questions/questionRows.ts";
import { questionsSummary } from "../../view/questions/questionsSummary.ts";
import { questionsTable, waitedText } from "../../view/questions/questionsTable.ts";
import type { RowSource } from "../../view/rows/RowSource.ts";
import type { OpenRequest, SourceNote } from "../../view/tables.ts";
import type { DetailSection } from "../../view/types.ts";
import { describeCause } from "../EngineFault.ts";
import type { AroundContext, AroundDetail, AroundPart } from "./AroundPart.ts";
import { logSource } from "./FoundLog.ts";
import { HitlReader } from "./HitlReader.ts";
import { ModelTable } from "./ModelTable.ts";
import { lastWaitpoint, Waitpoints } from "./Waitpoints.ts";

/** Pages that a `look` waits for; what is left is read in the background. */
const PAGES_OF_A_LOOK = 8;
/** So seldom (milliseconds) the table is told anew only because time goes on. */
const TICK_MS = 5000;

/** Why nothing is known of an answer where a log is there, but not open. */
const NO_LOG: Readonly<Partial<Record<SourceNote["state"], string>>> = {
  unreadable: "the event log cannot be read",
  outside: "the event log lies outside",
  off: "no event log is read",
};

const NO_ROWS: readonly AroundRow[] = [];

/** What a run asked of people: the record's own questions and those that only the log tells, with what became of them. */
export class QuestionsPart implements AroundPart {
  readonly tables: readonly [ModelTable<QuestionFacts>];
  readonly rows: AroundRows;
  readonly #context: AroundContext;
  #reader: HitlReader | null = null;
  /** Ended with the log that is read, or with the document. */
  #reading: Promise<void> | null = null;
  /** The reading goes on in the background. */
  #isLong = false;
  #built = -1;
  #times: RunTimes = { startMs: null, endMs: null, isOver: false };
  #waitpoints = new Waitpoints();
  #reachable: ReadonlySet<string> | null = null;
  #whyUnknown = "";
  #failure: string | null = null;
  #rows: ReadonlyMap<number | null, readonly AroundRow[]> = new Map();
  #told = { text: "", at: 0 };

  constructor(context: AroundContext) {
    this.#context = context;
    const nowMs = (): number => context.ports.nowMs();
    this.tables = [
      new ModelTable(questionsTable(nowMs), {
        summary: (facts) => questionsSummary(facts, this.#times, nowMs()),
        sources: () => this.#sources(),
        faults: () => [...(this.#failure === null ? [] : [this.#failure]), ...(this.#reader?.faults ?? [])],
        progress: () => (this.#isLong ? (this.#reader?.progress ?? null) : null),
        alert: (facts) => alertOf(facts),
        detail: (facts) => this.#detail(facts),
      }),
    ];
    this.rows = {
      rows: (stage) => this.#rows.get(stage) ?? NO_ROWS,
      count: (kind) => (kind === "question" ? [...this.#rows.values()].reduce((sum, rows) => sum + rows.length, 0) : 0),
    };
  }

  get openRequests(): readonly OpenRequest[] {
    return openRequests(this.#facts);
  }

  get #facts(): readonly QuestionFacts[] {
    return this.tables[0].facts;
  }

  async look(): Promise<void> {
    const view = this.#context.log?.view ?? null;
    if (view === null) {
      this.#reader = null;
      if (this.#built !== 0 || this.#unknown() !== this.#whyUnknown) this.#build(0);
      return;
    }
    if (this.#reader?.view !== view || !this.#reader.serves(this.#run())) {
      this.#reader = new HitlReader(view, this.#run());
      this.#built = -1;
      this.#reading = null;
    }
    if (this.#reading === null) await this.#read(this.#reader);
    this.#tick();
  }

  recordChanged(): void {
    // The next look reads again if the record names another run.
    if (this.#built !== -1) this.#build(this.#built);
  }

  logChanged(): void {
    this.#reader = null;
    this.#reading = null;
    this.#waitpoints = new Waitpoints();
    this.#reachable = null;
    this.#failure = null;
    this.#isLong = false;
    this.#built = -1;
  }

  treeSections(source: RowSource): readonly DetailSection[] {
    return questionTreeSections(this.#facts, source, this.#context.ports.nowMs());
  }

  /** Begins to read on, and settles when all is read or the first pages are. */
  async #read(reader: HitlReader): Promise<void> {
    let enough = (): void => undefined;
    const firstPages = new Promise<void>((resolve) => (enough = resolve));
    let pages = 0;
    const isCurrent = (): boolean => this.#reader === reader && !this.#context.signal.aborted;
    const reading = (async () => {
      try {
        await reader.readOn(async () => {
          if (!isCurrent()) return false;
          pages++;
          // Shown ever more seldom: each time all rows are made anew.
          if (pages >= PAGES_OF_A_LOOK && (pages & (pages - 1)) === 0) {
            this.#isLong = true;
            this.#build(reader.changes);
          }
          if (pages === PAGES_OF_A_LOOK) enough();
          await this.#context.ports.pause();
          return isCurrent();
        });
        if (isCurrent()) await this.#finish(reader, isCurrent);
      } catch (cause) {
        if (!isCurrent()) return;
        const failure = `The event log could not be read to its end: ${describeCause(cause)}`;
        if (failure === this.#failure) return;
        this.#failure = failure;
        this.#build(reader.changes);
      }
    })();
    this.#reading = reading;
    const done = reading
      .catch((cause: unknown) => {
        this.#context.ports.log("error", `Questions could not be shown: ${describeCause(cause)}`);
      })
      .then(() => {
        if (this.#reading !== reading) return;
        this.#reading = null;
        if (!this.#isLong) return;
        this.#isLong = false;
        this.#context.changed("table");
      });
    await Promise.race([done, firstPages]);
  }

  /** What can only be said when all is read: waiting points of what is open, and how far the runtime's own reader comes. */
  async #finish(reader: HitlReader, isCurrent: () => boolean): Promise<void> {
    const isNew = reader.changes !== this.#built || this.#failure !== null;
    if (isNew) {
      this.#reachable = reader.hasFaults(QUESTIONS_TOPIC)
        ? new Set((await questionsFromLog(reader.view.log, this.#run().id)).map(({ request_id: id }) => id))
        : null;
      if (!isCurrent()) return;
      this.#failure = null;
      this.#build(reader.changes);
    }
    const open = this.#facts.filter(({ entry }) => entry.outcome?.state === "open").map(({ entry }) => entry.requestId);
    if ((await this.#waitpoints.look(reader.view, open)) && isCurrent()) this.#build(reader.changes);
  }

  /** Makes all rows anew from what is kept. */
  #build(built: number): void {
    this.#built = built;
    const { record } = this.#context.state.reading;
    this.#times = runTimes(record);
    this.#whyUnknown = this.#unknown();
    const ledger = hitlLedger(this.#run(), { byTopic: this.#reader?.byTopic ?? new Map(), faults: [] }, this.#waitpoints.cancelled);
    const context = {
      run: this.#times,
      stages: this.#context.stages,
      recordIndex: new Map(record.hitl_questions.map(({ request_id: id }, index) => [id, index])),
      unknown: this.#whyUnknown,
      reachable: this.#reachable,
    };
    const facts = ledger.map((entry) => questionFacts(entry, context));
    this.tables[0].set(facts);
    this.#context.changed(this.#setRows(questionRows(facts)) ? "tree" : "table");
  }

  /** Answers whether rows of the tree are other ones. Rows of a stage that stayed as they were stay the same array. */
  #setRows(rows: ReadonlyMap<number | null, readonly AroundRow[]>): boolean {
    const before = this.#rows;
    const kept = [...rows].map(([stage, list]) => {
      const old = before.get(stage);
      return [stage, old !== undefined && JSON.stringify(old) === JSON.stringify(list) ? old : list] as const;
    });
    this.#rows = new Map(kept);
    return kept.length !== before.size || kept.some(([stage, list]) => before.get(stage) !== list);
  }

  #unknown(): string {
    const { log } = this.#context;
    if (log === null || (log.view !== null && this.#reader === null)) return "the event log was not read yet";
    if (log.view !== null) return this.#reader?.hasFaults(QUESTIONS_TOPIC) === true ? "the event log has faults" : "not in the event log";
    return NO_LOG[log.state] ?? "no event log";
  }

  #run(): LedgerRun {
    const { record } = this.#context.state.reading;
    const { startMs, endMs, isOver } = runTimes(record);
    // A run that is over without an end that can be read could claim everything after it.
    const last = endMs ?? (isOver ? null : Number.MAX_SAFE_INTEGER);
    return {
      id: record.id,
      traceId: runTraceId(record, triggerEventFromRun(record)),
      window: startMs === null || last === null ? null : { startMs: BigInt(Math.floor(startMs)), endMs: BigInt(Math.ceil(last)) },
      stored: record.hitl_questions,
    };
  }

  #sources(): readonly SourceNote[] {
    const source = logSource(this.#context.log);
    // An empty log is worth a word beside questions, but no table of its own.
    return source.state === "empty" && this.#facts.length === 0 ? [] : [source];
  }

  async #detail(facts: QuestionFacts): Promise<AroundDetail> {
    const { reading, tape } = this.#context.state;
    const index = reading.record.hitl_questions.findIndex(({ request_id: id }) => id === facts.entry.requestId);
    const question = reading.record.hitl_questions[index];
    return questionDetail(facts, {
      nowMs: this.#context.ports.nowMs(),
      stored: question === undefined ? null : { question, tape, node: reading.originOf(question), path: `hitl_questions[${index}]` },
      waitpoint: await this.#waitpoint(facts),
    });
  }

  async #waitpoint({ entry }: QuestionFacts): Promise<LogEvent | null> {
    const view = this.#reader?.view ?? null;
    if (view === null || entry.request === null) return null;
    try {
      return await lastWaitpoint(view, entry.requestId);
    } catch (cause) {
      this.#context.ports.log("warn", `A waiting point could not be read: ${describeCause(cause)}`);
      return null;
    }
  }

  /** While people are waited for the time so far grows. */
  #tick(): void {
    const now = this.#context.ports.nowMs();
    const text = this.#facts
      .filter(({ state }) => state === "open")
      .map((each) => waitedText(each, now))
      .join();
    if (text === this.#told.text || now - this.#told.at < TICK_MS) return;
    const isFirst = this.#told.text === "";
    this.#told = { text, at: now };
    if (!isFirst) this.#context.changed("table");
  }
}

function alertOf(facts: readonly QuestionFacts[]): string | null {
  const open = facts.filter(needsAnswer).length;
  return open === 0 ? null : `${open} open`;
}
