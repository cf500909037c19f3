import { describe, expect, it } from "vitest";
import { openedView } from "../../../src/view/openedView.ts";
import { RunTree } from "../../../src/view/RunTree.ts";
import { readingOf } from "./readingOf.ts";

function opened(text: string): ReturnType<typeof openedView> {
  const reading = readingOf(text);
  return openedView(reading, new RunTree(reading), { fileName: "x.json", revision: 1 });
}

describe("openedView", () => {
  it("of a record has a header, may be saved, and says nothing else", () => {
    expect(opened('{"_type":"run_record","id":"r","stages":[{"id":5}]}')).toMatchObject({
      state: "record",
      notice: null,
      breakOffset: null,
      editable: true,
      problemCount: 1,
      worstProblem: "error",
      header: { runId: "r" },
    });
  });

  it("of a broken record says where it breaks and keeps what stands before", () => {
    const text = '{"_type":"run_record","id":"r",\n "stages":[{"id":"a"},\n ?';
    expect(opened(text)).toMatchObject({
      state: "broken",
      notice: "The text breaks at line 3, column 2: expected value. What stands before is shown; open it as text to repair it.",
      breakOffset: text.indexOf("?"),
      editable: false,
      header: { runId: "r", counts: { stage: 1 } },
    });
  });

  it.each([
    ["nothing", "", "This file is empty."],
    ["blanks", " \n ", "This file holds nothing but blanks."],
    ["no JSON", "hello", "This file is not JSON (expected value at line 1, column 1). Open it as text to see what it holds."],
    ["a list", "[1]", "This is JSON, but no run record: it holds a list. Open it as text to see what it holds."],
    ["a number", "7", "This is JSON, but no run record: it holds a single value. Open it as text to see what it holds."],
    ["a fixture", '{"_type":"replay_fixture"}', "This is a replay fixture, not a run record. Open it as text to see what it holds."],
    [
      "a flight recording",
      '{"format":"harn.flight.v1+json"}',
      "This is a flight recording, not a run record. Open it as text to see what it holds.",
    ],
    [
      "another type",
      '{"_type":"<b>\\u202e"}',
      "This is JSON of the type “<b>\\u202e”, not a run record. Open it as text to see what it holds.",
    ],
    ["another object", '{"a":1}', "This is JSON, but it has none of the fields of a run record. Open it as text to see what it holds."],
  ])("says what %s is", (_, text, notice) => {
    expect(opened(text)).toMatchObject({ notice, header: null, editable: false });
  });
});
