import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commonIndent, dropIndent, highlightJson } from "../../../webview/highlightJson.ts";

function kinds(slice: string): string[] {
  return highlightJson(slice)
    .tokens.filter((token) => token.kind !== "plain")
    .map((token) => `${token.kind} ${token.text}`);
}

describe("highlightJson", () => {
  it.each([
    ['{"a": -1.5e3}', ['name "a"', "number -1.5e3"]],
    ['["x", true, null]', ['string "x"', "word true", "word null"]],
    ['{"a\\"b" : "c\\\\"}', ['name "a\\"b"', 'string "c\\\\"']],
    ['{"a": "cut of', ['name "a"', 'string "cut of']],
    ["", []],
  ])("%s", (slice, tokens) => {
    expect(kinds(slice)).toEqual(tokens);
  });

  it("goes on inside a string that was cut", () => {
    const first = highlightJson('{"a": "one ');
    expect(first.state).toBe("inString");
    const second = highlightJson('two", "b": 1}', first.state);
    expect(second.tokens.map((token) => token.kind)).toEqual(["string", "plain", "name", "plain", "number", "plain"]);
    expect(second.state).toBe("outside");
  });

  it("loses and adds nothing, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string(), fc.string({ unit: fc.constantFrom('"', "\\", "{", ":", "1", "t", " ") })),
        fc.boolean(),
        (text, inside) => {
          const { tokens } = highlightJson(text, inside ? "inString" : "outside");
          expect(tokens.map((token) => token.text).join("")).toBe(text);
          expect(tokens.every((token) => token.text !== "")).toBe(true);
        },
      ),
    );
  });
});

describe("the indent a value has in its file", () => {
  const nested = '{\n      "a": [\n        1\n      ]\n    }';
  it("is taken off a whole value", () => {
    expect(commonIndent(nested, true)).toBe(4);
    expect(dropIndent(nested, 4)).toBe('{\n  "a": [\n    1\n  ]\n}');
  });

  it("is one step less than the shallowest line of a value that was cut", () => {
    expect(commonIndent('{\n      "a": [\n        1', false)).toBe(4);
  });

  it("is nothing on one line", () => {
    expect(commonIndent('{"a": 1}', true)).toBe(0);
  });
});
