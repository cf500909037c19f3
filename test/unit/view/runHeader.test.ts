import { describe, expect, it } from "vitest";
import { runHeader } from "../../../src/view/runHeader.ts";
import { treeOf } from "./readingOf.ts";

const header = (record: Record<string, unknown>): ReturnType<typeof runHeader> => runHeader(treeOf(record));

describe("runHeader", () => {
  it.each([
    ["the workflow's name", { workflow_name: "Notes", workflow_id: "w", id: "r" }, "Notes"],
    ["else its id", { workflow_name: "", workflow_id: "w", id: "r" }, "w"],
    ["else the run's", { id: "r" }, "r"],
    ["else says so", {}, "Run without a name"],
  ])("is titled by %s", (_, record, title) => {
    expect(header(record).title).toBe(title);
  });

  it.each([
    ["the older total", { total_cost: 0.27 }, { usd: 0.27, atLeast: false }],
    [
      "the exact cost of a later shape",
      { total_cost: 1, known_cost_usd: 1, cost_usd: 0.5, unpriced_calls: 0 },
      { usd: 0.5, atLeast: false },
    ],
    ["at least what is known", { total_cost: 1, known_cost_usd: 0.9, cost_usd: null, unpriced_calls: 0 }, { usd: 0.9, atLeast: true }],
    [
      "at least what is known when calls have no price",
      { total_cost: 1, known_cost_usd: 0.9, cost_usd: 0.9, unpriced_calls: 2 },
      { usd: 0.9, atLeast: true },
    ],
    ["at least the total when only that is told", { total_cost: 1, unpriced_calls: 1 }, { usd: 1, atLeast: true }],
    ["the older total when later fields are of other types", { total_cost: 2, cost_usd: "[redacted]" }, { usd: 2, atLeast: false }],
  ])("costs %s", (_, usage, cost) => {
    expect(header({ usage }).cost).toEqual(cost);
  });

  it("adds up the stages while the run has no usage of its own", () => {
    const usage = { input_tokens: 10, output_tokens: 2, call_count: 1, total_cost: 0.5 };
    expect(header({ usage: null, stages: [{ usage }, {}, { usage }] })).toMatchObject({
      tokensIn: 20,
      tokensOut: 4,
      modelCalls: 2,
      cost: { usd: 1, atLeast: true },
    });
    expect(header({ stages: [{}] })).toMatchObject({ tokensIn: null, tokensOut: null, modelCalls: null, cost: null });
  });

  it("tells times in their own text", () => {
    expect(header({ started_at: "1795359538", finished_at: "1795359540.5" })).toMatchObject({
      started: { text: "1795359538", epochMs: 1795359538000 },
      durationMs: 2500,
    });
    expect(header({ started_at: "soon" })).toMatchObject({ started: { text: "soon", epochMs: null }, finished: null, durationMs: null });
  });

  it("says when there is no status", () => {
    expect(header({}).status).toEqual({ text: "no status", tone: "neutral" });
  });
});
