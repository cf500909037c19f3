import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { unpackAsset } from "../../../scripts/samples.ts";
import { openedView } from "../../../src/view/openedView.ts";
import { rowDetail } from "../../../src/view/rowDetail.ts";
import { RunTree } from "../../../src/view/RunTree.ts";
import type { RunNode } from "../../../src/view/RunTree.ts";
import type { OpenedView, RowKind } from "../../../src/view/types.ts";
import { readingOf } from "./readingOf.ts";

const folder = mkdtempSync(join(tmpdir(), "run-record-view-"));
unpackAsset("long-haul", folder);
unpackAsset("later-version", folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(root: string, name: string): { tree: RunTree; view: OpenedView } {
  const reading = readingOf(new Uint8Array(readFileSync(join(root, name))));
  const tree = new RunTree(reading);
  return { tree, view: openedView(reading, tree, { fileName: name, revision: 0 }) };
}

function rowsOf(tree: RunTree): RunNode[] {
  return tree.roots.flatMap((row) => [row, ...tree.children(row)]);
}

const counts = (kinds: Partial<Record<RowKind, number>>): Partial<Record<RowKind, number>> => kinds;

describe("the sample records", () => {
  it.each([
    // [root, file, title, model calls, tokens in and out, cost, rows]
    [
      "samples",
      "release-notes/.harn-runs/release-notes-v2.4.0.json",
      34,
      78597,
      3359,
      "0.27",
      counts({ stage: 10, childRun: 3, compaction: 2, question: 0, artifact: 12, transition: 10 }),
    ],
    [
      "samples",
      "incident-triage/.harn-runs/incident-4471-replay.json",
      15,
      22705,
      1071,
      "0.09",
      counts({ stage: 12, attempt: 13, childRun: 1, question: 2, handoff: 1, artifact: 13 }),
    ],
    ["samples", "incident-triage/.harn-runs/incident-4471.json", 3, null, null, null, counts({ stage: 1, question: 1 })],
    [
      "samples",
      "running/.harn-runs/dependency-audit.json",
      7,
      8105,
      271,
      "0.03",
      counts({ stage: 3, childRun: 0, question: 1, transition: 5 }),
    ],
    ["samples", "daemon/.harn-runs/inbox-watch.json", 25, null, null, null, counts({ stage: 2, childRun: 1, compaction: 0, question: 0 })],
    [
      folder,
      "long-haul/.harn-runs/esm-migration.json",
      301,
      null,
      null,
      "1.60",
      counts({ stage: 78, childRun: 24, compaction: 8, artifact: 78, transition: 77, question: 0 }),
    ],
    [
      folder,
      "later-version/.harn-runs/release-notes-v2.4.0.json",
      34,
      78597,
      3359,
      "0.27",
      counts({ stage: 10, childRun: 3, compaction: 2, artifact: 12 }),
    ],
    [
      folder,
      "later-version/.harn-runs/incident-4471-replay.json",
      15,
      22705,
      1071,
      "0.09",
      counts({ stage: 12, attempt: 13, childRun: 1, question: 2, handoff: 1 }),
    ],
  ])("%s/%s is shown as it was told", (root, name, calls, tokensIn, tokensOut, cost, rows) => {
    const { tree, view } = open(root, name);
    expect(view).toMatchObject({ state: "record", notice: null, editable: true });
    expect(view.header?.modelCalls).toBe(calls);
    if (tokensIn !== null) expect([view.header?.tokensIn, view.header?.tokensOut]).toEqual([tokensIn, tokensOut]);
    if (cost !== null) expect(view.header?.cost?.usd.toFixed(2)).toBe(cost);
    expect(view.header?.counts).toMatchObject(rows);
    // What the header counts is what the tree has.
    const shown: Partial<Record<RowKind, number>> = {};
    for (const row of rowsOf(tree)) shown[row.kind] = (shown[row.kind] ?? 0) + 1;
    for (const [kind, count] of Object.entries(view.header?.counts ?? {}))
      expect([kind, shown[kind as RowKind] ?? 0]).toEqual([kind, count]);
  });

  it("names both places of the compaction that is listed twice", () => {
    const { tree } = open("samples", "release-notes/.harn-runs/release-notes-v2.4.0.json");
    const compactions = rowsOf(tree).filter((row) => row.kind === "compaction");
    expect(compactions.map((row) => row.parent?.id ?? "run")).toEqual(["stage:5", "run"]);
    const places = compactions.map((row) =>
      rowDetail(tree, row.id)?.sections.flatMap((section) => (section.kind === "list" ? section.items.map((item) => item.value) : [])),
    );
    expect(places).toEqual([["transcript of draft", "transcript of has_breaking"], ["run transcript"]]);
    expect(tree.facts(compactions[1]!).status).toEqual({ text: "snapshot kept", tone: "neutral" });
  });

  it("tells the cost of later shapes as at least what is known", () => {
    expect(open(folder, "later-version/.harn-runs/release-notes-v2.4.0.json").view.header).toMatchObject({
      cost: { atLeast: true },
      shape: "later",
    });
  });

  it("shows the failed tool call and its time", () => {
    const { tree } = open("samples", "release-notes/.harn-runs/release-notes-v2.4.0.json");
    expect(tree.facts(tree.find("stage:0/tool:4")!)).toMatchObject({
      label: "read_pull",
      note: '{ "number": 1190 }',
      status: { text: "error", tone: "failure" },
      durationMs: 744,
    });
  });

  it("adds up a run that still goes", () => {
    expect(open("samples", "running/.harn-runs/dependency-audit.json").view.header).toMatchObject({
      status: { text: "running", tone: "running" },
      finished: null,
      cost: { atLeast: true },
    });
  });

  it("has a row, a detail with a place, and texts of bounded length for everything in every record", () => {
    for (const root of ["samples", folder]) {
      const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.harn-runs\/[^/]+\.json$/.test(name));
      expect(names.length).toBeGreaterThan(5);
      for (const name of names) {
        const { tree, view } = open(root, name);
        expect([name, view.state]).toEqual([name, "record"]);
        for (const row of rowsOf(tree)) {
          const facts = tree.facts(row);
          expect(facts.label.length + facts.note.length).toBeLessThanOrEqual(400);
          expect(facts.durationMs ?? 0).toBeGreaterThanOrEqual(0);
          const detail = rowDetail(tree, row.id);
          expect([row.id, detail?.offset]).toEqual([row.id, tree.tape.start(tree.node(row))]);
          expect(JSON.stringify(detail).length).toBeLessThan(200_000);
        }
      }
    }
  });
});
