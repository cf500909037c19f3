import type { RunNode, RunTree } from "../view/RunTree.ts";
import type { RowWindow, StatusTone, TreeRow } from "../view/types.ts";

/** Stages of these tones are open unless the reader closed them: they are what one looks for. */
const OPEN_TONES: ReadonlySet<StatusTone> = new Set(["failure", "running", "waiting"]);
/** In a record with more stages than this nothing is opened unasked: the first window would have to look at all of them. */
const OPEN_STAGE_LIMIT = 2000;

/**
 * The rows one page sees: the tree with this page's open and closed rows, flattened once and spliced when a row is toggled, so that a
 * window costs the same wherever it is.
 */
export class PageSessionRows {
  readonly #tree: RunTree;
  /** What the reader opened (true) or closed (false), by row id; other rows follow the rule. */
  readonly #toggled: Map<string, boolean>;
  #visible: RunNode[];
  /** Stages that open by themselves, worked out once: by what the record says, so that nothing opens while its surroundings are read. */
  readonly #openOnes = new Map<RunNode, boolean>();

  constructor(tree: RunTree, toggled: ReadonlyMap<string, boolean>) {
    this.#tree = tree;
    this.#toggled = new Map(toggled);
    this.#visible = this.#flatten(tree.roots);
  }

  get total(): number {
    return this.#visible.length;
  }

  /** What the reader opened (true) or closed (false), by row id: to begin the session of the next revision with. */
  get toggled(): ReadonlyMap<string, boolean> {
    return this.#toggled;
  }

  /** Rows `[start, start + count)`, moved into what there is. */
  window(start: number, count: number): RowWindow {
    const from = Math.max(0, Math.min(Math.trunc(start) || 0, this.total));
    const rows = this.#visible.slice(from, from + Math.max(0, Math.trunc(count) || 0));
    return { start: from, total: this.total, rows: rows.map((node) => this.#row(node)), axis: this.#tree.axis };
  }

  /** Opens or closes a row, or all that have the same parent. Unknown rows and rows without children change nothing. */
  toggle(rowId: string, expanded: boolean, siblings: boolean): void {
    const node = this.#tree.find(rowId);
    if (node === null) return;
    if (siblings) {
      const level = node.parent === null ? this.#tree.roots : this.#tree.children(node.parent);
      for (const sibling of level) if (this.#tree.hasChildren(sibling)) this.#toggled.set(sibling.id, expanded);
      this.#visible = this.#flatten(this.#tree.roots);
      return;
    }
    if (!this.#tree.hasChildren(node) || this.#isOpen(node) === expanded) return;
    this.#toggled.set(node.id, expanded);
    const at = this.#visible.indexOf(node);
    if (at === -1) return;
    const below = this.#flatten(this.#tree.children(node));
    const after = this.#visible.slice(expanded ? at + 1 : at + 1 + below.length);
    this.#visible = this.#visible.slice(0, at + 1).concat(expanded ? below : [], after);
  }

  /** The tree has other rows: what is open stays open. */
  refresh(): void {
    this.#visible = this.#flatten(this.#tree.roots);
  }

  /** Where a row stands among the visible ones, its ancestors opened first; -1 when there is no such row. */
  locate(rowId: string): { readonly index: number; readonly row: TreeRow | null } {
    const node = this.#tree.find(rowId);
    if (node === null) return { index: -1, row: null };
    const closed: RunNode[] = [];
    for (let above = node.parent; above !== null; above = above.parent) if (!this.#isOpen(above)) closed.unshift(above);
    for (const above of closed) this.toggle(above.id, true, false);
    return { index: this.#visible.indexOf(node), row: this.#row(node) };
  }

  /** The first visible row at or after `from`, and then from the beginning, whose label begins with `prefix`; letter case does not matter. */
  typeahead(prefix: string, from: number): { readonly index: number; readonly row: TreeRow | null } {
    const wanted = prefix.toLowerCase();
    const { total } = this;
    const first = total === 0 ? 0 : (((Math.trunc(from) || 0) % total) + total) % total;
    for (let step = 0; step < total && wanted !== ""; step++) {
      const index = (first + step) % total;
      const node = this.#visible[index];
      if (node !== undefined && this.#tree.facts(node).label.replace(/^[“"]/, "").toLowerCase().startsWith(wanted)) {
        return { index, row: this.#row(node) };
      }
    }
    return { index: -1, row: null };
  }

  #row(node: RunNode): TreeRow {
    let level = 1;
    for (let above = node.parent; above !== null; above = above.parent) level++;
    return this.#tree.row(node, level, this.#isOpen(node));
  }

  #isOpen(node: RunNode): boolean {
    if (node.source.kind !== "stage") return false;
    const toggled = this.#toggled.get(node.id);
    if (toggled !== undefined) return toggled;
    if (this.#tree.reading.record.stages.length > OPEN_STAGE_LIMIT) return false;
    let open = this.#openOnes.get(node);
    if (open === undefined) {
      open = this.#opensByItself(node);
      this.#openOnes.set(node, open);
    }
    return open;
  }

  /** A stage that failed, runs or waits, when there is more below it than one attempt that says the same. */
  #opensByItself(node: RunNode): boolean {
    if (node.source.kind !== "stage") return false;
    if (!OPEN_TONES.has(this.#tree.facts(node).status?.tone ?? "neutral")) return false;
    const { stage } = node.source;
    if (stage.attempts.length > 1 || (stage.attempts[0]?.error ?? "") !== "") return true;
    return this.#tree.children(node).some(({ source: { kind } }) => kind === "childRun" || kind === "toolCall");
  }

  /** The rows and all that is open below them, in order. */
  #flatten(nodes: readonly RunNode[]): RunNode[] {
    const rows: RunNode[] = [];
    const stack = [...nodes].reverse();
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      rows.push(node);
      if (!this.#isOpen(node)) continue;
      const children = this.#tree.children(node);
      for (let at = children.length - 1; at >= 0; at--) {
        const child = children[at];
        if (child !== undefined) stack.push(child);
      }
    }
    return rows;
  }
}
