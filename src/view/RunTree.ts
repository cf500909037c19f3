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
import { ProblemOffsets, RowSpans } from "./rowSpans.ts";
import { rowFacts, rowNode } from "./rows/rowKinds.ts";
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

const NONE: readonly RunNode[] = [];

export class RunTree implements RowContext {
  readonly reading: RecordReading;
  readonly tape: Tape;
  /** The rows of the first level: stages with the transitions between them, then what belongs to no stage. */
  readonly roots: readonly RunNode[];
  readonly #childRunsOf: ReadonlyMap<number, readonly number[]>;
  readonly #transcripts: TranscriptIndex;
  readonly #artifacts: ArtifactIndex;
  readonly #transitions: ReturnType<typeof placeTransitions>;
  readonly #stageByName: ReadonlyMap<string, number>;
  readonly #stageNodes: RunNode[] = [];
  readonly #runNodes = new Map<string, RunNode>();
  readonly #children = new Map<RunNode, readonly RunNode[]>();
  #workers: Map<string, NodeId> | undefined;
  #axis: RowWindow["axis"] | undefined;
  readonly #problems: ProblemOffsets;
  #spans: RowSpans | undefined;

  /** `reading.record` is expected with its child runs materialised from stage metadata; without, those rows are missing. */
  constructor(reading: RecordReading) {
    this.reading = reading;
    this.tape = reading.tape;
    const { record } = reading;
    this.#stageByName = stagesByName(record.stages);
    this.#childRunsOf = placeChildRuns(record, this.#stageByName);
    this.#transitions = placeTransitions(record);
    this.#transcripts = new TranscriptIndex(reading);
    this.#artifacts = new ArtifactIndex(record);
    this.#problems = new ProblemOffsets(reading);
    this.roots = this.#makeRoots();
  }

  /** Rows directly below a row. Found at the first call, the same afterwards. */
  children(node: RunNode): readonly RunNode[] {
    if (node.source.kind !== "stage") return NONE;
    let children = this.#children.get(node);
    if (children === undefined) {
      children = this.#makeChildren(node, node.source.index);
      this.#children.set(node, children);
    }
    return children;
  }

