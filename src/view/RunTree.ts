/**
 * The stage tree of one record: which rows there are, in which order, below which. Rows of a stage are found when they are first asked
 * for, and what a row says is worked out when it is shown, so that a record of any size gives its first rows at once.
 */
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import type { RecordReading } from "../record/readRecord.ts";
import { ArtifactIndex } from "./ArtifactIndex.ts";
import { placeChildRuns } from "./placeChildRuns.ts";
import { placeTransitions } from "./placeTransitions.ts";
import { NOTHING_AROUND } from "./aroundRows.ts";
import type { AroundRow, AroundRows } from "./aroundRows.ts";
import { lastRootSources, rootSources, stageSources } from "./rowSources.ts";
import type { RowPlaces } from "./rowSources.ts";
import { ProblemOffsets, RowSpans } from "./rowSpans.ts";
import { rowFacts, rowNode, rowTime } from "./rows/rowKinds.ts";
import type { RowContext, RowFacts, RowSource } from "./rows/RowSource.ts";
import { textAt } from "./tapeFields.ts";
import { timeAxis } from "./timeAxis.ts";
import { TranscriptIndex } from "./TranscriptIndex.ts";
import type { RowKind, RowWindow, TreeRow } from "./types.ts";

/** One row of the tree, not yet worked out. */
export interface RunNode {
  readonly id: string;
  readonly kind: RowKind;
  readonly parent: RunNode | null;
  /** Place among the rows of the same parent, from 0. */
  readonly position: number;
  readonly source: RowSource;
}

/** Rows, and the array of rows from around the record they were made with: another array means other rows. */
interface Made {
  readonly around: readonly AroundRow[];
  readonly nodes: readonly RunNode[];
}

const NONE: readonly RunNode[] = [];

export class RunTree implements RowContext {
  readonly reading: RecordReading;
  readonly tape: Tape;
  readonly #places: RowPlaces;
  readonly #stageByName: ReadonlyMap<string, number>;
  readonly #stageNodes: RunNode[] = [];
  readonly #runNodes = new Map<string, RunNode>();
  /** Rows of the first level that are the same whatever is around the record, and the others, which stand behind them. */
  readonly #firstRoots: readonly RunNode[];
  #lastRoots: Made = { around: [], nodes: [] };
  readonly #lastNodes = new Map<string, RunNode>();
  #roots: readonly RunNode[];
  readonly #children = new Map<RunNode, Made>();
  #workers: Map<string, NodeId> | undefined;
  #axis: RowWindow["axis"] | undefined;
  #around: AroundRows = NOTHING_AROUND;
  readonly #problems: ProblemOffsets;
  #spans: RowSpans | undefined;

  /** `reading.record` is expected with its child runs materialised from stage metadata; without, those rows are missing. */
  constructor(reading: RecordReading) {
    this.reading = reading;
    this.tape = reading.tape;
    const { record } = reading;
    this.#stageByName = stagesByName(record.stages);
    this.#places = {
      childRuns: placeChildRuns(record, this.#stageByName),
      transitions: placeTransitions(record),
      transcripts: new TranscriptIndex(reading),
      artifacts: new ArtifactIndex(record),
    };
    this.#problems = new ProblemOffsets(reading);
    this.#firstRoots = this.#makeFirstRoots();
    this.#roots = this.#withLastRoots([]);
  }

  /** The rows of the first level: stages with the transitions between them, then what belongs to no stage. */
  get roots(): readonly RunNode[] {
    return this.#roots;
  }

  /** The record's transcripts, as their numbers are used in the ids of rows. */
  get transcripts(): TranscriptIndex {
    return this.#places.transcripts;
  }

  /** What is known of the record's surroundings; `aroundChanged` is called when it grows. */
  get around(): AroundRows {
    return this.#around;
  }

  set around(around: AroundRows) {
    this.#around = around;
    this.aroundChanged();
  }

