import { NO_NODE } from "../../json/Tape.ts";
import type { DaemonLine, LineRef, ModelTurn, TurnToolCall } from "../../eventlog/sidecar/ModelTurn.ts";
import { fieldsOfLine } from "../../eventlog/sidecar/sidecarLines.ts";
import type { TurnAssembler } from "../../eventlog/sidecar/TurnAssembler.ts";
import { stringOf } from "../../record/sliceAccess.ts";
import type { RunTraceSpanRecord } from "../../record/types.ts";
import type { AroundRow, AroundRows } from "../../view/aroundRows.ts";
import { DAEMON_TABLE, daemonDetail, daemonRow, daemonSummary } from "../../view/daemon/daemonTable.ts";
import type { DaemonRow } from "../../view/daemon/daemonTable.ts";
import type { RowSource } from "../../view/rows/RowSource.ts";
import type { SourceNote } from "../../view/tables.ts";
import { otherDetail, turnDetail } from "../../view/turns/turnDetail.ts";
import type { ReadLine } from "../../view/turns/turnDetail.ts";
import type { TurnSurroundings } from "../../view/turns/turnFields.ts";
import { otherRowId, stageOfTurn, turnRowId } from "../../view/turns/TurnRow.ts";
import type { OtherRow, TurnRow, TurnsTableRow } from "../../view/turns/TurnRow.ts";
import { turnsAlert, turnsSummary } from "../../view/turns/turnsSummary.ts";
import { TURNS_TABLE } from "../../view/turns/turnsTable.ts";
import { stageTurnsSection, turnTreeRow } from "../../view/turns/turnTreeRow.ts";
import type { DetailSection, LinkTarget } from "../../view/types.ts";
import type { AroundContext, AroundDetail, AroundPart } from "./AroundPart.ts";
import { ModelTable } from "./ModelTable.ts";
import { SidecarReader } from "./SidecarReader.ts";
import { sidecarFaults } from "./sidecarFaults.ts";
import { TranscriptEvents } from "./TranscriptEvents.ts";

/** Messages of a turn that are read again for its detail, and bytes of them. */
const MESSAGE_LIMIT = 12;
const MESSAGE_BYTES = 8 << 20;

/**
 * While a long transcript is read, its rows are shown anew when there are so many times as many: with each piece it would cost more than
 * the reading.
 */
const TABLE_GROWTH = 1.1;
const TREE_GROWTH = 2;

