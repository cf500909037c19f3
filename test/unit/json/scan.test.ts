import { describe, expect, it } from "vitest";
import { sliceText, stringText } from "../../../src/json/cursor.ts";
import { scan } from "../../../src/json/scan.ts";
import { parsed, scanText, utf8 } from "./support.ts";

/** Texts every strict reader accepts. */
const ACCEPTED = [
  "[]",
  "{}",
  "[ ]",
  "{ }",
  "[[]]",
  "[{}]",
  '{"a":{}}',
  '{"a":[]}',
  "[[],[[]]]",
  "null",
  "true",
  "false",
  "0",
  "-0",
  "1",
  "-1",
  '""',
  '"a"',
  " 1",
  "1 ",
  "\t[\r\n]\n",
  "[1]",
  "[1,2]",
  "[1 , 2]",
  "[1\n,\n2]",
  '[null,1,"2",{}]',
  "[true,false,null]",
  "[1,null,null,null,2]",
  "[0]",
  "[-0]",
  "[0.0]",
  "[-0.0]",
  "[0.5]",
  "[10]",
  "[1.5]",
  "[-1.5]",
  "[123.456789]",
  "[1e1]",
  "[1E1]",
  "[1e+1]",
  "[1E+1]",
  "[1e-1]",
  "[1E-1]",
  "[1.5e10]",
  "[0e0]",
  "[0e+1]",
  "[0E-0]",
  "[1e0001]",
  "[-1e5]",
  "[20e1]",
  "[1.0e-2]",
  "[0.000000000000000000000000000001]",
  "[1e400]",
  "[-1e400]",
  "[1e-400]",
  "[123123e100000]",
  "[18446744073709551615]",
  "[18446744073709551616]",
  "[-9223372036854775808]",
  "[-9223372036854775809]",
  "[100000000000000000000000000000000000000000]",
  "[0.4e006699999999999999999999999999999999999999999999]",
  '["a b"]',
  '["\\""]',
  '["\\\\"]',
  '["\\/"]',
  '["/"]',
  '["\\b\\f\\n\\r\\t"]',
  '["\\u0041"]',
  '["\\u00e9\\u00E9"]',
  '["\\u0000"]',
  '["\\u001f"]',
  '["\\ud83d\\ude00"]',
  '["\\uD83D\\uDE00"]',
  '["\\ud800"]',
  '["\\udc00"]',
  '["\\ud800\\ud800"]',
  '["\\ud800a"]',
  '["\\ud800\\n"]',
  '["\\uDBFF\\uDFFF"]',
  '["\\uFFFE\\uFFFF"]',
  '["\\u2028\\u2029"]',
  '["\u2028\u2029"]',
  '["\u007f"]',
  '["\u0080"]',
  '["é"]',
  '["€"]',
  '["😀"]',
  '["\u{10ffff}"]',
  '["\ufeff"]',
  '["\ufffe\uffff"]',
  '["\\\\u0041"]',
  '["\\\\\\""]',
  '["a/*b*/c"]',
  '["[{]}"]',
  '["new\\nline"]',
  '["\'"]',
  '{"a":1}',
  '{ "a" : 1 }',
  '{"a":1,"b":2}',
  '{"a":1,"a":2}',
  '{"a":1,"a":1}',
  '{"":0}',
  '{"\\u0061":1}',
  '{"a\\"b":1}',
  '{"é":1}',
  '{"a":{"b":{"c":[1,2,{"d":null}]}}}',
  '{"__proto__":1}',
  '{"a":[],"b":{}}',
  '{"min": -1.0e+28, "max": 1.0e+28}',
  '\n{\n"a"\n:\n1\n}\n',
  '{"x":[{"id":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}], "id":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}',
  '"\\u0012 esc \\t"',
  '["\\uA66D"]',
  '"asd"',
  "[3.141592653589793238462643383279502884197169399375]",
];

