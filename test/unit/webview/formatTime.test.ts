import { describe, expect, it } from "vitest";
import type { TimeView } from "../../../src/view/types.ts";
import { formatTimeNear, timeHint } from "../../../webview/formatTime.ts";

/** A time of the local zone, whichever that is where the test runs. */
function local(year: number, month: number, day: number, hour: number): TimeView {
  return { text: "as stored", epochMs: new Date(year, month, day, hour, 8, 20).getTime() };
}

const dayOf = new Date(2026, 4, 12, 9).getTime();

describe("formatTimeNear", () => {
  it("writes a time of the day as a clock with 24 hours", () => {
    expect(formatTimeNear(local(2026, 4, 12, 14), dayOf)).toMatch(/^14.08.20$/);
    expect(formatTimeNear(local(2026, 4, 12, 0), dayOf)).toMatch(/^00.08.20$/);
  });

  it("adds the day of another one, and the year of another one, and leaves the seconds out", () => {
    const sameYear = formatTimeNear(local(2026, 10, 3, 14), dayOf);
    expect(sameYear).toMatch(/14.08/);
    expect(sameYear).not.toMatch(/2026|08.20/);
    expect(formatTimeNear(local(2025, 10, 3, 14), dayOf)).toMatch(/2025.*14.08/);
  });

  it("leaves a text that is no time as it is", () => {
    expect(formatTimeNear({ text: "last Tuesday", epochMs: null }, dayOf)).toBe("last Tuesday");
    expect(formatTimeNear({ text: "far away", epochMs: 1e300 }, dayOf)).toBe("far away");
  });
});

describe("timeHint", () => {
  it("says the whole time, in UTC too, and what is stored", () => {
    const time = local(2026, 4, 12, 14);
    expect(timeHint(time)).toMatch(/14.08.20 · /);
    expect(timeHint(time)).toContain(new Date(time.epochMs ?? 0).toISOString().slice(11, 23));
    expect(timeHint(time)).toContain("UTC · stored as as stored");
  });
});
