import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import type { RecordReading } from "../record/readRecord.ts";
import type { RunNode } from "./RunTree.ts";

/** How many problems lie in which part of the file. */
export class ProblemOffsets {
  readonly #tape: Tape;
  /** Byte offsets of all problems, rising. */
  readonly #problems: Float64Array;

  constructor(reading: RecordReading) {
    this.#tape = reading.tape;
    this.#problems = Float64Array.from(reading.problems, (problem) => problem.start).sort();
  }

  /** Problems that begin inside a node. */
  count(node: NodeId): number {
    if (node === NO_NODE || this.#problems.length === 0) return 0;
    return this.#before(this.#tape.end(node)) - this.#before(this.#tape.start(node));
  }

  /** Problems that begin before `offset`. */
  #before(offset: number): number {
    let low = 0;
    let high = this.#problems.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#problems[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Which part of the file belongs to which row. */
export class RowSpans {
  readonly #tape: Tape;
  readonly #rows: readonly RunNode[];
  readonly #nodes: readonly NodeId[];

  /** `rows` stand apart from each other in the file. */
  constructor(tape: Tape, rows: Iterable<RunNode>, nodeOf: (row: RunNode) => NodeId) {
    this.#tape = tape;
    const placed = [...rows].map((row) => ({ row, node: nodeOf(row) })).filter(({ node }) => node !== NO_NODE);
    placed.sort((a, b) => a.node - b.node);
    this.#rows = placed.map(({ row }) => row);
    this.#nodes = placed.map(({ node }) => node);
  }

  /** The row whose node holds the byte at `offset`. */
  find(offset: number): RunNode | null {
    let low = 0;
    let high = this.#nodes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#tape.start(this.#nodes[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    // A worker in a stage's metadata lies inside its stage: the rows before are looked at too, innermost first.
    for (let at = low - 1; at >= 0 && at >= low - 8; at--) {
      if (offset < this.#tape.end(this.#nodes[at] ?? 0)) return this.#rows[at] ?? null;
    }
    return null;
  }
}
