import { describe, expect, it } from "vitest";
import { StageFinder } from "../../../src/view/StageFinder.ts";
import { ofTape, readTextRef, sectionsOfTape, textRef } from "../../../src/view/textRef.ts";
import { readingOf } from "./readingOf.ts";

/** A stage from its second to its second (null: it still runs), with the session of its transcript. */
const stage = (from: number | null, to: number | null, session?: string): object => ({
  id: `stage ${from}`,
  ...(from === null ? {} : { started_at: String(from) }),
  ...(to === null ? {} : { finished_at: String(to) }),
  ...(session === undefined ? {} : { transcript: { id: session } }),
});

function finderOf(...stages: readonly object[]): StageFinder {
  return new StageFinder(readingOf({ _type: "run_record", stages }).record);
}

describe("StageFinder", () => {
  const finder = finderOf(
    stage(10, 20, "s"),
    stage(20, 30, "s"),
    stage(12, 14, "inner"),
    stage(40, null, "s"),
    stage(null, null, "timeless"),
  );

  it.each<[string, number, number | null]>([
    ["within one", 11_000, 0],
    ["within two: the one that began last", 13_000, 2],
    ["behind the inner one", 15_000, 0],
    ["where one ends and the next begins", 20_000, 1],
    ["in a stage that still runs", 9_000_000, 3],
    ["a little before the first: clocks differ", 9_960, 0],
    ["a little after one", 30_050, 1],
    ["long before", 9_000, null],
    ["between stages", 35_000, null],
  ])("finds the stage by time: %s", (_, ms, index) => {
    expect(finder.at(ms)).toBe(index);
  });

  it.each<[string, string, number | null, number | null]>([
    ["of one stage", "inner", 99_000, 2],
    ["of one stage without times", "timeless", 13_000, 4],
    ["shared: the time decides", "s", 25_000, 1],
    ["shared, within the slack", "s", 30_040, 1],
    ["shared, while another session's stage went on too", "s", 13_000, 0],
    ["shared, at no time of them: the first", "s", 35_000, 0],
    ["shared, without a time: the first", "s", null, 0],
    ["that no stage names", "other", 13_000, null],
    ["without a name", "", 13_000, null],
  ])("finds the stage by a session %s", (_, session, ms, index) => {
    expect(finder.ofSession(session, ms)).toBe(index);
  });

  it("knows a stage by the session of its worker too", () => {
    const worker = { provenance: { session_id: "w" } };
    expect(finderOf(stage(1, 2), { ...stage(3, 4, "t"), metadata: { worker } }).ofSession("w", null)).toBe(1);
  });

  it("goes by session where there is one, else by time", () => {
    expect([finder.find("inner", 25_000), finder.find("other", 25_000), finder.find(null, 25_000), finder.find("other", null)]).toEqual([
      2,
      1,
      1,
      null,
    ]);
  });

  it("names stages and their rows", () => {
    const named = finderOf({ id: "a", node_id: "plan" }, { id: "b" }, {});
    expect([0, 1, 2, 3, null].map((index) => named.name(index))).toEqual(["plan", "b", "stage 3", "", ""]);
    expect([named.rowId(2), named.rowId(null)]).toEqual(["stage:2", null]);
  });

  it("finds among ten thousand stages of one session", () => {
    const many = finderOf(...Array.from({ length: 10_000 }, (_, at) => stage(at, at + 1, "s")));
    expect(many.ofSession("s", 9_999_500)).toBe(9999);
    expect(many.ofSession("s", 500)).toBe(0);
    for (let ms = 0; ms < 10_000_000; ms += 1000) expect(many.ofSession("s", ms + 500)).toBe(ms / 1000);
  });
});

describe("references to texts of several tapes", () => {
  it.each([
    [0, 0],
    [0, 2 ** 32 - 1],
    [3, 17],
    [1000, 2 ** 31],
  ])("names node %d/%d", (tape, node) => {
    expect(readTextRef(textRef(tape, node))).toEqual({ tape, node });
    expect(Number.isSafeInteger(textRef(tape, node))).toBe(true);
  });

  it("moves texts that have more to a tape, and leaves all others", () => {
    const more = { head: "a", length: 9, ref: 5 };
    const whole = { head: "a", length: 1, ref: null };
    expect([ofTape(more, 0), ofTape(more, 2).ref, ofTape(whole, 2)]).toEqual([more, textRef(2, 5), whole]);
    const fields = { kind: "fields" as const, title: "f", fields: [] };
    const sections = sectionsOfTape([fields, { kind: "text", title: "t", text: more, format: "plain" }], 1);
    expect(sections).toEqual([fields, { kind: "text", title: "t", text: { ...more, ref: textRef(1, 5) }, format: "plain" }]);
  });
});