/** Text, byte offset of the fault, the runtime's reason. */
const REJECTED: readonly (readonly [text: string, offset: number, reason: string])[] = [
  ["", 0, "EOF while parsing a value"],
  [" ", 1, "EOF while parsing a value"],
  ["\n\t", 2, "EOF while parsing a value"],
  ["[", 1, "EOF while parsing a list"],
  ["[1", 2, "EOF while parsing a list"],
  ["[1,", 3, "EOF while parsing a value"],
  ["[1, ", 4, "EOF while parsing a value"],
  ["[[]", 3, "EOF while parsing a list"],
  ['["a"', 4, "EOF while parsing a list"],
  ["{", 1, "EOF while parsing an object"],
  ['{"a"', 4, "EOF while parsing an object"],
  ['{"a":', 5, "EOF while parsing a value"],
  ['{"a":1', 6, "EOF while parsing an object"],
  ['{"a":1,', 7, "EOF while parsing a value"],
  ['{"a":{}', 7, "EOF while parsing an object"],
  ["[1,]", 3, "trailing comma"],
  ["[1,,2]", 3, "expected value"],
  ["[,1]", 1, "expected value"],
  ["[,]", 1, "expected value"],
  [",", 0, "expected value"],
  ["[1 2]", 3, "expected `,` or `]`"],
  ["[1:2]", 2, "expected `,` or `]`"],
  ["[1}", 2, "expected `,` or `]`"],
  ["[1;2]", 2, "expected `,` or `]`"],
  ['["a""b"]', 4, "expected `,` or `]`"],
  ['["a":1]', 4, "expected `,` or `]`"],
  ["[{}{}]", 3, "expected `,` or `]`"],
  ["[]]", 2, "trailing characters"],
  ["[}", 1, "expected value"],
  ["]", 0, "expected value"],
  ["}", 0, "expected value"],
  [":", 0, "expected value"],
  ["{]", 1, "key must be a string"],
  ["{,}", 1, "key must be a string"],
  ["{1:1}", 1, "key must be a string"],
  ["{a:1}", 1, "key must be a string"],
  ["{'a':1}", 1, "key must be a string"],
  ["{null:1}", 1, "key must be a string"],
  ["{[1]:1}", 1, "key must be a string"],
  ['{"a":1,}', 7, "trailing comma"],
  ['{"a":1,,}', 7, "key must be a string"],
  ['{"a":1,2}', 7, "key must be a string"],
  ['{"a":1 "b":2}', 7, "expected `,` or `}`"],
  ['{"a":1]', 6, "expected `,` or `}`"],
  ['{"a"}', 4, "expected `:`"],
  ['{"a" 1}', 5, "expected `:`"],
  ['{"a",1}', 4, "expected `:`"],
  ['{"a"::1}', 5, "expected value"],
  ['{"a":}', 5, "expected value"],
  ['{"a":,}', 5, "expected value"],
  ['{"a":1}}', 7, "trailing characters"],
  ['{"a":"b":"c"}', 8, "expected `,` or `}`"],
  ["[] []", 3, "trailing characters"],
  ["1 2", 2, "trailing characters"],
  ["nulll", 4, "trailing characters"],
  ["{}x", 2, "trailing characters"],
  ["[1]x", 3, "trailing characters"],
  ["[1]\u0000", 3, "trailing characters"],
  ["{}/**/", 2, "trailing characters"],
  ["{}#", 2, "trailing characters"],
  ["nul", 3, "EOF while parsing a value"],
  ["n", 1, "EOF while parsing a value"],
  ["tru", 3, "EOF while parsing a value"],
  ["fals", 4, "EOF while parsing a value"],
  ["[nul]", 4, "expected ident"],
  ["[nUll]", 2, "expected ident"],
  ["[True]", 1, "expected value"],
  ["[tRUE]", 2, "expected ident"],
  ["[falze]", 4, "expected ident"],
  ["[NaN]", 1, "expected value"],
  ["[nan]", 2, "expected ident"],
  ["[Infinity]", 1, "expected value"],
  ["[-Infinity]", 2, "invalid number"],
  ["[undefined]", 1, "expected value"],
  ["[-]", 2, "invalid number"],
  ["-", 1, "EOF while parsing a value"],
  ["[--1]", 2, "invalid number"],
  ["[+1]", 1, "expected value"],
  ["[.5]", 1, "expected value"],
  ["[-.5]", 2, "invalid number"],
  ["[1.]", 3, "invalid number"],
  ["1.", 2, "EOF while parsing a value"],
  ["[1.e1]", 3, "invalid number"],
  ["[01]", 2, "invalid number"],
  ["[-01]", 3, "invalid number"],
  ["[00]", 2, "invalid number"],
  ["[0x1]", 2, "expected `,` or `]`"],
  ["[1e]", 3, "invalid number"],
  ["1e", 2, "EOF while parsing a value"],
  ["1e+", 3, "EOF while parsing a value"],
  ["[1e+]", 4, "invalid number"],
  ["[1E-x]", 4, "invalid number"],
  ["[1.5e]", 5, "invalid number"],
  ["[1ea]", 3, "invalid number"],
  ["[1.2.3]", 4, "expected `,` or `]`"],
  ["[1a]", 2, "expected `,` or `]`"],
  ["[1e1.5]", 4, "expected `,` or `]`"],
  ["[0e]", 3, "invalid number"],
  ["[1+2]", 2, "expected `,` or `]`"],
  ["[1_000]", 2, "expected `,` or `]`"],
  ["[１]", 1, "expected value"],
  ["[1eE2]", 3, "invalid number"],
  ["[2.e3]", 3, "invalid number"],
  ['"', 1, "EOF while parsing a string"],
  ['"a', 2, "EOF while parsing a string"],
  ['["a', 3, "EOF while parsing a string"],
  ['"a\\', 3, "EOF while parsing a string"],
  ['"a\\"', 4, "EOF while parsing a string"],
  ['"\\u', 3, "EOF while parsing a string"],
  ['"\\u00', 5, "EOF while parsing a string"],
  ['"\\u004', 6, "EOF while parsing a string"],
  ['["\\x00"]', 3, "invalid escape"],
  ['["\\a"]', 3, "invalid escape"],
  ['["\\\'"]', 3, "invalid escape"],
  ['["\\U0041"]', 3, "invalid escape"],
  ['["\\u00g0"]', 7, "invalid escape"],
  ['["\\u 041"]', 7, "invalid escape"],
  ['["\\u+041"]', 7, "invalid escape"],
  ['["\\ué00"]', 7, "invalid escape"],
  ['["\\é"]', 3, "invalid escape"],
  ['["\\u{41}"]', 7, "invalid escape"],
  ["['a']", 1, "expected value"],
  ["[`a`]", 1, "expected value"],
  ["[a]", 1, "expected value"],
  ['["a\nb"]', 3, "control character (\\u0000-\\u001F) found while parsing a string"],
  ['["\t"]', 2, "control character (\\u0000-\\u001F) found while parsing a string"],
  ['["\u0000"]', 2, "control character (\\u0000-\\u001F) found while parsing a string"],
  ['["\u001f"]', 2, "control character (\\u0000-\\u001F) found while parsing a string"],
  ['{"a\n":1}', 3, "control character (\\u0000-\\u001F) found while parsing a string"],
  ['["\\\n"]', 3, "invalid escape"],
  ["[\u000b]", 1, "expected value"],
  ["[\u000c]", 1, "expected value"],
  ["[\u00a0]", 1, "expected value"],
  ["\u2060[]", 0, "expected value"],
  ["[1\u0000]", 2, "expected `,` or `]`"],
  ["[é]", 1, "expected value"],
  ["// c\n[]", 0, "expected value"],
  ["/* c */[]", 0, "expected value"],
  ["[1/*c*/]", 2, "expected `,` or `]`"],
  ["{\u0000}", 1, "key must be a string"],
  ['{"a"\u0000:1}', 4, "expected `:`"],
  ['{"a":1\u0001}', 6, "expected `,` or `}`"],
  ['["\\ud800\\x"]', 9, "unexpected end of hex escape"],
  ["<null>", 0, "expected value"],
  ["abc", 0, "expected value"],
  ["*", 0, "expected value"],
  ["[<null>]", 1, "expected value"],
  ['{"a":"b",c:1}', 9, "key must be a string"],
  ['{"x", null}', 4, "expected `:`"],
];

