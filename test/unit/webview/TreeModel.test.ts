import { describe, expect, it } from "vitest";
import type { ToHost, ToPage } from "../../../src/protocol/page.ts";
import { HostLink } from "../../../webview/HostLink.ts";
import { TreeModel } from "../../../webview/TreeModel.ts";
import { opened } from "../../page/standalone/builders.ts";
import { FakeHost } from "../../page/standalone/FakeHost.ts";
import { flatSource, nodes, treeSource, type NodeSpec, type RowSource } from "../../page/standalone/RowSource.ts";

/** A model whose host answers in the next microtask. */
function modelOf(source: RowSource) {
  const host = new FakeHost({ view: opened(), rows: source });
  const shifts: number[] = [];
  const toggled: [readonly string[], boolean][] = [];
  const receive = (messages: readonly ToPage[]): void => {
    for (const message of messages) queueMicrotask(() => link.receive(message));
  };
  const link: HostLink = new HostLink((message: ToHost) => receive(host.receive(message)));
  const model = new TreeModel(link, {
    changed: () => undefined,
    selected: () => undefined,
    shifted: (rows) => shifts.push(rows),
    toggled: (ids, expanded) => toggled.push([ids, expanded]),
  });
  return { model, host, toggled, shifts };
}

const family: NodeSpec[] = [
  [
    "plan",
    {
      children: [
        ["turn 1", {}],
        ["turn 2", { children: [["tool", {}]] }],
      ],
    },
  ],
  ["gather", { children: [["scout", {}]] }],
  ["publish", {}],
];
const label = (model: TreeModel): string | undefined => model.active?.row.label;

describe("TreeModel", () => {
  it("starts on the first row, or on the remembered one wherever it is hidden", async () => {
    const first = modelOf(treeSource(nodes(family)));
    await first.model.open(null);
    expect(label(first.model)).toBe("plan");
    const second = modelOf(treeSource(nodes(family)));
    await second.model.open("tool");
    expect(second.model.active).toMatchObject({ index: 3, row: { label: "tool", level: 3 } });
  });

  it("starts on the first row when the remembered one is gone, and on nothing in an empty tree", async () => {
    const gone = modelOf(treeSource(nodes(family)));
    await gone.model.open("nowhere");
    expect(label(gone.model)).toBe("plan");
    const empty = modelOf(treeSource([]));
    await empty.model.open(null);
    expect(empty.model.active).toBeNull();
  });

  it("takes up rows that came from outside: the selected one stays selected, and keeps its place on the screen", async () => {
    const { model, host, shifts } = modelOf(treeSource(nodes(family)));
    await model.open("gather");
    model.rows.want(0, 3);
    host.record.rows = treeSource(nodes([["before", {}], ["and this", {}], ...family]));
    await model.refresh();
    expect(model.active).toMatchObject({ index: 3, row: { id: "gather" } });
    expect([model.rows.total, model.rows.settledRowAt(0)?.id, shifts]).toEqual([5, "before", [2]]);
  });

  it("Right opens and then enters; Left leaves and then closes", async () => {
    const { model, toggled } = modelOf(treeSource(nodes(family)));
    await model.open(null);
    await model.openOrEnter();
    expect(model.active).toMatchObject({ index: 0, row: { expanded: true } });
    expect(model.rows.total).toBe(5);
    await model.openOrEnter();
    expect(label(model)).toBe("turn 1");
    await model.openOrEnter();
    expect(label(model)).toBe("turn 1");
    await model.closeOrLeave();
    expect(label(model)).toBe("plan");
    await model.closeOrLeave();
    expect(model.rows.total).toBe(3);
    expect(toggled).toEqual([
      [["plan"], true],
      [["plan"], false],
    ]);
  });

  it("opens all siblings, and stays on its row though rows above it moved it", async () => {
    const { model, toggled } = modelOf(treeSource(nodes(family)));
    await model.open(null);
    await model.moveTo(1);
    await model.setExpanded(model.active!.row, true, true);
    expect(model.rows.total).toBe(6);
    expect(model.active).toMatchObject({ index: 3, row: { label: "gather", expanded: true } });
    expect(toggled[0]?.[0]).toEqual(["gather", "plan"]);
  });

  it("goes to the parent over ten thousand siblings in a few steps", async () => {
    const children = Array.from({ length: 10_000 }, (_, n): NodeSpec => [
      `child ${n}`,
      n % 100 === 0 ? { expanded: true, children: [[`grandchild ${n}`, {}]] } : {},
    ]);
    const { model, host } = modelOf(
      treeSource(
        nodes([
          ["before", {}],
          ["parent", { expanded: true, children }],
          ["after", {}],
        ]),
      ),
    );
    await model.open(null);
    await model.moveTo(10_000);
    expect(model.active?.row.level).toBe(2);
    const before = host.requests.length;
    await model.closeOrLeave();
    expect(label(model)).toBe("parent");
    expect(host.requests.length - before).toBeLessThan(150);
  });

  it("cuts moves to what there is, and goes on from where it is going while rows are on their way", async () => {
    const { model } = modelOf(flatSource(1000));
    await model.open(null);
    await model.moveTo(-5);
    expect(model.active?.index).toBe(0);
    const far = model.moveTo(640);
    expect(model.position).toBe(640);
    const next = model.moveTo(model.position + 1);
    await Promise.all([far, next]);
    expect(model.active?.index).toBe(641);
    await model.moveTo(99_999);
    expect(model.active?.index).toBe(999);
  });

  it("finds by letters typed quickly, and walks by one letter repeated", async () => {
    const { model } = modelOf(
      treeSource(
        nodes([
          ["plan", {}],
          ["publish", {}],
          ["gather", {}],
          ["page team", {}],
        ]),
      ),
    );
    await model.open(null);
    await model.type("p", 1000);
    expect(label(model)).toBe("publish");
    await model.type("p", 1200);
    expect(label(model)).toBe("page team");
    await model.type("p", 9000);
    expect(label(model)).toBe("plan");
    await model.type("u", 9200);
    expect(label(model)).toBe("publish");
    await model.type("x", 20_000);
    expect(label(model)).toBe("publish");
  });
});
