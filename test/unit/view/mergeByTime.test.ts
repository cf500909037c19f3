import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeByTime } from "../../../src/view/mergeByTime.ts";

/** `a5` is a thing at 5, `a-` one without a time. */
const timeOf = (item: string): number | null => (item.endsWith("-") ? null : Number(item.slice(1)));

describe("mergeByTime", () => {
  it.each<[string, string[][], string]>([
    ["nothing", [[], []], ""],
    ["one list in order", [["a1", "a-", "a2"]], "a1 a- a2"],
    ["one list out of order: what follows goes along", [["a3", "a-", "a2"]], "a2 a3 a-"],
    ["several", [["a1", "a4"], ["b2", "b3", "b5"], []], "a1 b2 b3 a4 b5"],
    ["the same time: earlier lists first", [["a1"], ["b1"], ["c0", "c1"]], "c0 a1 b1 c1"],
    [
      "without a time: behind what was before, else at the beginning",
      [
        ["a1", "a-"],
        ["b-", "b0", "b-"],
      ],
      "b- b0 b- a1 a-",
    ],
  ])("orders %s", (_, lists, merged) => {
    expect(mergeByTime(lists, timeOf).join(" ")).toBe(merged);
  });

  it("gives for one list what it gives for that list beside empty ones, and never the list itself", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(9), { nil: null })), (times) => {
        const list = times.map((ms, at) => ({ at, ms }));
        const merged = mergeByTime([list], ({ ms }) => ms);
        expect(merged).not.toBe(list);
        // Each with those that follow it without a time, ordered as wholes.
        const blocks: (typeof list)[] = [[]];
        for (const item of list) {
          if (item.ms !== null) blocks.push([]);
          blocks.at(-1)?.push(item);
        }
        const [begin = [], ...timed] = blocks;
        expect(merged).toEqual([...begin, ...timed.sort((a, b) => (a[0]?.ms ?? 0) - (b[0]?.ms ?? 0)).flat()]);
        expect(mergeByTime([[], list, []], ({ ms }) => ms)).toEqual(merged);
      }),
    );
  });
});
