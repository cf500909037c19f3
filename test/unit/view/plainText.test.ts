import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText, oneLine, visibleText } from "../../../src/view/plainText.ts";

describe("visibleText", () => {
  it.each([
    ["a right-to-left override", "invoice\u202egpj.exe", "invoice\\u202egpj.exe"],
    ["a zero-width space", "a\u200bb", "a\\u200bb"],
    ["an isolate", "\u2066x\u2069", "\\u2066x\\u2069"],
    ["a bell", "\u0007", "\\u0007"],
    ["NUL", "a\0b", "a\\u0000b"],
    ["a byte order mark", "\ufeffx", "\\ufeffx"],
    ["tabs and line ends, which stay", "a\tb\nc\rd", "a\tb\nc\rd"],
    ["right-to-left letters, which stay", "שלום", "שלום"],
    ["emoji with a joiner, which stay", "👩‍🚀", "👩‍🚀"],
  ])("%s", (_, text, visible) => {
    expect(visibleText(text)).toBe(visible);
  });
});

describe("oneLine", () => {
  it("closes up blanks and cuts with an ellipsis", () => {
    expect(oneLine("  one\r\n\ttwo   three  ", 100)).toBe("one two three");
    expect(oneLine("abcdef", 4)).toBe("abc…");
  });
  it("never splits a pair and never exceeds the limit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-composite", maxLength: 60 }), fc.integer({ min: 2, max: 40 }), (text, max) => {
        const cut = cutText(text, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(/\p{Cs}/u.test(cut)).toBe(false);
      }),
    );
  });
  it("looks at the beginning of a megabyte only", () => {
    expect(oneLine("x".repeat(1_000_000), 20)).toBe("x".repeat(19) + "…");
  });
});
