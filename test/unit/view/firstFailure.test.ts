import { describe, expect, it } from "vitest";
import { firstFailure } from "../../../src/view/firstFailure.ts";
import { treeOf } from "./readingOf.ts";

const done = { node_id: "plan", status: "completed", outcome: "success" };
const failure = (stages: readonly unknown[], status = "failed"): ReturnType<typeof firstFailure> =>
  firstFailure(treeOf({ status, stages }));

describe("the first failure of a run", () => {
  it("is none where no stage failed", () => {
    expect(failure([])).toBeNull();
    expect(failure([done, { node_id: "b", status: "running", outcome: "" }])).toBeNull();
  });

  it("is the first stage that failed, and the others are counted", () => {
    const stages = [
      done,
      { node_id: "check", status: "failed", outcome: "error" },
      { node_id: "again", status: "completed", outcome: "verification_failed" },
    ];
    expect(failure(stages)).toEqual({ rowId: "stage:1", stage: "check", error: "error", more: 1, runFailed: true });
    expect(failure(stages, "completed")?.runFailed).toBe(false);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["the stage's own text", { metadata: { error: "gateway\n504" }, attempts: [{ error: "other" }] }, "gateway 504"],
    ["its last attempt's", { attempts: [{ error: "first" }, { error: "second" }] }, "second"],
    [
      "a check that did not hold",
      { verification: { checks: [{ ok: true }, { ok: false, kind: "expect_status" }] } },
      "1 of 2 checks failed: expect_status",
    ],
    [
      "a check's own words before its kind",
      { verification: { checks: [{ ok: false, kind: "k", message: "not there" }] } },
      "1 of 1 check failed: not there",
    ],
    ["its outcome where nothing else is told", { verification: { checks: "none" } }, "boom"],
    ["its outcome where checks are of other types", { verification: { checks: [7, null] } }, "boom"],
  ])("is told by %s", (_, fields, error) => {
    expect(failure([{ node_id: "a", status: "failed", outcome: "boom", ...fields }])?.error).toBe(error);
  });

  it("cuts an error of megabytes", () => {
    expect(failure([{ node_id: "a", status: "failed", attempts: [{ error: "x".repeat(1 << 20) }] }])?.error.length).toBeLessThan(300);
  });
});
