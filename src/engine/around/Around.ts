import type { LogChoice, RecordPlace, ResolvedPath } from "../../protocol/engine.ts";
import type { PageAnswers, PageRequest } from "../../protocol/page.ts";
import type { AroundRow, AroundRows } from "../../view/aroundRows.ts";
import type { RowSource } from "../../view/rows/RowSource.ts";
import { StageFinder } from "../../view/StageFinder.ts";
import { NO_QUERY, TABLE_IDS } from "../../view/tables.ts";
import type { AroundView, TableWindow } from "../../view/tables.ts";
import type { DetailSection } from "../../view/types.ts";
import type { DocumentState } from "../DocumentState.ts";
import { describeCause } from "../EngineFault.ts";
import type { EnginePorts } from "../EnginePorts.ts";
import { aroundParts } from "./aroundParts.ts";
import type { AroundDetail, AroundPart, AroundTable, TreeContext } from "./AroundPart.ts";
import { logSource } from "./FoundLog.ts";
import type { FoundLog } from "./FoundLog.ts";
import { LogFinder } from "./LogFinder.ts";
import { StageRows } from "./StageRows.ts";
import { withoutDeadLinks } from "./withoutDeadLinks.ts";

type TableRequest = Extract<PageRequest, { kind: "table" | "tableLocate" | "tableText" }>;

/** Faults of parts that are logged. */
const LOGGED_LIMIT = 20;
/** Details whose texts somebody may read on in. */
const DETAIL_LIMIT = 8;
/** So long (milliseconds) changes are gathered before they are told; longer where telling takes its time, so that it takes a tenth at most. */
const TELL_AFTER_MS = 60;
const TELL_AT_LEAST_MS = 5000;
const TELL_SHARE = 10;

/**
 * Everything around one record: its event log, its model transcript, the files beside it. Nothing is looked at before `look` is called for
 * the first time, and then once more with each call; what is found meanwhile is told through `tell`.
 */
export class Around implements TreeContext, AroundRows {
  readonly place: RecordPlace;
  readonly ports: EnginePorts;
  readonly #tell: (view: AroundView) => void;
  readonly #parts: readonly AroundPart[];
  readonly #tables: ReadonlyMap<string, AroundTable>;
  readonly #ending = new AbortController();
  readonly #details = new Map<string, AroundDetail>();
  #state: DocumentState;
  #stages: StageFinder | null = null;
  readonly #finder: LogFinder;
  #looking: Promise<void> | null = null;
  #version = 1;
  #telling = false;
  /** How long the last telling took, in milliseconds. */
  #tellCost = 0;
  readonly #stageRows: StageRows;
  readonly #logged = new Set<string>();

