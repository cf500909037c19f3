import type { TreeRow } from "../../../src/view/types.ts";

/** A row with what is below it, for tests. */
export interface Node {
  readonly row: TreeRow;
  readonly children: readonly Node[];
}

/** The engine's side of the tree, as far as the page can tell. */
export interface RowSource {
  total(): number;
  rowAt(index: number): TreeRow;
  expand(rowId: string, expanded: boolean, siblings: boolean): void;
  indexOf(rowId: string): number;
  typeahead(prefix: string, from: number): number;
}

export interface NodeOptions extends Partial<Omit<TreeRow, "id" | "level" | "posInSet" | "setSize" | "expandable">> {
  readonly children?: readonly NodeSpec[];
}
export type NodeSpec = readonly [id: string, options: NodeOptions];

/** Builds rows from what a test cares about; level, position and set size follow from where they stand. */
export function nodes(specs: readonly NodeSpec[], level = 1): Node[] {
  return specs.map(([id, { children = [], ...options }], at) => ({
    row: {
      kind: "stage",
      expanded: false,
      label: id,
      note: "",
      status: null,
      startMs: null,
      durationMs: null,
      tokens: null,
      cost: null,
      problems: 0,
      ...options,
      id,
      level,
      posInSet: at + 1,
      setSize: specs.length,
      expandable: children.length > 0,
    },
    children: nodes(children, level + 1),
  }));
}

/** A source made of real nodes. */
export function treeSource(roots: readonly Node[]): RowSource {
  const open = new Set<string>();
  const parents = new Map<string, Node | null>();
  const byId = new Map<string, Node>();
  const visit = (node: Node, parent: Node | null): void => {
    parents.set(node.row.id, parent);
    byId.set(node.row.id, node);
    if (node.row.expanded) open.add(node.row.id);
    for (const child of node.children) visit(child, node);
  };
  for (const root of roots) visit(root, null);
  let visible: Node[] = [];
  const list = (): void => {
    const walk = (node: Node): Node[] => [node, ...(open.has(node.row.id) ? node.children.flatMap(walk) : [])];
    visible = roots.flatMap(walk);
  };
  list();
  return {
    total: () => visible.length,
    rowAt: (index) => ({ ...visible[index]!.row, expanded: open.has(visible[index]!.row.id) }),
    expand: (rowId, expanded, siblings) => {
      const parent = parents.get(rowId) ?? null;
      for (const node of siblings ? (parent?.children ?? roots) : [byId.get(rowId)!]) {
        if (expanded && node.children.length > 0) open.add(node.row.id);
        else open.delete(node.row.id);
      }
      list();
    },
    indexOf: (rowId) => {
      for (let at = parents.get(rowId); at !== undefined && at !== null; at = parents.get(at.row.id)) open.add(at.row.id);
      list();
      return visible.findIndex((node) => node.row.id === rowId);
    },
    typeahead: (prefix, from) =>
      find(visible.length, from, (index) => visible[index]!.row.label.toLowerCase().startsWith(prefix.toLowerCase())),
  };
}

/** `total` stages beside each other, made only when asked for. */
export function flatSource(total: number): RowSource {
  return {
    total: () => total,
    rowAt: (index) => ({
      id: `stage:${index}`,
      kind: "stage",
      level: 1,
      posInSet: index + 1,
      setSize: total,
      expandable: false,
      expanded: false,
      label: `step ${index}`,
      note: `stage ${index + 1} of ${total}`,
      status: { text: index % 7 === 3 ? "failed" : "success", tone: index % 7 === 3 ? "failure" : "success" },
      startMs: index * 1000,
      durationMs: 700,
      tokens: index * 3,
      cost: { usd: index / 1000, atLeast: false },
      problems: 0,
    }),
    expand: () => undefined,
    indexOf: (rowId) => Number(rowId.slice("stage:".length)),
    typeahead: (prefix, from) => find(Math.min(total, 5000), from, (index) => `step ${index}`.startsWith(prefix)),
  };
}

function find(total: number, from: number, fits: (index: number) => boolean): number {
  for (let n = 0; n < total; n += 1) if (fits((from + n) % total)) return (from + n) % total;
  return -1;
}
