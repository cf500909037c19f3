import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PageSession } from "../../../src/engine/PageSession.ts";
import type { PageSessionPorts } from "../../../src/engine/PageSession.ts";
import { ROW_WINDOW_LIMIT, TEXT_SLICE_LIMIT } from "../../../src/protocol/page.ts";
import type { PageRequest, PageState } from "../../../src/protocol/page.ts";
import type { RunTree } from "../../../src/view/RunTree.ts";
import { treeOf } from "../view/readingOf.ts";

const state = (expanded: readonly string[], collapsed: readonly string[] = []): PageState => ({
  version: 1,
  selected: null,
  expanded,
  collapsed,
  scrollTop: 0,
  detailWidth: null,
  view: "tree",
  tables: {},
});

const nothingAround: PageSessionPorts["around"] = {
  answer: () => {
    throw new Error("no table was asked for");
  },
  detail: () => Promise.resolve(null),
  detailShown: () => Promise.resolve(null),
  treeSections: () => [],
};

function sessionOf(tree: RunTree, remembered: PageState | null = null): PageSession {
  return new PageSession(tree, remembered, {
    fileOf: (path) => Promise.resolve({ record: path === null ? "unnamed" : "present" }),
    around: nothingAround,
  });
}

async function visible(session: PageSession): Promise<string[]> {
  const window = await session.answer({ kind: "rows", start: 0, count: ROW_WINDOW_LIMIT });
  return window.rows.map((row) => "  ".repeat(row.level - 1) + (row.expandable ? (row.expanded ? "-" : "+") : "") + row.id);
}

/** Stages with so many attempts each, all completed. */
const stages = (...attempts: number[]): object[] =>
  attempts.map((count, index) => ({ id: `s${index}`, node_id: `node ${index}`, status: "completed", attempts: Array(count).fill({}) }));

