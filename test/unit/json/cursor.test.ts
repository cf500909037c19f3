import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  childCount,
  elements,
  findMember,
  firstElement,
  firstKey,
  hasLoneSurrogate,
  isIntegerLiteral,
  loneSurrogateAt,
  members,
  nextElement,
  nextKey,
  nodeAt,
  numberText,
  pathOf,
  resolvePath,
  sliceBytes,
  sliceText,
  stringEquals,
  stringText,
  valueOf,
} from "../../../src/json/cursor.ts";
import { scan } from "../../../src/json/scan.ts";
import { NO_NODE } from "../../../src/json/Tape.ts";
import { anyString, scanText } from "./support.ts";

const SAMPLE = scanText('{"a": [1, {"b": [true, null]}, "x"], "empty": {}, "none": [], "a": 2, "\\u0062": false, "é": "ü"}');

describe("walking", () => {
  it("gives elements and members in order, repeated keys included", () => {
    const list = valueOf(firstKey(SAMPLE, 0));
    expect([...elements(SAMPLE, list)].map((node) => sliceText(SAMPLE, node))).toEqual(["1", '{"b": [true, null]}', '"x"']);
    expect([...members(SAMPLE, 0)].map(([key, value]) => `${stringText(SAMPLE, key)}=${SAMPLE.kind(value)}`)).toEqual([
      "a=array",
      "empty=object",
      "none=array",
      "a=number",
      "b=false",
      "é=string",
    ]);
    expect(childCount(SAMPLE, 0)).toBe(6);
    expect(childCount(SAMPLE, list)).toBe(3);
  });

  it("finds nothing in what is empty or of another kind", () => {
    const object = findMember(SAMPLE, 0, "empty");
    const array = findMember(SAMPLE, 0, "none");
    expect([firstKey(SAMPLE, object), firstElement(SAMPLE, array), childCount(SAMPLE, object), childCount(SAMPLE, array)]).toEqual([
      NO_NODE,
      NO_NODE,
      0,
      0,
    ]);
    expect([firstKey(SAMPLE, array), firstElement(SAMPLE, 0), findMember(SAMPLE, array, "a")]).toEqual([NO_NODE, NO_NODE, NO_NODE]);
    const number = findMember(SAMPLE, 0, "a");
    expect([firstKey(SAMPLE, number), firstElement(SAMPLE, number), childCount(SAMPLE, number)]).toEqual([NO_NODE, NO_NODE, 0]);
  });

  it("ends at the last sibling", () => {
    const list = valueOf(firstKey(SAMPLE, 0));
    const last = [...elements(SAMPLE, list)].at(-1) ?? NO_NODE;
    expect(nextElement(SAMPLE, list, last)).toBe(NO_NODE);
    const key = [...members(SAMPLE, 0)].at(-1)?.[0] ?? NO_NODE;
    expect(nextKey(SAMPLE, 0, key)).toBe(NO_NODE);
  });

  it("finds the last member of a name, by its unescaped text", () => {
    expect(numberText(SAMPLE, findMember(SAMPLE, 0, "a"))).toBe("2");
    expect(SAMPLE.kind(findMember(SAMPLE, 0, "b"))).toBe("false");
    expect(stringText(SAMPLE, findMember(SAMPLE, 0, "é"))).toBe("ü");
    expect(findMember(SAMPLE, 0, "A")).toBe(NO_NODE);
    expect(findMember(SAMPLE, 0, "")).toBe(NO_NODE);
  });
});

