import { describe, expect, it } from "vitest";
import type { RowWindow, TreeRow } from "../../../src/view/types.ts";
import type { Reply } from "../../../webview/HostLink.ts";
import { RowStore } from "../../../webview/RowStore.ts";
import { BLOCK } from "../../../webview/WindowStore.ts";

function row(id: string): TreeRow {
  return {
    id,
    kind: "stage",
    level: 1,
    posInSet: 1,
    setSize: 1,
    expandable: false,
    expanded: false,
    label: id,
    note: "",
    status: null,
    startMs: null,
    durationMs: null,
    tokens: null,
    cost: null,
    problems: 0,
  };
}

/** A store whose answers come when the test says so. */
function store(total: number) {
  const asked: { start: number; answer: (reply: Reply<RowWindow>) => void }[] = [];
  let changes = 0;
  const rows = new RowStore(
    (start) => new Promise((answer) => asked.push({ start, answer })),
    () => (changes += 1),
  );
  const give = async (start: number, name = "row", size = total): Promise<void> => {
    const at = asked.findIndex((each) => each.start === start);
    const [one] = asked.splice(at, 1);
    const count = Math.min(BLOCK, size - start);
    one?.answer({
      kind: "value",
      value: { start, total: size, axis: null, rows: Array.from({ length: count }, (_, n) => row(`${name}:${start + n}`)) },
    });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { rows, asked, give, changes: () => changes };
}

describe("RowStore", () => {
  it("asks for the blocks in sight, once, at most two at a time", async () => {
    const { rows, asked, give } = store(1000);
    rows.want(0, 350);
    expect(asked.map((each) => each.start)).toEqual([0]);
    await give(0);
    rows.want(0, 350);
    expect(asked.map((each) => each.start)).toEqual([100, 200]);
    rows.want(0, 350);
    expect(asked).toHaveLength(2);
    await give(100);
    expect(asked.map((each) => each.start)).toEqual([200, 300]);
    expect(rows.rowAt(150)?.id).toBe("row:150");
    expect(rows.rowAt(250)).toBeNull();
    expect(rows.total).toBe(1000);
  });

  it("asks for what is in sight now, not for what was passed by", async () => {
    const { rows, asked, give } = store(100_000);
    rows.want(0, 1);
    await give(0);
    rows.want(10_000, 10_050);
    rows.want(20_000, 20_050);
    rows.want(90_000, 90_050);
    expect(asked.map((each) => each.start)).toEqual([10_000, 20_000]);
    await give(10_000);
    expect(asked.map((each) => each.start)).toEqual([20_000, 90_000]);
  });

  it("hands out moved rows until the new ones are there, and drops answers from before", async () => {
    const { rows, asked, give } = store(300);
    rows.want(0, 50);
    await give(0);
    void rows.load(150);
    rows.invalidate(302);
    await give(100, "stale");
    expect(rows.rowAt(150)).toBeNull();
    expect(rows.rowAt(3)?.id).toBe("row:3");
    expect(rows.settledRowAt(3)).toBeNull();
    rows.want(0, 50);
    expect(asked.map((each) => each.start)).toEqual([0]);
    await give(0, "new", 302);
    expect(rows.rowAt(3)?.id).toBe("new:3");
  });

  it("forgets everything on reset", async () => {
    const { rows, give } = store(10);
    rows.want(0, 10);
    await give(0);
    rows.reset();
    expect(rows.rowAt(0)).toBeNull();
    expect(rows.total).toBe(0);
  });

  it("does not ask again and again for a window that failed", async () => {
    const { rows, asked, changes } = store(10);
    rows.want(0, 10);
    asked.shift()?.answer({ kind: "error", error: { message: "no" } });
    await Promise.resolve();
    await Promise.resolve();
    rows.want(0, 10);
    expect(asked).toEqual([]);
    expect(changes()).toBe(1);
  });

  it("keeps a bounded number of rows, those in sight among them", async () => {
    const { rows, asked, give } = store(10_000);
    for (let start = 0; start < 10_000; start += BLOCK) {
      rows.want(start, start + BLOCK);
      if (asked.length > 0) await give(start);
    }
    expect(rows.rowAt(9_950)?.id).toBe("row:9950");
    expect(rows.rowAt(0)).toBeNull();
  });
});