describe("scan: what is JSON", () => {
  it.each(ACCEPTED)("accepts %j", (text) => {
    expect(scanText(text).error).toBeUndefined();
    expect(parsed(utf8(text))).toBeDefined();
  });

  it.each(REJECTED)("rejects %j at byte %i: %s", (text, offset, reason) => {
    expect(scanText(text).error).toMatchObject({ offset, reason });
    expect(parsed(utf8(text))).toBeUndefined();
  });
});

describe("scan: positions count bytes as the runtime does", () => {
  /** Text, bytes counted as read, and reason; in known fields, and where the runtime skips a value. */
  it.each([
    ["", 0, "EOF while parsing a value", 0, "EOF while parsing a value"],
    ['{"id":"a"} x', 12, "trailing characters", 12, "trailing characters"],
    ['{"stages":[{},]}', 15, "trailing comma", 15, "expected value"],
    ['{"stages":[', 11, "EOF while parsing a list", 11, "EOF while parsing a list"],
    ['{"stages":[{},', 14, "EOF while parsing a value", 14, "EOF while parsing a value"],
    ['{"finished_at":nul}', 19, "expected ident", 19, "expected ident"],
    ['{"a":1,}', 8, "trailing comma", 8, "key must be a string"],
    ['{"a":1,', 7, "EOF while parsing a value", 7, "EOF while parsing an object"],
    ["1.", 2, "EOF while parsing a value", 2, "invalid number"],
    ["-", 1, "EOF while parsing a value", 1, "invalid number"],
    ["1e", 2, "EOF while parsing a value", 2, "invalid number"],
    ["[-x]", 3, "invalid number", 3, "invalid number"],
    ["[01]", 3, "invalid number", 3, "invalid number"],
    ["[1.x]", 4, "invalid number", 4, "invalid number"],
    [
      '["a\n"]',
      4,
      "control character (\\u0000-\\u001F) found while parsing a string",
      3,
      "control character (\\u0000-\\u001F) found while parsing a string",
    ],
    ['["\\uzzzz"]', 8, "invalid escape", 8, "invalid escape"],
    [
      '["\\ud800\\u0041\n"]',
      14,
      "lone leading surrogate in hex escape",
      14,
      "control character (\\u0000-\\u001F) found while parsing a string",
    ],
    ['["\\udc00', 8, "lone leading surrogate in hex escape", 8, "EOF while parsing a string"],
    ['["\\ud800', 8, "EOF while parsing a string", 8, "EOF while parsing a string"],
    ['["\\ud800x', 9, "unexpected end of hex escape", 9, "EOF while parsing a string"],
    ["[1\n", 3, "EOF while parsing a list", 3, "EOF while parsing a list"],
    ["[\u0001", 2, "expected value", 2, "expected value"],
  ])("%j", (text, consumed, reason, skippedConsumed, skippedReason) => {
    expect(scanText(text).error).toMatchObject({ consumed, reason, skipped: { consumed: skippedConsumed, reason: skippedReason } });
  });
});

