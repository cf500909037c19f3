import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PageSession } from "../../../src/engine/PageSession.ts";
import type { PageSessionPorts } from "../../../src/engine/PageSession.ts";
import { StageRows } from "../../../src/engine/around/StageRows.ts";
import type { AroundRow, AroundRows } from "../../../src/view/aroundRows.ts";
import type { RunNode, RunTree } from "../../../src/view/RunTree.ts";
import { treeOf } from "./readingOf.ts";

/** The whole tree as indented ids. */
function outline(tree: RunTree, nodes: readonly RunNode[] = tree.roots, depth = 0): string[] {
  return nodes.flatMap((node) => ["  ".repeat(depth) + node.id, ...outline(tree, tree.children(node), depth + 1)]);
}

const turn = (id: string, startMs: number | null, kind: AroundRow["kind"] = "modelTurn"): AroundRow => ({
  id,
  kind,
  label: id,
  note: "",
  status: null,
  startMs,
  durationMs: null,
  tokens: null,
  cost: null,
});

/** Rows by stage (`run`: of none), which grow with `add`. */
class Growing implements AroundRows {
  readonly #lists = new Map<number | null, AroundRow[]>();
  readonly #rows = new StageRows([{ rows: (stage) => this.#lists.get(stage) ?? [] }]);

  add(stage: number | null, ...rows: readonly AroundRow[]): void {
    const list = this.#lists.get(stage);
    if (list === undefined) this.#lists.set(stage, [...rows]);
    else list.push(...rows);
    this.#rows.changed();
  }

  drop(): void {
    this.#lists.clear();
    this.#rows.changed();
  }

  rows(stage: number | null): readonly AroundRow[] {
    return this.#rows.rows(stage);
  }

