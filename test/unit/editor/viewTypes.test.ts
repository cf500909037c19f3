import { describe, expect, it } from "vitest";
import { isRecordUri, viewTypeFor, viewTypes } from "../../../src/editor/viewTypes.ts";

describe("isRecordUri", () => {
  it.each([
    ["/w/.harn-runs/a.json", true],
    ["/w/.harn-runs/deep/er/a.json", true],
    ["/w/a.run.json", true],
    ["/w/a.json", false],
    ["/w/.harn-runs/a.jsonl", false],
    ["/w/.harn-runs.json", false],
    ["/w/x.harn-runs/a.json", false],
    ["/w/.harn-runs/a.json.before.txt", false],
  ])("%s: %s", (path, expected) => {
    expect(isRecordUri({ path })).toBe(expected);
    expect(viewTypeFor({ path })).toBe(expected ? viewTypes.editor : viewTypes.option);
  });
});