  /**
   * Rows from outside of the record came or went. The rows of a stage are made anew, with the same ids, where they are other ones; all
   * others stay, so that a log which grows step by step costs what grew and not the whole tree.
   */
  aroundChanged(): void {
    for (const [node, { around }] of this.#children) {
      if (node.source.kind === "stage" && this.#around.rows(node.source.index) !== around) this.#children.delete(node);
    }
    const ofRun = this.#around.rows(null);
    if (ofRun !== this.#lastRoots.around) this.#roots = this.#withLastRoots(ofRun);
  }

  /** Rows directly below a row. Found at the first call, the same afterwards. */
  children(node: RunNode): readonly RunNode[] {
    if (node.source.kind !== "stage") return NONE;
    let made = this.#children.get(node);
    if (made === undefined) {
      made = this.#makeChildren(node, node.source.index);
      this.#children.set(node, made);
    }
    return made.nodes;
  }

  /** Whether a row has rows below it; cheaper than asking for them. */
  hasChildren(node: RunNode): boolean {
    if (node.source.kind !== "stage") return false;
    const { stage, index } = node.source;
    return (
      stage.attempts.length > 0 ||
      stage.artifacts.length > 0 ||
      this.#places.childRuns.has(index) ||
      this.#places.transcripts.compactions(index).length > 0 ||
      this.#places.transcripts.calls(index).length > 0 ||
      this.#around.rows(index).length > 0
    );
  }

  /** How many rows have the same parent, the row itself among them. */
  setSize(node: RunNode): number {
    return (node.parent === null ? this.roots : this.children(node.parent)).length;
  }

  /** The row with that id, null when there is none. */
  find(id: string): RunNode | null {
    const slash = id.indexOf("/");
    const top = this.#top(slash === -1 ? id : id.slice(0, slash));
    if (top !== null && slash === -1) return top;
    if (top !== null && top.source.kind === "stage") return this.children(top).find((child) => child.id === id) ?? null;
    const last = this.#lastNodes.get(id);
    if (last !== undefined) return last;
    const parent = this.#parentOfChildRun(id);
    return parent === null ? null : (this.children(parent).find((child) => child.id === id) ?? null);
  }

  /** The innermost row whose part of the file holds the byte at `offset`; null outside of all rows. */
  at(offset: number): RunNode | null {
    this.#spans ??= new RowSpans(this.tape, this.#spanRows(), (row) => this.node(row));
    const top = this.#spans.find(offset);
    if (top === null) return null;
    const inner = this.children(top).find((child) => {
      const node = rowNode(child.source, this);
      return node !== NO_NODE && this.tape.start(node) <= offset && offset < this.tape.end(node);
    });
    return inner ?? top;
  }

  /** What a row says, without its place in the window. */
  facts(node: RunNode): RowFacts {
    return rowFacts(node.source, this);
  }

  /** The tape node of a row's own JSON; `NO_NODE` when it has none. */
  node(row: RunNode): NodeId {
    return rowNode(row.source, this);
  }

  /** A row as the page shows it. */
  row(node: RunNode, level: number, expanded: boolean): TreeRow {
    const expandable = this.hasChildren(node);
    return {
      id: node.id,
      kind: node.kind,
      level,
      posInSet: node.position + 1,
      setSize: this.setSize(node),
      expandable,
      expanded: expandable && expanded,
      ...this.facts(node),
      problems: this.#problems.count(this.node(node)),
    };
  }

  /** The time axis all rows share. */
  get axis(): RowWindow["axis"] {
    if (this.#axis === undefined) this.#axis = timeAxis(this.reading.record);
    return this.#axis;
  }

  /** How many rows of each kind the whole tree has. */
  counts(): Record<RowKind, number> {
    const { record } = this.reading;
    const placed = this.#places.transcripts.totals();
    return {
      stage: record.stages.length,
      modelTurn: this.#around.count("modelTurn"),
      agentEvent: this.#around.count("agentEvent"),
      attempt: record.stages.reduce((sum, stage) => sum + stage.attempts.length, 0),
      childRun: record.child_runs.length,
      compaction: placed.compactions,
      question: record.hitl_questions.length + this.#around.count("question"),
      toolCall: placed.calls + record.tool_recordings.length + this.#around.count("toolCall"),
      artifact: this.#places.artifacts.rowCount,
      handoff: record.handoffs.length,
      transition: record.transitions.length,
    };
  }

  stageRowId(id: string): string | null {
    const index = this.#stageByName.get(id);
    return index === undefined ? null : `stage:${index}`;
  }

  artifactRowId(id: string): string | null {
    return this.#places.artifacts.rowId(id);
  }

  artifactPlaces(id: string): readonly (number | null)[] {
    return this.#places.artifacts.places(id);
  }

  compactionPlaces(event: NodeId): readonly (number | null)[] {
    return this.#places.transcripts.compactionPlaces(event);
  }

  workerNode(workerId: string): NodeId {
    if (this.#workers === undefined) {
      this.#workers = new Map();
      for (const stage of this.reading.record.stages) {
        const slice = stage.metadata.get("worker");
        const id = slice !== undefined && slice.tape === this.tape ? textAt(this.tape, slice.node, "id") : null;
        if (slice !== undefined && id !== null && !this.#workers.has(id)) this.#workers.set(id, slice.node);
      }
    }
    return this.#workers.get(workerId) ?? NO_NODE;
  }

  transitionsOf(stageIndex: number): { readonly into: readonly number[]; readonly out: readonly number[] } {
    return { into: this.#places.transitions.into.get(stageIndex) ?? [], out: this.#places.transitions.out.get(stageIndex) ?? [] };
  }

  reachesStage(transitionIndex: number): boolean {
    return this.#places.transitions.reached.has(transitionIndex);
  }

  #makeFirstRoots(): RunNode[] {
    const roots: RunNode[] = [];
    for (const [id, source] of rootSources(this.reading.record, this.#places)) {
      const node: RunNode = { id, kind: kindOf(source), parent: null, position: roots.length, source };
      roots.push(node);
      if (source.kind === "stage") this.#stageNodes.push(node);
      else this.#runNodes.set(id, node);
    }
    return roots;
  }

  #withLastRoots(around: readonly AroundRow[]): readonly RunNode[] {
    const nodes: RunNode[] = [];
    this.#lastNodes.clear();
    for (const [id, source] of lastRootSources(this.reading.record, this.#places, around, this.#timeOf)) {
      const node: RunNode = { id, kind: kindOf(source), parent: null, position: this.#firstRoots.length + nodes.length, source };
      nodes.push(node);
      this.#lastNodes.set(id, node);
    }
    this.#lastRoots = { around, nodes };
    return [...this.#firstRoots, ...nodes];
  }

  #makeChildren(parent: RunNode, index: number): Made {
    const around = this.#around.rows(index);
    const nodes: RunNode[] = [];
    for (const [id, source] of stageSources(this.reading.record, index, this.#places, around, this.#timeOf)) {
      nodes.push({ id, kind: kindOf(source), parent, position: nodes.length, source });
    }
    return { around, nodes };
  }

  readonly #timeOf = (source: RowSource): number | null => rowTime(source, this);

  #top(id: string): RunNode | null {
    const stage = /^stage:(\d{1,15})$/.exec(id);
    if (stage === null) return this.#runNodes.get(id) ?? this.#lastNodes.get(id) ?? null;
    const node = this.#stageNodes[Number(stage[1])];
    return node?.id === id ? node : null;
  }

  #parentOfChildRun(id: string): RunNode | null {
    const match = /^child:(\d{1,15})$/.exec(id);
    if (match === null) return null;
    for (const [stage, children] of this.#places.childRuns) {
      if (children.includes(Number(match[1]))) return this.#stageNodes[stage] ?? null;
    }
    return null;
  }

  /** Rows that stand apart from each other in the file: the first level, and child runs wherever they are shown. */
  *#spanRows(): Generator<RunNode> {
    yield* this.#roots;
    for (const stage of this.#places.childRuns.keys()) {
      const parent = this.#stageNodes[stage];
      if (parent !== undefined) yield* this.children(parent).filter((child) => child.kind === "childRun");
    }
  }
}

function kindOf(source: RowSource): RowKind {
  if (source.kind === "around") return source.row.kind;
  return source.kind === "toolRecording" ? "toolCall" : source.kind;
}

/** Stages by id, and by node id where no stage has that text as its id; of several the first. */
function stagesByName(stages: RecordReading["record"]["stages"]): Map<string, number> {
  const names = new Map<string, number>();
  for (const key of ["id", "node_id"] as const) {
    stages.forEach((stage, index) => {
      if (stage[key] !== "" && !names.has(stage[key])) names.set(stage[key], index);
    });
  }
  return names;
}