  /** Whether a row has rows below it; cheaper than asking for them. */
  hasChildren(node: RunNode): boolean {
    if (node.source.kind !== "stage") return false;
    const { stage, index } = node.source;
    return (
      stage.attempts.length > 0 ||
      stage.artifacts.length > 0 ||
      this.#childRunsOf.has(index) ||
      this.#transcripts.compactions(index).length > 0 ||
      this.#transcripts.calls(index).length > 0
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
    if (id.startsWith("run/")) return this.#runNodes.get(id) ?? null;
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
    const placed = this.#transcripts.totals();
    return {
      stage: record.stages.length,
      attempt: record.stages.reduce((sum, stage) => sum + stage.attempts.length, 0),
      childRun: record.child_runs.length,
      compaction: placed.compactions,
      question: record.hitl_questions.length,
      toolCall: placed.calls + record.tool_recordings.length,
      artifact: this.#artifacts.rowCount,
      handoff: record.handoffs.length,
      transition: record.transitions.length,
    };
  }

  stageRowId(id: string): string | null {
    const index = this.#stageByName.get(id);
    return index === undefined ? null : `stage:${index}`;
  }

  artifactRowId(id: string): string | null {
    return this.#artifacts.rowId(id);
  }

  artifactPlaces(id: string): readonly (number | null)[] {
    return this.#artifacts.places(id);
  }

  compactionPlaces(event: NodeId): readonly (number | null)[] {
    return this.#transcripts.compactionPlaces(event);
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
    return { into: this.#transitions.into.get(stageIndex) ?? [], out: this.#transitions.out.get(stageIndex) ?? [] };
  }

  reachesStage(transitionIndex: number): boolean {
    return this.#transitions.reached.has(transitionIndex);
  }

  #makeRoots(): RunNode[] {
    const { record } = this.reading;
    const roots: RunNode[] = [];
    const add = (id: string, source: RowSource): RunNode => {
      const node: RunNode = { id, kind: kindOf(source), parent: null, position: roots.length, source };
      roots.push(node);
      if (source.kind !== "stage") this.#runNodes.set(id, node);
      return node;
    };
    const addTransitions = (indices: readonly number[] | undefined): void => {
      for (const index of indices ?? []) {
        const transition = record.transitions[index];
        if (transition !== undefined) add(`transition:${index}`, { kind: "transition", index, transition });
      }
    };
    record.stages.forEach((stage, index) => {
      addTransitions(this.#transitions.before.get(index));
      this.#stageNodes.push(add(`stage:${index}`, { kind: "stage", index, stage }));
    });
    addTransitions(this.#transitions.before.get(record.stages.length));
    for (const index of this.#childRunsOf.get(-1) ?? []) {
      const child = record.child_runs[index];
      if (child !== undefined) add(`child:${index}`, { kind: "childRun", index, child });
    }
    record.hitl_questions.forEach((question, index) => add(`question:${index}`, { kind: "question", index, question }));
    record.tool_recordings.forEach((recording, index) => add(`tool:${index}`, { kind: "toolRecording", index, recording }));
    const run = record.stages.length;
    this.#addTranscriptRows(run, "run", add);
    for (const index of this.#artifacts.runOnly) {
      const artifact = record.artifacts[index];
      if (artifact !== undefined) add(`artifact:${index}`, { kind: "artifact", index, artifact });
    }
    record.handoffs.forEach((handoff, index) => add(`handoff:${index}`, { kind: "handoff", index, handoff }));
    return roots;
  }

  #makeChildren(parent: RunNode, index: number): RunNode[] {
    const { record } = this.reading;
    const children: RunNode[] = [];
    const add = (id: string, source: RowSource): void => {
      children.push({ id, kind: kindOf(source), parent, position: children.length, source });
    };
    const stage = record.stages[index];
    if (stage === undefined) return children;
    stage.attempts.forEach((attempt, at) => add(`${parent.id}/attempt:${at}`, { kind: "attempt", index: at, attempt }));
    for (const at of this.#childRunsOf.get(index) ?? []) {
      const child = record.child_runs[at];
      if (child !== undefined) add(`child:${at}`, { kind: "childRun", index: at, child });
    }
    this.#addTranscriptRows(index, parent.id, add);
    stage.artifacts.forEach((artifact, at) => add(`${parent.id}/artifact:${at}`, { kind: "artifact", index: at, artifact }));
    return children;
  }

  /** Compactions and tool calls that were not already told by an earlier transcript. */
  #addTranscriptRows(index: number, prefix: string, add: (id: string, source: RowSource) => void): void {
    const transcript = this.#transcripts.node(index);
    for (const [at, event] of this.#transcripts.compactions(index))
      add(`${prefix}/compaction:${at}`, { kind: "compaction", event, transcript });
    for (const call of this.#transcripts.calls(index)) add(`${prefix}/tool:${call.index}`, { kind: "toolCall", call });
  }

  #top(id: string): RunNode | null {
    const stage = /^stage:(\d{1,15})$/.exec(id);
    if (stage === null) return this.#runNodes.get(id) ?? null;
    const node = this.#stageNodes[Number(stage[1])];
    return node?.id === id ? node : null;
  }

  #parentOfChildRun(id: string): RunNode | null {
    const match = /^child:(\d{1,15})$/.exec(id);
    if (match === null) return null;
    for (const [stage, children] of this.#childRunsOf) {
      if (children.includes(Number(match[1]))) return this.#stageNodes[stage] ?? null;
    }
    return null;
  }

  /** Rows that stand apart from each other in the file: the first level, and child runs wherever they are shown. */
  *#spanRows(): Generator<RunNode> {
    yield* this.roots;
    for (const stage of this.#childRunsOf.keys()) {
      const parent = this.#stageNodes[stage];
      if (parent !== undefined) yield* this.children(parent).filter((child) => child.kind === "childRun");
    }
  }
}

function kindOf(source: RowSource): RowKind {
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