/** Model turns and daemon events: from the model transcript beside the record, else from the event log. */
export class TurnsPart implements AroundPart {
  readonly tables: readonly [ModelTable<TurnsTableRow>, ModelTable<DaemonRow>];
  readonly openRequests = [];
  readonly rows: AroundRows = { rows: (stage) => this.#treeRows(stage), count: (kind) => (kind === "modelTurn" ? this.#turns.length : 0) };
  readonly #context: AroundContext;
  readonly #sidecar: SidecarReader;
  readonly #events: TranscriptEvents;
  #turns: TurnRow[] = [];
  #byStage = new Map<number | null, TurnRow[]>();
  #tree = new Map<number | null, readonly AroundRow[]>();
  #others: OtherRow[] = [];
  #daemon: DaemonRow[] = [];
  #spans: ReadonlyMap<string, RunTraceSpanRecord> | null = null;
  #askedBy: Map<string, TurnRow> | null = null;
  /** Lines, and turns, from which on the table, and the tree, are told of what came; both are at the end of what there is. */
  #tellTableAt = 0;
  #tellTreeAt = 0;

  constructor(context: AroundContext) {
    this.#context = context;
    this.#sidecar = new SidecarReader(context, (what) => {
      if (this.#usesLog && what === "grew") return;
      this.#sourceChanged(what);
    });
    this.#events = new TranscriptEvents(context, (what) => {
      if (this.#usesLog) this.#sourceChanged(what);
    });
    this.tables = [
      new ModelTable(TURNS_TABLE, {
        summary: turnsSummary,
        sources: () => this.#sources(),
        faults: () => this.#faults(),
        progress: () => (this.#usesLog ? this.#events : this.#sidecar).progress,
        alert: turnsAlert,
        detail: (row) => this.#detail(row),
      }),
      new ModelTable(DAEMON_TABLE, {
        summary: daemonSummary,
        // A run without daemons says nothing of them.
        sources: () => (this.#daemon.length === 0 ? [] : this.#sources()),
        faults: () => [],
        progress: () => null,
        alert: () => null,
        detail: (row) => this.#daemonDetail(row),
      }),
    ];
  }

  async look(): Promise<void> {
    await this.#sidecar.look();
    if (this.#usesLog) await this.#events.look();
  }

  recordChanged(): void {
    this.#startOver();
    this.#refresh();
  }

  logChanged(): void {
    this.#events.reset();
    if (!this.#usesLog) return;
    this.#startOver();
    this.#refresh();
    this.#context.changed("tree");
  }

  /** A stage's turns, and the turn that asked for a tool. */
  treeSections(source: RowSource): readonly DetailSection[] {
    switch (source.kind) {
      case "stage":
        return stageTurnsSection(this.#byStage.get(source.index) ?? []);
      case "toolCall":
        return this.#askedBySection(source.call.id);
      case "toolRecording":
        return this.#askedBySection(source.recording.tool_use_id);
      default:
        return [];
    }
  }

  /** Only where there is no file: what a file says is this run's for sure. */
  get #usesLog(): boolean {
    return this.#sidecar.state === "absent";
  }

  get #assembler(): TurnAssembler | null {
    return this.#usesLog ? this.#events.assembler : this.#sidecar.assembler;
  }

  #sourceChanged(what: "grew" | "done" | "restarted"): void {
    if (what === "restarted") this.#startOver();
    const lines = this.#assembler?.lines ?? 0;
    if (what === "grew" && lines < this.#tellTableAt) return;
    this.#tellTableAt = lines * TABLE_GROWTH;
    this.#refresh();
    if (what === "grew" && this.#turns.length < this.#tellTreeAt) this.#context.changed("table");
    else {
      this.#tellTreeAt = this.#turns.length * TREE_GROWTH;
      this.#tree.clear();
      this.#context.changed("tree");
    }
  }

  #startOver(): void {
    this.#turns = [];
    this.#byStage = new Map();
    this.#tree.clear();
    this.#others = [];
    this.#daemon = [];
    this.#spans = null;
    this.#askedBy = null;
    this.#tellTableAt = 0;
    this.#tellTreeAt = 0;
  }

  /** Takes over what the assembler has by now. */
  #refresh(): void {
    const assembler = this.#assembler;
    this.#askedBy = null;
    const turns = assembler?.turns ?? [];
    for (const turn of turns.slice(this.#turns.length)) this.#place(turn);
    const others = assembler?.others ?? [];
    for (const line of others.slice(this.#others.length)) this.#others.push({ kind: "other", id: otherRowId(line), line });
    this.tables[0].set(this.#others.length === 0 ? this.#turns : [...this.#turns, ...this.#others]);
    const events: readonly DaemonLine[] = assembler?.daemonLines ?? [];
    for (const line of events.slice(this.#daemon.length)) this.#daemon.push(daemonRow(line));
    this.tables[1].set(this.#daemon);
  }

  #place(turn: ModelTurn): void {
    const { stages, state } = this.#context;
    const { record } = state.reading;
    const stage = stageOfTurn(turn, stages, record);
    let others = this.#byStage.get(stage);
    if (others === undefined) this.#byStage.set(stage, (others = []));
    const row: TurnRow = {
      kind: "turn",
      id: turnRowId(turn),
      number: this.#turns.length + 1,
      numberInStage: others.length + 1,
      turn,
      stage,
      stageName: stages.name(stage),
      span: turn.callId === null ? null : (this.#spansByCall().get(turn.callId) ?? null),
      runGoesOn: record.finished_at === null,
    };
    others.push(row);
    this.#turns.push(row);
  }

  #spansByCall(): ReadonlyMap<string, RunTraceSpanRecord> {
    if (this.#spans === null) {
      const spans = new Map<string, RunTraceSpanRecord>();
      for (const span of this.#context.state.reading.record.trace_spans) {
        const call = stringOf(span.metadata.get("call_id"));
        if (call !== null && !spans.has(call)) spans.set(call, span);
      }
      this.#spans = spans;
    }
    return this.#spans;
  }

  #treeRows(stage: number | null): readonly AroundRow[] {
    let rows = this.#tree.get(stage);
    if (rows === undefined) this.#tree.set(stage, (rows = (this.#byStage.get(stage) ?? []).map(turnTreeRow)));
    return rows;
  }

  #askedBySection(toolCallId: string | null): DetailSection[] {
    if (toolCallId === null || toolCallId === "") return [];
    if (this.#askedBy === null) {
      this.#askedBy = new Map();
      for (const row of this.#turns) for (const { id } of row.turn.answer?.toolCalls ?? []) if (id !== null) this.#askedBy.set(id, row);
    }
    const row = this.#askedBy.get(toolCallId);
    if (row === undefined) return [];
    const link: LinkTarget = { kind: "tableRow", table: "turns", rowId: row.id };
    return [{ kind: "fields", title: "Asked for by", fields: [{ name: "model turn", value: `turn ${row.number}`, link }] }];
  }

  #sources(): readonly SourceNote[] {
    const { source } = this.#sidecar;
    const { log } = this.#context;
    if (!this.#usesLog || log === null || log.view === null) return [source];
    const { failure, assembler } = this.#events;
    const from = { what: "event log", path: log.shown, offer: null };
    if (failure !== null)
      return [source, { ...from, state: "unreadable", note: `Model turns in the event log cannot be read: ${failure}` }];
    if (assembler.lines === 0) return [source, { ...from, state: "absent", note: "The event log has no model turns of this run either." }];
    const note =
      "These turns come from the event log: calls that the record names, and what was written while the run went on. Turns of other runs at the same time may be among them.";
    return [source, { ...from, state: "found", note }];
  }

  #faults(): readonly string[] {
    const assembler = this.#assembler;
    return assembler === null ? [] : sidecarFaults(assembler.faults, this.#usesLog ? null : this.#sidecar.unfinished);
  }

  async #detail(row: TurnsTableRow): Promise<AroundDetail | null> {
    if (row.kind === "other") return otherDetail(row, await this.#readLine(row.line.ref), this.#placeOf(row.line.ref));
    const { turn } = row;
    const one = async (ref: LineRef | null): Promise<ReadLine | null> => (ref === null ? null : this.#readLine(ref));
    const all = async (refs: readonly LineRef[]): Promise<ReadLine[]> => Promise.all(refs.map((ref) => this.#readLine(ref)));
    const lines = {
      request: await one(turn.request),
      answer: await one(turn.answer?.ref ?? null),
      errors: await all(turn.errors.slice(0, MESSAGE_LIMIT).map(({ ref }) => ref)),
      notes: await all(turn.notes.slice(0, MESSAGE_LIMIT).map(({ ref }) => ref)),
      messages: await all(firstWithin(turn.messages, MESSAGE_BYTES).slice(0, MESSAGE_LIMIT)),
      systemPrompt: await one(turn.systemPrompt),
      toolSchemas: await one(turn.toolSchemas),
    };
    return turnDetail(row, lines, {
      fieldsOf: fieldsOfLine,
      toolRows: (call) => this.#toolRows(row, call),
      placeOf: (ref) => this.#placeOf(ref),
    });
  }

  async #daemonDetail(row: DaemonRow): Promise<AroundDetail> {
    const { ref } = row.line;
    return daemonDetail(row, await this.#readLine(ref), this.#placeOf(ref), fieldsOfLine("daemon_event"));
  }

  async #readLine(ref: LineRef): Promise<ReadLine> {
    if (ref.event === null) {
      const tape = await this.#sidecar.readLine(ref);
      return { ref, tape, node: 0 };
    }
    const slice = await this.#events.readLine(ref);
    return { ref, tape: slice?.tape ?? null, node: slice?.node ?? NO_NODE };
  }

  #placeOf({ line, event }: LineRef): string {
    return event === null ? `llm_transcript.jsonl:${line}` : `event log, agent.transcript.llm, event ${event}`;
  }

  /** The tool's rows: in the transcript of the turn's stage, and among the record's recordings. */
  #toolRows({ stage }: TurnRow, { id }: TurnToolCall): ReturnType<TurnSurroundings["toolRows"]> {
    if (id === null) return { called: undefined, recorded: undefined };
    const { tree, reading } = this.#context.state;
    const parent = stage === null ? null : tree.find(`stage:${stage}`);
    const row =
      parent === null ? undefined : tree.children(parent).find(({ source }) => source.kind === "toolCall" && source.call.id === id);
    const recording = reading.record.tool_recordings.findIndex(({ tool_use_id: used }) => used === id);
    return {
      called: row === undefined ? undefined : { kind: "row", rowId: row.id },
      recorded: recording === -1 ? undefined : { kind: "row", rowId: `tool:${recording}` },
    };
  }
}

/** The first lines that together have at most so many bytes; the very first in any case. */
function firstWithin(refs: readonly LineRef[], bytes: number): readonly LineRef[] {
  let left = bytes;
  return refs.filter(({ length }, index) => (left -= length) >= 0 || index === 0);
}