describe("PageSession", () => {
  it("opens what failed, runs or waits, and is calm otherwise", async () => {
    const many = { attempts: [{}, {}] };
    const tree = treeOf({
      stages: [
        { status: "completed", ...many },
        { status: "failed", ...many },
        { status: "failed", attempts: [{ status: "failed" }] },
        { status: "failed", attempts: [{ error: "no" }] },
        { id: "r", status: "running" },
        { status: "completed", outcome: "pending_auth", ...many },
      ],
      child_runs: [{ worker_id: "w", parent_stage_id: "r" }],
    });
    expect((await visible(sessionOf(tree))).filter((line) => !line.startsWith(" "))).toEqual([
      "+stage:0",
      "-stage:1",
      "+stage:2",
      "-stage:3",
      "-stage:4",
      "-stage:5",
    ]);
  });

  it("restores what the page remembered, rows that are no more left out", async () => {
    const tree = treeOf({
      stages: [
        { status: "completed", attempts: [{}] },
        { status: "failed", attempts: [{}, {}] },
      ],
    });
    expect(await visible(sessionOf(tree, state(["stage:0", "stage:77", "x"], ["stage:1"])))).toEqual([
      "-stage:0",
      "  stage:0/attempt:0",
      "+stage:1",
    ]);
  });

  it("opens and closes a row, and all its siblings", async () => {
    const session = sessionOf(treeOf({ stages: stages(1, 0, 2) }));
    expect(await session.answer({ kind: "expand", rowId: "stage:2", expanded: true, siblings: false })).toEqual({ total: 5 });
    expect(await visible(session)).toEqual(["+stage:0", "stage:1", "-stage:2", "  stage:2/attempt:0", "  stage:2/attempt:1"]);
    expect(await session.answer({ kind: "expand", rowId: "stage:0", expanded: true, siblings: true })).toEqual({ total: 6 });
    expect(await session.answer({ kind: "expand", rowId: "stage:1", expanded: false, siblings: true })).toEqual({ total: 3 });
    for (const rowId of ["stage:1", "nothing", "stage:0"]) {
      expect(await session.answer({ kind: "expand", rowId, expanded: false, siblings: false })).toEqual({ total: 3 });
    }
  });

  it("stays the same list as one flattened afresh, whatever is toggled", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }),
        fc.array(fc.record({ at: fc.nat(9), expanded: fc.boolean(), siblings: fc.boolean() }), { maxLength: 12 }),
        async (attempts, toggles) => {
          const tree = treeOf({ stages: stages(...attempts) });
          const session = sessionOf(tree);
          const open = new Map<string, boolean>();
          for (const { at, expanded, siblings } of toggles) {
            const rowId = `stage:${at}`;
            await session.answer({ kind: "expand", rowId, expanded, siblings });
            if (at < attempts.length)
              for (const [index] of attempts.entries()) if (siblings || index === at) open.set(`stage:${index}`, expanded);
          }
          const fresh = sessionOf(tree, state([...open].filter(([, isOpen]) => isOpen).map(([id]) => id)));
          expect(await visible(session)).toEqual(await visible(fresh));
        },
      ),
    );
  });

  it.each([
    [0, 2, ["stage:0", "stage:1"]],
    [2, 2, ["stage:2"]],
    [9, 5, []],
    [-4, 1, ["stage:0"]],
    [0, -1, []],
    [NaN, NaN, []],
    [0.7, 1.9, ["stage:0"]],
  ])("moves the window %d + %d into what there is", async (start, count, ids) => {
    const window = await sessionOf(treeOf({ stages: stages(0, 0, 0) })).answer({ kind: "rows", start, count });
    expect(window.rows.map((row) => row.id)).toEqual(ids);
    expect(window.total).toBe(3);
    expect(window.start).toBeGreaterThanOrEqual(0);
  });

  it("opens the way to a row it is to show", async () => {
    const session = sessionOf(treeOf({ stages: stages(2, 2) }));
    const found = await session.answer({ kind: "locate", rowId: "stage:1/attempt:1" });
    expect(found).toMatchObject({ index: 3, row: { id: "stage:1/attempt:1", level: 2, posInSet: 2, setSize: 2 } });
    expect(await session.answer({ kind: "locate", rowId: "stage:9" })).toEqual({ index: -1, row: null });
  });

  it.each([
    ["node", 0, 0],
    ["NODE 2", 0, 2],
    ["node", 2, 2],
    ["node 0", 1, 0],
    ["x", 0, -1],
    ["", 0, -1],
    ["node 1", -1, 1],
  ])("finds %j from row %d by its beginning", async (prefix, from, index) => {
    const session = sessionOf(treeOf({ stages: stages(0, 0, 0) }));
    expect((await session.answer({ kind: "typeahead", prefix, from })).index).toBe(index);
  });

  it("finds nothing where there are no rows", async () => {
    expect(await sessionOf(treeOf({})).answer({ kind: "typeahead", prefix: "a", from: 3 })).toEqual({ index: -1, row: null });
  });

  it("gives details and cards, child runs with word of their file", async () => {
    const session = sessionOf(
      treeOf({ stages: stages(0), child_runs: [{ worker_name: "scout", run_path: "x.json" }, { worker_name: "other" }] }),
    );
    expect(await session.answer({ kind: "detail", rowId: "stage:0" })).toMatchObject({ rowId: "stage:0", card: null });
    expect(await session.answer({ kind: "detail", rowId: "child:0" })).toMatchObject({ card: { title: "scout", record: "present" } });
    expect(await session.answer({ kind: "card", rowId: "child:1" })).toMatchObject({ title: "other", record: "unnamed" });
    expect(await session.answer({ kind: "card", rowId: "stage:0" })).toBeNull();
    expect(await session.answer({ kind: "detail", rowId: "nothing" })).toBeNull();
  });

  it("gives long text in slices until it is whole", async () => {
    const text = "é😀\n".repeat(100_000);
    const session = sessionOf(treeOf({ stages: [{ visible_text: text }] }));
    const detail = await session.answer({ kind: "detail", rowId: "stage:0" });
    const section = detail?.sections.find((part) => part.kind === "text");
    const ref = section?.kind === "text" ? (section.text.ref ?? -1) : -1;
    let read = "";
    for (let slices = 0; slices < 20 && read.length < text.length; slices++) {
      const slice = await session.answer({ kind: "text", rowId: "stage:0", ref, format: "string", start: read.length, length: 1e9 });
      expect(slice).toMatchObject({ start: read.length, length: text.length });
      expect(slice.text.length).toBeLessThanOrEqual(TEXT_SLICE_LIMIT);
      read += slice.text;
    }
    expect(read).toBe(text);
    // Back to the middle, without going through what stands before.
    expect((await session.answer({ kind: "text", rowId: "stage:0", ref, format: "string", start: 8, length: 4 })).text).toBe("é😀\n");
    expect((await session.answer({ kind: "text", rowId: "stage:0", ref, format: "json", start: 0, length: 3 })).text).toBe('"é');
  });

  it.each([-1, 1.5, 1e9, NaN])("has no text for node %d", async (ref) => {
    const session = sessionOf(treeOf({ id: "r" }));
    expect(await session.answer({ kind: "text", rowId: "stage:0", ref, format: "string", start: 0, length: 9 })).toEqual({
      start: 0,
      text: "",
      length: 0,
    });
  });

  it("answers with less than a megabyte, whatever the record holds", async () => {
    const long = "x".repeat(1_100_000);
    const many = Object.fromEntries(
      Array.from({ length: 1_500 }, (_, at) => [
        `field ${at} ${"y".repeat(50)}`,
        at % 2 === 0 ? "z".repeat(200) : { a: ["b".repeat(9000)] },
      ]),
    );
    const stage = {
      id: long,
      node_id: long,
      kind: long,
      status: long,
      outcome: `${long}_failed`,
      branch: long,
      started_at: long,
      attempts: Array(20_000).fill({ status: "failed", error: "e".repeat(300) }),
      consumed_artifact_ids: Array(20_000).fill("a"),
      metadata: many,
      transcript: {
        id: long,
        messages: [{ role: "assistant", content: [{ type: "tool_use", id: long, name: long, input: long }] }],
        events: [{ kind: "compaction", id: long, metadata: { mode: long, snapshot_asset_id: long } }],
      },
      [long]: 1,
      ...many,
    };
    const child = {
      worker_id: long,
      worker_name: long,
      task: long,
      status: long,
      run_path: long,
      session_id: long,
      started_at: long,
      request: many,
      parent_stage_id: long,
    };
    const transitions = Array(5000).fill({ to_node_id: "t".repeat(2000) });
    const session = sessionOf(
      treeOf({
        id: long,
        stages: [stage, { [long]: [long], id: 1 }],
        child_runs: [child],
        transitions,
        hitl_questions: [{ prompt: long, agent: long }],
        handoffs: [{ reason: long }],
        task: { [long]: 1 },
      }),
    );
    await session.answer({ kind: "expand", rowId: "stage:0", expanded: true, siblings: false });
    const requests: PageRequest[] = [
      { kind: "rows", start: 0, count: 1e9 },
      { kind: "rows", start: 5000, count: 1e9 },
      { kind: "problems", start: 0, count: 1e9 },
      ...[
        "stage:0",
        "stage:0/attempt:0",
        "stage:0/tool:0",
        "stage:0/compaction:0",
        "child:0",
        "question:0",
        "handoff:0",
        "transition:0",
      ].map((rowId) => ({ kind: "detail", rowId }) as const),
    ];
    for (const request of requests) {
      const answer = await session.answer(request);
      expect(answer).not.toBeNull();
      expect([request, JSON.stringify(answer).length < 1_000_000]).toEqual([request, true]);
    }
  });

  it("lists problems with line, column and row", async () => {
    const session = sessionOf(treeOf({ stages: [{ id: 5 }, { id: "ok" }, { node_id: [] }], task: 1 }));
    expect(await session.answer({ kind: "problems", start: 1, count: 1 })).toMatchObject({
      start: 1,
      total: 3,
      problems: [{ path: "stages[2].node_id", line: 11, column: 18, rowId: "stage:2" }],
    });
    expect((await session.answer({ kind: "problems", start: 99, count: 9 })).problems).toEqual([]);
  });
});
