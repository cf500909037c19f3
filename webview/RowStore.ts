import type { RowWindow, TreeRow } from "../src/view/types.ts";
import type { Reply } from "./HostLink.ts";

/** Rows are asked for in blocks of this many, aligned, so that scrolling to and fro asks for nothing twice. */
export const BLOCK = 100;
/** Blocks kept; those farthest from what is in sight go first. */
const keptBlocks = 40;
/** Blocks under way at once: few, so that after a long drag of the scroll bar the rows in sight are not queued behind those passed by. */
const mostUnderWay = 2;

/**
 * The visible rows known so far. Rows that moved (something was opened or closed) are still handed out until their new block is there:
 * the screen keeps its rows for these milliseconds instead of blinking.
 */
export class RowStore {
  total = 0;
  axis: RowWindow["axis"] = null;
  private fresh = new Map<number, readonly TreeRow[]>();
  private old = new Map<number, readonly TreeRow[]>();
  private readonly underWay = new Map<number, Promise<void>>();
  private wanted: { first: number; end: number } = { first: 0, end: 0 };
  private generation = 0;
  private readonly ask: (start: number, count: number) => Promise<Reply<RowWindow>>;
  private readonly changed: () => void;

  constructor(ask: (start: number, count: number) => Promise<Reply<RowWindow>>, changed: () => void) {
    this.ask = ask;
    this.changed = changed;
  }

  /** Forgets everything: another record, or another revision of it. */
  reset(): void {
    this.invalidate(0);
    this.old.clear();
    this.axis = null;
  }

  /** Rows from somewhere on have moved; there are `total` now. */
  invalidate(total: number): void {
    this.generation += 1;
    for (const [block, rows] of this.fresh) this.old.set(block, rows);
    this.fresh = new Map();
    this.underWay.clear();
    this.total = total;
  }

  /** The row at an index, null while it is not known. */
  rowAt(index: number): TreeRow | null {
    if (index < 0 || index >= this.total) return null;
    const block = Math.floor(index / BLOCK);
    return this.fresh.get(block)?.[index % BLOCK] ?? this.old.get(block)?.[index % BLOCK] ?? null;
  }

  /** The row at an index, only when it is surely the one that is there now. */
  settledRowAt(index: number): TreeRow | null {
    return this.fresh.get(Math.floor(index / BLOCK))?.[index % BLOCK] ?? null;
  }

  /** Says which rows are in sight; whatever is missing of them is fetched. */
  want(first: number, end: number): void {
    this.wanted = { first, end: Math.min(end, Math.max(this.total, 1)) };
    this.pump();
  }

  /** Fetches the row at an index if need be. Null when there is none, or the answer failed or was overtaken. */
  async load(index: number): Promise<TreeRow | null> {
    const generation = this.generation;
    const block = Math.floor(index / BLOCK);
    if (!this.fresh.has(block)) await this.fetch(block);
    return generation === this.generation ? this.settledRowAt(index) : null;
  }

  private pump(): void {
    const first = Math.floor(this.wanted.first / BLOCK);
    const last = Math.floor(Math.max(this.wanted.end - 1, this.wanted.first) / BLOCK);
    for (let block = first; block <= last && this.underWay.size < mostUnderWay; block += 1) {
      if (this.fresh.has(block) || this.underWay.has(block)) continue;
      void this.fetch(block).then(() => this.pump());
    }
  }

  private fetch(block: number): Promise<void> {
    const started = this.underWay.get(block);
    if (started !== undefined) return started;
    const generation = this.generation;
    const fetching = this.ask(block * BLOCK, BLOCK).then((reply) => {
      if (generation !== this.generation) return;
      this.underWay.delete(block);
      // A failed window is kept as an empty block, so that it is not asked for again on every frame; the next change clears it.
      this.fresh.set(block, reply.kind === "value" ? reply.value.rows : []);
      if (reply.kind === "value") {
        this.total = reply.value.total;
        this.axis = reply.value.axis;
      }
      this.old.delete(block);
      this.forgetFarBlocks();
      this.changed();
    });
    this.underWay.set(block, fetching);
    return fetching;
  }

  private forgetFarBlocks(): void {
    if (this.fresh.size + this.old.size <= keptBlocks) return;
    const middle = (this.wanted.first + this.wanted.end) / 2 / BLOCK;
    const byDistance = (a: number, b: number): number => Math.abs(b - middle) - Math.abs(a - middle);
    for (const blocks of [this.old, this.fresh]) {
      for (const block of [...blocks.keys()].sort(byDistance)) {
        if (this.fresh.size + this.old.size <= keptBlocks) return;
        blocks.delete(block);
      }
    }
  }
}
