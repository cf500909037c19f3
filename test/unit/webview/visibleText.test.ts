import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, plainText, textPieces, wholeLength } from "../../../webview/visibleText.ts";

describe("hidden characters", () => {
  it.each([
    ["right-to-left override", "gpj\u202Eexe", "gpj‹U+202E›exe"],
    ["isolates", "\u2066a\u2069", "‹U+2066›a‹U+2069›"],
    ["zero-width space", "ad\u200Bmin", "ad‹U+200B›min"],
    ["byte order mark", "\uFEFFx", "‹U+FEFF›x"],
    ["escape", "\u001B[31m", "‹U+001B›[31m"],
    ["NUL", "a\u0000b", "a‹U+0000›b"],
    ["tag characters", "x\u{E0041}\u{E0042}", "x‹U+E0041›‹U+E0042›"],
    ["a joiner on its own", "a \u200Db", "a ‹U+200D›b"],
  ])("%s", (_name, text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  it.each([
    ["plain text", "verify-fix 100 %"],
    ["line feeds and tabs", "a\n\tb"],
    ["other scripts", "مرحبا שלום नमस्ते 你好"],
    ["joined pictures", "👩‍💻 🏳️‍🌈"],
    ["joiners inside words", "می‌خواهم"],
  ])("leaves %s alone", (_name, text) => {
    expect(textPieces(text).every((piece) => !piece.mark)).toBe(true);
    expect(plainText(text)).toBe(text);
  });

  it("never lets a direction mark through", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            "a",
            "\u202A",
            "\u202B",
            "\u202C",
            "\u202D",
            "\u202E",
            "\u2066",
            "\u2067",
            "\u2068",
            "\u2069",
            "\u200F",
            "\u0000",
            "é",
            "😀",
          ),
        }),
        (text) => {
          expect(plainText(text)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200f\u0000]/);
        },
      ),
    );
  });
});

describe("cutting", () => {
  it("keeps short text and marks cut text", () => {
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("abcd", 3)).toBe("abc…");
  });

  it("never splits a surrogate pair", () => {
    expect(cut("a😀b", 2)).toBe("a…");
    expect(wholeLength("a😀b", 3)).toBe(3);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(20), (text, most) => {
        expect(cut(text, most)).not.toMatch(/\p{Surrogate}/u);
      }),
    );
  });
});
