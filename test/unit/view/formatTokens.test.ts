import { expect, it } from "vitest";
import { formatTokens } from "../../../src/view/formatTokens.ts";

it.each([
  [0, "0"],
  [812, "812"],
  [1000, "1.0k"],
  [12_100, "12.1k"],
  [128_400, "128.4k"],
  [999_950, "1.0M"],
  [1_290_000, "1.3M"],
  [2e9, "2.0G"],
  [5e15, "5000T"],
  [-1200, "−1.2k"],
  [Number.POSITIVE_INFINITY, "–"],
])("%s tokens read as %s", (count, text) => {
  expect(formatTokens(count)).toBe(text);
});
