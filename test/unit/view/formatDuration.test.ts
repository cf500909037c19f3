import { expect, it } from "vitest";
import { formatDuration } from "../../../src/view/formatDuration.ts";

it.each([
  [0, "0 ms"],
  [0.4, "< 1 ms"],
  [12, "12 ms"],
  [999.4, "999 ms"],
  [999.6, "1 s"],
  [6200, "6.2 s"],
  [9960, "10 s"],
  [41_000, "41 s"],
  [59_600, "1m 00s"],
  [401_000, "6m 41s"],
  [3_599_700, "1h 00m"],
  [7_500_000, "2h 05m"],
  [86_399_000, "1d 0h"],
  [273_600_000, "3d 4h"],
  [-41_000, "−41 s"],
  [Number.NaN, "–"],
])("%s ms read as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