  count(kind: AroundRow["kind"]): number {
    return [...this.#lists.values()].flat().filter((row) => row.kind === kind).length;
  }
}

/** A uuid7 of that millisecond. */
const idAt = (ms: number): string =>
  `${ms
    .toString(16)
    .padStart(12, "0")
    .replace(/^(.{8})/, "$1-")}-7000-8000-000000000000`;

/** A transcript whose calls were made at these moments; null where its events do not tell. */
function transcript(id: string, ...moments: readonly number[]): object {
  return {
    id,
    messages: moments.map((_, at) => ({ role: "assistant", content: [{ type: "tool_use", id: `c${at}`, name: `c${at}`, input: {} }] })),
    events: moments.map((ms) => ({ kind: "message", role: "assistant", id: idAt(ms) })),
  };
}

function sessionOf(tree: RunTree, expanded: readonly string[] = []): PageSession {
  const around: PageSessionPorts["around"] = {
    answer: () => {
      throw new Error("no table was asked for");
    },
    detail: (rowId) => Promise.resolve({ detail: { ...EMPTY_DETAIL, rowId, title: rowId }, tapes: [] }),
    detailShown: () => Promise.resolve(null),
    treeSections: () => [],
  };
  return new PageSession(tree, { expanded, collapsed: [] }, { fileOf: () => Promise.resolve({ record: "unnamed" }), around });
}
const EMPTY_DETAIL = {
  kind: "modelTurn",
  title: "",
  subtitle: "",
  status: null,
  path: "",
  offset: null,
  sections: [],
  raw: null,
  card: null,
} as const;

async function visible(session: PageSession): Promise<string[]> {
  return (await session.answer({ kind: "rows", start: 0, count: 500 })).rows.map(({ id }) => id);
}

describe("the tree with rows from outside of the record", () => {
  it("stands turns, tool calls, compactions and events of a stage by time, between its child runs and its artifacts", () => {
    const around = new Growing();
    const tree = treeOf({
      stages: [
        {
          id: "a",
          attempts: [{}],
          artifacts: [{ id: "art" }],
          transcript: { ...transcript("t", 200, 400), events: [...(transcript("t", 200, 400) as { events: object[] }).events] },
        },
        { id: "b", transcript: { id: "u", events: [{ kind: "compaction", id: idAt(150) }] } },
      ],
      child_runs: [{ worker_id: "w", parent_stage_id: "a" }],
      artifacts: [{ id: "other" }],
      handoffs: [{}],
      hitl_questions: [{}],
      transcript: transcript("run", 50),
    });
    const before = outline(tree);
    around.add(0, turn("@turn:1", 100), turn("@event:x", null, "agentEvent"), turn("@turn:2", 300), turn("@question:q", 350, "question"));
    around.add(1, turn("@turn:3", 100), turn("@turn:4", 160));
    around.add(null, turn("@turn:5", 40), turn("@turn:6", 60));
    tree.around = around;
    expect(outline(tree)).toEqual([
      "stage:0",
      "  stage:0/attempt:0",
      "  child:0",
      "  stage:0/@turn:1",
      "  stage:0/@event:x",
      "  stage:0/tool:0",
      "  stage:0/@turn:2",
      "  stage:0/@question:q",
      "  stage:0/tool:1",
      "  stage:0/artifact:0",
      "stage:1",
      "  stage:1/@turn:3",
      "  stage:1/compaction:0",
      "  stage:1/@turn:4",
      "question:0",
      "run/@turn:5",
      "run/tool:0",
      "run/@turn:6",
      "artifact:0",
      "handoff:0",
    ]);
    expect(outline(tree).filter((id) => !id.includes("@"))).toEqual(before);
    expect(tree.counts()).toMatchObject({ modelTurn: 6, agentEvent: 1, question: 2, toolCall: 3 });
    const everything = tree.roots.flatMap((root) => [root, ...tree.children(root)]);
    for (const node of everything) {
      expect(tree.find(node.id)).toBe(node);
      const siblings = node.parent === null ? tree.roots : tree.children(node.parent);
      expect([siblings[node.position], tree.setSize(node)]).toEqual([node, siblings.length]);
    }
    expect(["stage:0/@turn:9", "run/@turn:1", "@turn:1", "stage:9/@turn:1", "run/@turn:5/x"].map((id) => tree.find(id))).toEqual(
      Array<null>(5).fill(null),
    );
  });

  it("keeps calls that tell no time where they stood", () => {
    const tree = treeOf({ stages: [{ id: "a", transcript: { ...transcript("t", 1, 2), events: [] } }] });
    const around = new Growing();
    around.add(0, turn("@turn:1", 100), turn("@turn:2", 300));
    tree.around = around;
    expect(outline(tree)).toEqual(["stage:0", "  stage:0/tool:0", "  stage:0/tool:1", "  stage:0/@turn:1", "  stage:0/@turn:2"]);
  });

  it("finds the row of a place in the file as before", () => {
    const tree = treeOf({ stages: [{ id: "a", attempts: [{ attempt: 7 }] }], handoffs: [{ kind: "here" }] });
    const around = new Growing();
    around.add(0, turn("@turn:1", 1));
    around.add(null, turn("@turn:2", 1));
    tree.around = around;
    const text = new TextDecoder().decode(tree.tape.bytes);
    expect(tree.at(text.indexOf("7"))?.id).toBe("stage:0/attempt:0");
    expect(tree.at(text.indexOf("here"))?.id).toBe("handoff:0");
  });

  it("makes anew only what changed", () => {
    const tree = treeOf({ stages: [{ id: "a" }, { id: "b", attempts: [{}] }], handoffs: [{}] });
    const around = new Growing();
    tree.around = around;
    const [first, second] = tree.roots;
    if (first === undefined || second === undefined) throw new Error("two stages");
    const roots = tree.roots;
    const below = tree.children(second);
    expect(tree.hasChildren(first)).toBe(false);
    around.add(0, turn("@turn:1", 1));
    tree.aroundChanged();
    expect(tree.hasChildren(first)).toBe(true);
    expect(tree.children(first).map(({ id }) => id)).toEqual(["stage:0/@turn:1"]);
    expect([tree.roots, tree.children(second)]).toEqual([roots, below]);
    expect(tree.roots).toBe(roots);
    expect(tree.children(second)).toBe(below);
    around.add(null, turn("@turn:2", 1));
    tree.aroundChanged();
    expect(tree.roots.map(({ id }) => id)).toEqual(["stage:0", "stage:1", "run/@turn:2", "handoff:0"]);
    expect(tree.roots[0]).toBe(first);
    around.drop();
    tree.aroundChanged();
    expect(outline(tree)).toEqual(["stage:0", "stage:1", "  stage:1/attempt:0", "handoff:0"]);
  });
});

describe("a page while rows come from outside of the record", () => {
  it("keeps open what is open, opens nothing by itself, and leads to the new rows", async () => {
    const failed = { status: "failed", attempts: [{}] };
    const tree = treeOf({ stages: [{ id: "a", ...failed }, { id: "b", ...failed, attempts: [{}, {}] }, { id: "c" }] });
    const around = new Growing();
    tree.around = around;
    const session = sessionOf(tree, ["stage:2"]);
    expect(await visible(session)).toEqual(["stage:0", "stage:1", "stage:1/attempt:0", "stage:1/attempt:1", "stage:2"]);
    around.add(0, turn("@turn:1", 1, "toolCall"));
    around.add(1, turn("@turn:2", 1));
    around.add(2, turn("@turn:3", 1));
    tree.aroundChanged();
    session.aroundChanged();
    expect(await visible(session)).toEqual([
      "stage:0",
      "stage:1",
      "stage:1/attempt:0",
      "stage:1/attempt:1",
      "stage:1/@turn:2",
      "stage:2",
      "stage:2/@turn:3",
    ]);
    expect(await session.answer({ kind: "locate", rowId: "stage:0/@turn:1" })).toMatchObject({
      index: 2,
      row: { kind: "toolCall", level: 2 },
    });
    expect(await session.answer({ kind: "expand", rowId: "stage:2", expanded: false, siblings: false })).toEqual({ total: 8 });
    expect(await session.answer({ kind: "typeahead", prefix: "@turn:2", from: 0 })).toMatchObject({ row: { id: "stage:1/@turn:2" } });
    expect(await session.answer({ kind: "detail", rowId: "stage:1/@turn:2" })).toMatchObject({
      rowId: "stage:1/@turn:2",
      title: "@turn:2",
    });
  });

  it("shows in the end what it would show had all been there at once", async () => {
    const step = fc.record({
      stage: fc.constantFrom(0, 1, 2, null),
      ms: fc.option(fc.nat(9), { nil: null }),
      toggle: fc.option(fc.nat(2)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const record = {
          stages: [{ id: "a", attempts: [{}] }, { id: "b", transcript: transcript("t", 3, 5) }, { id: "c" }],
          handoffs: [{}],
        };
        const stepwise = treeOf(record);
        const around = new Growing();
        stepwise.around = around;
        const session = sessionOf(stepwise);
        const open = new Set<string>();
        for (const [at, { stage, ms, toggle }] of steps.entries()) {
          around.add(stage, turn(`@turn:${at}`, ms));
          stepwise.aroundChanged();
          session.aroundChanged();
          const rowId = `stage:${toggle ?? ""}`;
          const node = stepwise.find(rowId);
          if (node === null || !stepwise.hasChildren(node)) continue;
          await session.answer({ kind: "expand", rowId, expanded: !open.has(rowId), siblings: false });
          if (!open.delete(rowId)) open.add(rowId);
        }
        const atOnce = treeOf(record);
        atOnce.around = around;
        expect(await visible(session)).toEqual(await visible(sessionOf(atOnce, [...open])));
      }),
    );
  });
});
