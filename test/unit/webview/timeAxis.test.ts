import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisMark, axisTicks } from "../../../webview/timeAxis.ts";

describe("axisTicks", () => {
  it.each([
    [401_000, 6, ["0s", "2m", "4m", "6m"]],
    [9_500, 5, ["0s", "2s", "4s", "6s", "8s"]],
    [420, 5, ["0s", "100ms", "200ms", "300ms", "400ms"]],
    [95_000, 4, ["0s", "30s", "1m00", "1m30"]],
    [3 * 3_600_000, 4, ["0s", "1h", "2h"]],
    [0, 5, ["0s"]],
  ])("%s ms, at most %s", (span, most, labels) => {
    expect(axisTicks(span, most).map((tick) => tick.label)).toEqual(labels);
  });

  it("is rising, starts at 0, and stays in the axis and below the number asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5e11 }), fc.integer({ min: 1, max: 30 }), (span, most) => {
        const ticks = axisTicks(span, most);
        expect(ticks[0]?.at).toBe(0);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        ticks.forEach((tick, n) => {
          if (n > 0) expect(tick.at).toBeGreaterThan(ticks[n - 1]!.at);
          expect(tick.at).toBeLessThanOrEqual(1);
        });
        expect(new Set(ticks.map((tick) => tick.label)).size).toBe(ticks.length);
      }),
    );
  });
});

describe("axisMark", () => {
  const axis = { startMs: 1000, endMs: 2000 };
  it.each([
    ["a bar", 1250, 500, false, { kind: "bar", left: 0.25, width: 0.5, open: false }],
    ["a bar cut to the axis", 1500, 5000, false, { kind: "bar", left: 0.5, width: 0.5, open: false }],
    ["something unfinished", 1400, null, true, { kind: "bar", left: 0.4, width: 0.6, open: true }],
    ["a moment", 1100, null, false, { kind: "moment", left: 0.1 }],
    ["no length at all", 1100, 0, true, { kind: "moment", left: 0.1 }],
    ["before the axis", 0, null, false, { kind: "moment", left: 0 }],
    ["no start", null, 500, false, { kind: "none" }],
  ])("%s", (_name, start, duration, unfinished, mark) => {
    const { left, width, ...rest } = axisMark(axis, start, duration, unfinished) as Record<string, unknown>;
    const { left: wantedLeft, width: wantedWidth, ...wanted } = mark as Record<string, unknown>;
    expect(rest).toEqual(wanted);
    if (wantedLeft !== undefined) expect(left).toBeCloseTo(wantedLeft as number);
    if (wantedWidth !== undefined) expect(width).toBeCloseTo(wantedWidth as number);
  });

  it("draws nothing without an axis, and everything at its start when the axis has no length", () => {
    expect(axisMark(null, 1, 2, false)).toEqual({ kind: "none" });
    expect(axisMark({ startMs: 5, endMs: 5 }, 5, null, false)).toEqual({ kind: "moment", left: 0 });
  });
});