describe("paths", () => {
  it.each([
    ["true", ["a", 1, "b", 0]],
    ['"b": [', ["a", 1, "b"]],
    ["[true", ["a", 1, "b"]],
    ["1,", ["a", 0]],
    ['"empty"', ["empty"]],
    ['"a": 2', ["a"]],
    ["\\u0062", ["b"]],
  ])("of the node at %j", (text, path) => {
    const offset = sliceText(SAMPLE, 0).indexOf(text);
    expect(pathOf(SAMPLE, nodeAt(SAMPLE, offset))).toEqual(path);
  });

  it("resolve to nothing where there is nothing", () => {
    for (const path of [["x"], ["a", 0], ["none", 0], ["empty", "x"], [0], ["b", "c"]]) expect(resolvePath(SAMPLE, path)).toBe(NO_NODE);
    expect(resolvePath(SAMPLE, [])).toBe(0);
    expect(resolvePath(scanText(""), [])).toBe(NO_NODE);
    expect(resolvePath(scanText("[1]"), [-1])).toBe(NO_NODE);
    expect(resolvePath(scanText("[1]"), [1])).toBe(NO_NODE);
    expect(resolvePath(scanText("[1]"), [0])).toBe(1);
  });

  it("are those of what is left of a broken text", () => {
    const tape = scanText('{"a": [1, {"b": 2, "c');
    expect(pathOf(tape, tape.nodeCount - 1)).toEqual(["a", 1, "b"]);
  });
});

describe("strings", () => {
  it.each([
    ['""', ""],
    ['"plain"', "plain"],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"\\u00e9\\u00E9é"', "ééé"],
    ['"\\ud83d\\ude00😀"', "😀😀"],
    ['"\\ud800"', "\ud800"],
    ['"a\\udc00b"', "a\udc00b"],
    ['"\\\\u0041"', "\\u0041"],
    ['"\ufeffx"', "\ufeffx"],
    ['"\u2028\u007f"', "\u2028\u007f"],
    [`"${"long and plain ".repeat(20)}"`, "long and plain ".repeat(20)],
    [`"${"ünd läng ".repeat(20)}\\n"`, `${"ünd läng ".repeat(20)}\n`],
  ])("%s", (text, value) => {
    const tape = scanText(text);
    expect(stringText(tape, 0)).toBe(value);
    expect(stringEquals(tape, 0, value)).toBe(true);
    expect(stringEquals(tape, 0, `${value}x`)).toBe(false);
    expect(stringEquals(tape, 0, value.slice(1))).toBe(value.length === 0);
  });

  it("compare as their texts do", () => {
    fc.assert(
      fc.property(anyString, anyString, fc.boolean(), (a, b, same) => {
        const tape = scanText(JSON.stringify(a));
        const other = same ? a : b;
        expect(stringEquals(tape, 0, other)).toBe(a === other);
        expect(stringText(tape, 0)).toBe(a);
      }),
    );
  });

  it("decode each invalid sequence to U+FFFD as the platform does", () => {
    const bytes = new Uint8Array([0x22, 0x61, 0xf0, 0x9f, 0x98, 0x62, 0xff, 0x22]);
    expect(stringText(scan(bytes), 0)).toBe("a\ufffdb\ufffd");
  });

  it.each([
    ['"\\ud83d\\ude00"', -1],
    ['"\\uD83D\\uDE00"', -1],
    ['"\\ud800"', 1],
    ['"ab\\udc00"', 3],
    ['"\\ud83d\\ude00\\ude00"', 13],
    ['"\\ud800\\ud800\\udc00"', 1],
    ['"\\ud800\\n"', 1],
    ['"\\ud800\\u0041"', 1],
    ['"\\\\ud800"', -1],
    ['"\\n\\\\\\ud8ff"', 5],
    ['"\\ud7ff\\ue000\\u0d80\\u00d8"', -1],
  ])("%s: first lone surrogate escape at %i", (text, at) => {
    expect(loneSurrogateAt(scanText(text), 0)).toBe(at);
    expect(hasLoneSurrogate(scanText(text), 0)).toBe(at !== -1);
  });
});

describe("numbers", () => {
  it.each([
    ["0", true],
    ["-1", true],
    ["18446744073709551616", true],
    ["-0", false],
    ["0.0", false],
    ["1e2", false],
    ["1E2", false],
    ["-10", true],
    ["-0.0", false],
  ])("%s is an integer literal: %s", (text, expected) => {
    expect(isIntegerLiteral(scanText(text), 0)).toBe(expected);
  });
});

describe("slices", () => {
  it("are views of the text", () => {
    const node = findMember(SAMPLE, 0, "é");
    expect(sliceText(SAMPLE, node)).toBe('"ü"');
    expect(sliceBytes(SAMPLE, node).buffer).toBe(SAMPLE.bytes.buffer);
    expect(sliceBytes(SAMPLE, node).length).toBe(4);
  });
});