describe("scan: bytes that are no UTF-8", () => {
  it.each([
    ["stray continuation", [0x80], 0],
    ["0xff", [0xff], 0],
    ["overlong slash", [0xc0, 0xaf], 0],
    ["overlong, two bytes", [0xc1, 0x81], 0],
    ["overlong, three bytes", [0xe0, 0x80, 0xaf], 0],
    ["overlong, four bytes", [0xf0, 0x80, 0x80, 0xaf], 0],
    ["encoded high surrogate", [0xed, 0xa0, 0x80], 0],
    ["encoded low surrogate", [0xed, 0xbf, 0xbf], 0],
    ["above U+10FFFF", [0xf4, 0x90, 0x80, 0x80], 0],
    ["lead 0xf5", [0xf5, 0x80, 0x80, 0x80], 0],
    ["two bytes cut short", [0x61, 0xc3], 1],
    ["three bytes cut short", [0xe2, 0x82], 0],
    ["four bytes cut short", [0xf0, 0x9f, 0x98], 0],
    ["latin-1 between letters", [0x61, 0xe9, 0x62], 1],
  ])("notes %s inside a string and goes on", (_, inside, at) => {
    const tape = scan(new Uint8Array([0x5b, 0x22, ...inside, 0x22, 0x2c, 0x31, 0x5d]));
    expect(tape.error).toBeUndefined();
    expect(tape.invalidUtf8At).toBe(2 + at);
    expect(tape.nodeCount).toBe(3);
    expect(stringText(tape, 1)).toContain("\ufffd");
  });

  it.each([
    ["U+0080", [0xc2, 0x80]],
    ["U+07FF", [0xdf, 0xbf]],
    ["U+0800", [0xe0, 0xa0, 0x80]],
    ["U+D7FF", [0xed, 0x9f, 0xbf]],
    ["U+E000", [0xee, 0x80, 0x80]],
    ["U+FFFF", [0xef, 0xbf, 0xbf]],
    ["U+10000", [0xf0, 0x90, 0x80, 0x80]],
    ["U+10FFFF", [0xf4, 0x8f, 0xbf, 0xbf]],
  ])("takes %s", (_, inside) => {
    const tape = scan(new Uint8Array([0x22, ...inside, 0x22]));
    expect(tape.error).toBeUndefined();
    expect(tape.invalidUtf8At).toBe(-1);
  });

  it("is a syntax error outside of strings, and noted", () => {
    const tape = scan(new Uint8Array([0x5b, 0xff, 0x5d]));
    expect(tape.error).toMatchObject({ offset: 1, reason: "expected value" });
    expect(tape.invalidUtf8At).toBe(1);
  });

  it("is noted behind a syntax error too, since the runtime looks at the whole file first", () => {
    expect(scan(new Uint8Array([0x5b, 0x78, 0x20, 0xc3, 0xa9, 0xff])).invalidUtf8At).toBe(5);
  });
});

