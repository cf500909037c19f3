import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scan } from "../../../src/json/scan.ts";
import { HEAD_LIMIT, longText, textLength, textSlice } from "../../../src/view/longText.ts";

function tapeOf(json: string): ReturnType<typeof scan> {
  return scan(new TextEncoder().encode(json));
}

/** JSON text of a string with some of its characters written as escapes. */
const written = fc
  .array(
    fc.tuple(
      fc.oneof(fc.string({ unit: "grapheme", minLength: 1, maxLength: 2 }), fc.constantFrom("\\", '"', "\n", "😀", "\ud83d", "é")),
      fc.boolean(),
    ),
    { maxLength: 40 },
  )
  .map((parts) =>
    parts
      .map(([text, escaped]) => {
        const units = [...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
        return escaped || /\p{Cs}/u.test(text) ? units : JSON.stringify(text).slice(1, -1);
      })
      .join(""),
  )
  .map((inner) => `"${inner}"`);

describe("textSlice", () => {
  it("slices put together are the text, each within its length and at code points", () => {
    fc.assert(
      fc.property(written, fc.integer({ min: 1, max: 9 }), (json, length) => {
        const tape = tapeOf(json);
        const whole = JSON.parse(json) as string;
        expect(textLength(tape, 0, "string")).toBe(whole.length);
        let joined = "";
        for (let at = 0; at < whole.length;) {
          const { text, from, to } = textSlice(tape, 0, "string", at, length);
          expect(from.unit).toBe(at);
          expect(text).toBe(whole.slice(at, to.unit));
          expect(text.length).toBeLessThanOrEqual(Math.max(length, 2));
          joined += text;
          at = to.unit;
        }
        expect(joined).toBe(whole);
        expect(textSlice(tape, 0, "string", whole.length + 5, length).text).toBe("");
      }),
    );
  });

  it("counts from an earlier mark the same as from the beginning", () => {
    fc.assert(
      fc.property(written, fc.nat(30), fc.nat(30), (json, first, second) => {
        const tape = tapeOf(json);
        const mark = textSlice(tape, 0, "string", first, 3).to;
        expect(textSlice(tape, 0, "string", second, 4, mark)).toEqual(textSlice(tape, 0, "string", second, 4));
      }),
    );
  });

  it("gives JSON text as it is written", () => {
    const json = '{"a": "\\u0041é😀", "b": [1.0, -0]}';
    const tape = tapeOf(json);
    expect(textLength(tape, 0, "json")).toBe(json.length);
    expect(textSlice(tape, 0, "json", 0, 1000).text).toBe(json);
  });

  it("does not begin or end between the halves of a pair", () => {
    const tape = tapeOf('"a\\ud83d\\ude00b😀"');
    expect(textSlice(tape, 0, "string", 2, 5).text).toBe("😀b😀");
    expect(textSlice(tape, 0, "string", 0, 2).text).toBe("a");
    expect(textSlice(tape, 0, "string", 1, 1).text).toBe("😀");
    expect(textSlice(tape, 0, "string", 5, 9).text).toBe("😀");
  });

  it("survives invalid UTF-8", () => {
    const bytes = new Uint8Array([0x22, 0x61, 0xe2, 0x5c, 0x6e, 0xff, 0xf0, 0x9f, 0x22]);
    const tape = scan(bytes);
    const { text } = textSlice(tape, 0, "string", 0, 100);
    expect(text.startsWith("a\ufffd\n")).toBe(true);
    for (let at = 0; at < 10; at++) expect(textSlice(tape, 0, "string", at, 1).text.length).toBeLessThanOrEqual(2);
  });
});

describe("longText", () => {
  it.each([
    ["short text whole", "x".repeat(HEAD_LIMIT), false],
    ["the head of a long one", "x".repeat(HEAD_LIMIT + 1), true],
  ])("carries %s", (_, text, more) => {
    const long = longText(tapeOf(JSON.stringify(text)), 0, "string");
    expect(long).toEqual({ head: text.slice(0, HEAD_LIMIT), length: text.length, ref: more ? 0 : null });
  });
});
