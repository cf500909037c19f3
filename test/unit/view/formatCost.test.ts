import { expect, it } from "vitest";
import { formatCost } from "../../../src/view/formatCost.ts";

it.each([
  [0, false, "$0.00"],
  [0.07, false, "$0.07"],
  [0.0039, false, "$0.0039"],
  [0.003872999, false, "$0.0039"],
  [0.004, false, "$0.004"],
  [0.00994, false, "$0.0099"],
  [0.00996, false, "$0.01"],
  [0.000001, false, "< $0.00001"],
  [0.82, true, "≥ $0.82"],
  [1234567.891, false, "$1,234,567.89"],
  [-0.5, false, "−$0.50"],
  [Number.NaN, false, "–"],
])("%s (at least: %s) reads as %s", (usd, atLeast, text) => {
  expect(formatCost(usd, atLeast)).toBe(text);
});