  /** @param parts makes the parts, which may ask of the whole from then on, but not while they are made */
  constructor(
    place: RecordPlace,
    ports: EnginePorts,
    state: DocumentState,
    choice: LogChoice,
    tell: (view: AroundView) => void,
    parts: (context: TreeContext) => readonly AroundPart[] = aroundParts,
  ) {
    this.place = place;
    this.ports = ports;
    this.#state = state;
    this.#tell = tell;
    this.#finder = new LogFinder(place, ports, this.signal, choice, {
      logChanged: () => {
        for (const part of this.#parts) this.#guarded(() => part.logChanged(), undefined);
      },
      logSaysOther: () => {
        this.changed("table");
      },
    });
    this.#parts = parts(this);
    const sourceOf = (part: AroundPart): Pick<AroundRows, "rows"> => ({
      rows: (stage) => this.#guarded(() => part.rows.rows(stage), NO_ROWS),
    });
    this.#stageRows = new StageRows(this.#parts.map(sourceOf));
    this.#tables = new Map(this.#parts.flatMap(({ tables }) => tables.map((table) => [table.id, table])));
  }

  get state(): DocumentState {
    return this.#state;
  }

  get stages(): StageFinder {
    return (this.#stages ??= new StageFinder(this.#state.reading.record));
  }

  get log(): FoundLog | null {
    return this.#finder.log;
  }

  get choice(): LogChoice {
    return this.#finder.choice;
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** What the page shows of the surroundings before any table is opened. */
  get view(): AroundView {
    return {
      version: this.#version,
      treeVersion: this.treeVersion,
      tabs: TABLE_IDS.flatMap((id) => this.#guarded(() => this.#tables.get(id)?.tab ?? [], [])),
      openRequests: this.#parts.flatMap((part) => this.#guarded(() => part.openRequests, [])),
      log: logSource(this.log),
    };
  }

  /** Grows when rows of the tree came or went. */
  get treeVersion(): number {
    return this.#stageRows.version;
  }

  /** The record's bytes are other ones. */
  setState(state: DocumentState): void {
    this.#state = state;
    this.#stages = null;
    this.#details.clear();
    this.#stageRows.clear();
    for (const part of this.#parts) this.#guarded(() => part.recordChanged(), undefined);
    this.changed("tree");
  }

  /** Other settings for the log, or another permission. Settles when everything was looked at under them. */
  async setLog(choice: LogChoice): Promise<void> {
    this.#finder.choice = choice;
    await this.#looking;
    await this.look();
  }

  /** The log, looked for first where none is known. Null once the document is closed. */
  async logFound(): Promise<FoundLog | null> {
    try {
      await this.#finder.find();
    } catch (cause) {
      this.ports.log("error", `The event log of ${this.place.path} could not be looked for: ${describeCause(cause)}`);
    }
    return this.log;
  }

  /** Looks for the log where it is not known yet, and at everything that may have changed. Never rejects; calls at the same time are one. */
  async look(): Promise<void> {
    if (this.#looking !== null) return this.#looking;
    this.#looking = this.#lookOnce().catch((cause: unknown) => {
      if (!this.signal.aborted)
        this.ports.log("error", `What lies around ${this.place.path} could not be looked at: ${describeCause(cause)}`);
    });
    try {
      await this.#looking;
    } finally {
      this.#looking = null;
    }
    // Settings may have changed while it was being looked.
    if (this.#finder.isWanted) await this.look();
  }

  /** Answers what a page asks of a table. A table that is not there is an empty one. */
  answer<R extends TableRequest>(request: R): PageAnswers[R["kind"]];
  answer(request: TableRequest): PageAnswers[TableRequest["kind"]] {
    const table = this.#tables.get(request.table);
    switch (request.kind) {
      case "table":
        return table === undefined ? EMPTY_WINDOW : this.#withTreeRows(table.window(request.query, request.start, request.count));
      case "tableLocate":
        return { index: table?.locate(request.query, request.rowId) ?? -1 };
      case "tableText":
        return table?.text(request.query, request.format) ?? { text: "", rows: 0, total: 0 };
    }
  }

  /** The detail of a row whose id begins with `@`; null when there is none. */
  async detail(rowId: string): Promise<AroundDetail | null> {
    const found = await this.#firstOf((table) => table.detail(rowId));
    if (found === null) return null;
    const detail = { ...found, detail: withoutDeadLinks(found.detail, (table, id) => this.#hasRow(table, id)) };
    this.#remember(rowId, detail);
    return detail;
  }

  /** The detail as it was shown last, so that references in it stay good; else made anew. */
  async detailShown(rowId: string): Promise<AroundDetail | null> {
    const known = this.#details.get(rowId);
    if (known === undefined) return this.detail(rowId);
    this.#remember(rowId, known);
    return known;
  }

  async filePath(rowId: string): Promise<ResolvedPath | null> {
    return this.#firstOf((table) => table.filePath(rowId));
  }

  rows(stage: number | null): readonly AroundRow[] {
    return this.#stageRows.rows(stage);
  }

  count(kind: AroundRow["kind"]): number {
    return this.#parts.reduce((sum, part) => sum + this.#guarded(() => part.rows.count(kind), 0), 0);
  }

  treeSections(source: RowSource): DetailSection[] {
    return this.#parts.flatMap((part) => this.#guarded(() => part.treeSections(source), []));
  }

  changed(what: "table" | "tree"): void {
    if (this.signal.aborted) return;
    this.#version++;
    if (what === "tree") this.#stageRows.changed();
    if (this.#telling) return;
    this.#telling = true;
    this.ports.later(Math.min(TELL_AT_LEAST_MS, Math.max(TELL_AFTER_MS, this.#tellCost * TELL_SHARE)), () => {
      this.#telling = false;
      if (this.signal.aborted) return;
      const begun = this.ports.monotonicMs();
      this.#tell(this.view);
      this.#tellCost = this.ports.monotonicMs() - begun;
    });
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#finder.close();
  }

  async #lookOnce(): Promise<void> {
    await this.#finder.find();
    await Promise.all(
      this.#parts.map(async (part) => {
        try {
          await part.look();
        } catch (cause) {
          this.#logFault(cause);
        }
      }),
    );
  }

  /** What no part should do, and none may stop the others by: throw. */
  #guarded<T>(ask: () => T, otherwise: T): T {
    try {
      return ask();
    } catch (cause) {
      this.#logFault(cause);
      return otherwise;
    }
  }

  /** Each fault once: parts are asked again and again. */
  #logFault(cause: unknown): void {
    const key = cause instanceof Error ? cause.message : String(cause);
    if (this.signal.aborted || this.#logged.has(key) || this.#logged.size >= LOGGED_LIMIT) return;
    this.#logged.add(key);
    this.ports.log("error", `What lies around ${this.place.path} could not be looked at: ${describeCause(cause)}`);
  }

  /** The first answer of a table. A table that throws stops no other; its fault is thrown when none of them answers. */
  async #firstOf<T>(ask: (table: AroundTable) => Promise<T | null>): Promise<T | null> {
    const faults: unknown[] = [];
    for (const table of this.#tables.values()) {
      try {
        const answer = await ask(table);
        if (answer !== null) return answer;
      } catch (cause) {
        faults.push(cause);
      }
    }
    if (faults.length > 0) throw faults[0];
    return null;
  }

  #hasRow(table: string, rowId: string): boolean {
    return this.#guarded(() => (this.#tables.get(table)?.locate(NO_QUERY, rowId) ?? -1) !== -1, false);
  }

  /** Keeps a detail as the one that was asked for last. */
  #remember(rowId: string, detail: AroundDetail): void {
    this.#details.delete(rowId);
    this.#details.set(rowId, detail);
    for (const known of this.#details.keys()) {
      if (this.#details.size <= DETAIL_LIMIT) break;
      this.#details.delete(known);
    }
  }

  /** Tables name the stage of a row, or none: where the tree has the row itself, that is better. */
  #withTreeRows(window: TableWindow): TableWindow {
    return { ...window, rows: window.rows.map((row) => ({ ...row, treeRow: this.#stageRows.treeRowOf(row.id, row.treeRow) })) };
  }
}

const NO_ROWS: readonly AroundRow[] = [];

const EMPTY_WINDOW: TableWindow = {
  start: 0,
  total: 0,
  all: 0,
  columns: [],
  filters: [],
  rows: [],
  summary: "",
  sources: [],
  faults: [],
  progress: null,
};
