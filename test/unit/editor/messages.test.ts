import { describe, expect, it } from "vitest";
import { megabytes, shortened } from "../../../src/editor/messages.ts";

describe("shortened", () => {
  it.each([
    ["plain text", "plain text"],
    ["a\nb\u0000c\u001b[31m", "a□b□c□[31m"],
    ["gpj.\u202eexe\u2066", "gpj.□exe□"],
    ["wort\u2028zeile", "wort□zeile"],
  ])("shows no character that steers: %j", (text, shown) => {
    expect(shortened(text)).toBe(shown);
  });

  it("cuts a megabyte without a space", () => {
    const cut = shortened("x".repeat(1_000_000));
    expect(cut.length).toBe(200);
    expect(cut.endsWith("…")).toBe(true);
  });
});

describe("megabytes", () => {
  it.each([
    [0, 0],
    [1, 1],
    [50 * 1024 * 1024, 50],
    [50 * 1024 * 1024 + 1, 51],
  ])("rounds %d bytes up to %d", (bytes, expected) => {
    expect(megabytes(bytes)).toBe(expected);
  });
});
