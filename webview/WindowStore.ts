import type { Reply } from "./HostLink.ts";

/** Rows are asked for in blocks of this many, aligned, so that scrolling to and fro asks for nothing twice. */
export const BLOCK = 100;
/** Blocks kept; those farthest from what is in sight go first. */
const keptBlocks = 40;
/** Blocks under way at once: few, so that after a long drag of the scroll bar the rows in sight are not queued behind those passed by. */
const mostUnderWay = 2;

/** Some rows of a list, and how many the list has. */
export interface ListWindow<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export type AskForWindow<W> = (start: number, count: number) => Promise<Reply<W>>;

/** How a refresh ended. `overtaken`: rows moved otherwise meanwhile, or a later refresh was begun. */
export type Refreshed = { readonly kind: "done" | "overtaken" } | { readonly kind: "error"; readonly message: string };

/**
 * The rows of a long list known so far, in windows. Rows that moved (something was opened or closed) are still handed out until their new
 * block is there: the screen keeps its rows for these milliseconds instead of blinking.
 */
export class WindowStore<Row, W extends ListWindow<Row>> {
  total = 0;
  /** The window that came last, for what it says beside its rows. */
  latest: W | null = null;
  private fresh = new Map<number, readonly Row[]>();
  private old = new Map<number, readonly Row[]>();
  private readonly underWay = new Map<number, Promise<void>>();
  private wanted: { first: number; end: number } = { first: 0, end: 0 };
  private generation = 0;
  private refreshes = 0;
  private ask: AskForWindow<W>;
  private readonly changed: () => void;

  constructor(ask: AskForWindow<W>, changed: () => void) {
    this.ask = ask;
    this.changed = changed;
  }

  /** Forgets everything: another record, or another revision of it. */
  reset(): void {
    this.invalidate(0);
    this.old.clear();
    this.latest = null;
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
  rowAt(index: number): Row | null {
    if (index < 0 || index >= this.total) return null;
    const block = Math.floor(index / BLOCK);
    return this.fresh.get(block)?.[index % BLOCK] ?? this.old.get(block)?.[index % BLOCK] ?? null;
  }

  /** The row at an index, only when it is surely the one that is there now. */
  settledRowAt(index: number): Row | null {
    return this.fresh.get(Math.floor(index / BLOCK))?.[index % BLOCK] ?? null;
  }

  /** Says which rows are in sight; whatever is missing of them is fetched. */
  want(first: number, end: number): void {
    this.wanted = { first, end: Math.min(end, Math.max(this.total, 1)) };
    this.pump();
  }

  /** Rows in sight, as last said by {@link want}. */
  get inSight(): { readonly first: number; readonly end: number } {
    return this.wanted;
  }

  /**
   * Asks anew for rows `first` up to, not including, `end` and puts them in the place of the old ones at once, when all are there: nothing
   * blinks, however long it takes. `ask` replaces how rows are asked for from then on, and nothing that was asked for otherwise is kept;
   * `commit` is called with the new rows in place, before anybody is told.
   */
  async refresh(first: number, end: number, commit: () => void, ask: AskForWindow<W> | null = null): Promise<Refreshed> {
    this.refreshes += 1;
    const { generation, refreshes } = this;
    const blocks: number[] = [];
    const firstBlock = Math.floor(Math.max(first, 0) / BLOCK);
    for (let block = firstBlock; block === firstBlock || block * BLOCK < end; block += 1) blocks.push(block);
    const replies = await Promise.all(blocks.map((block) => (ask ?? this.ask)(block * BLOCK, BLOCK)));
    if (generation !== this.generation || refreshes !== this.refreshes) return { kind: "overtaken" };
    const windows: W[] = [];
    for (const reply of replies) {
      if (reply.kind === "error") return { kind: "error", message: reply.error.message };
      if (reply.kind === "stale") return { kind: "overtaken" };
      windows.push(reply.value);
    }
    this.latest = windows.at(-1) ?? this.latest;
    this.invalidate(this.latest?.total ?? 0);
    if (ask !== null) {
      this.ask = ask;
      this.old.clear();
    }
    blocks.forEach((block, at) => {
      this.fresh.set(block, windows[at]?.rows ?? []);
      this.old.delete(block);
    });
    commit();
    this.changed();
    return { kind: "done" };
  }

  /** Fetches the row at an index if need be. Null when there is none, or the answer failed or was overtaken. */
  async load(index: number): Promise<Row | null> {
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
        this.latest = reply.value;
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