describe("scan: a byte order mark", () => {
  it("is skipped and told", () => {
    const tape = scanText("\ufeff[1]");
    expect(tape).toMatchObject({ error: undefined, hasBom: true, nodeCount: 2 });
    expect(tape.start(0)).toBe(3);
  });

  it("is no white space elsewhere", () => {
    expect(scanText("\ufeff\ufeff[1]").error).toMatchObject({ offset: 3, reason: "expected value" });
    expect(scanText("[1]\ufeff").error).toMatchObject({ offset: 3, reason: "trailing characters" });
  });
});

describe("scan: what stays of a broken text", () => {
  it.each([
    ["[1, [2, 3", ["[1, [2, 3", "1", "[2, 3", "2", "3"]],
    ['{"a": 1, "b"', ['{"a": 1, "b"', '"a"', "1"]],
    ['{"a": 1, "b":', ['{"a": 1, "b":', '"a"', "1"]],
    ['{"a": 1, "b": tr', ['{"a": 1, "b": tr', '"a"', "1"]],
    ['{"a": {"b": "x', ['{"a": {"b": "x', '"a"', '{"b": "x']],
    ['{"a": [', ['{"a": [', '"a"', "["]],
    ['[true, "unfinished', ['[true, "unfinished', "true"]],
    ["[1] x", ["[1]", "1"]],
    ["[1, x, 2]", ["[1, ", "1"]],
    ["12x", ["12"]],
    ["-", []],
    ["", []],
  ])("%j", (text, slices) => {
    const tape = scanText(text);
    expect(tape.error).toBeDefined();
    expect(Array.from({ length: tape.nodeCount }, (_, node) => sliceText(tape, node))).toEqual(slices);
  });
});

describe("scan: size", () => {
  it.each([10_000, 1_000_000])("nests %i arrays without recursion", (depth) => {
    const tape = scanText("[".repeat(depth) + "]".repeat(depth));
    expect(tape.error).toBeUndefined();
    expect(tape.nodeCount).toBe(depth);
    expect(tape.end(depth - 1)).toBe(depth + 1);
    expect(tape.next(0)).toBe(depth);
  });

  it("closes a million open objects at the error", () => {
    const tape = scanText('{"a":'.repeat(1_000_000));
    expect(tape.error?.reason).toBe("EOF while parsing a value");
    expect(tape.end(0)).toBe(5_000_000);
    // The last key has no value.
    expect(tape.nodeCount).toBe(1_999_999);
  });

  it("grows for the densest text there is, and keeps no more room than it needs", () => {
    const tape = scanText(`[${"1,".repeat(500_000)}1]`);
    expect(tape.nodeCount).toBe(500_002);
    expect(tape.indexBytes).toBeLessThan(500_002 * 12 * 1.15);
  });
});
