import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes } from "../../../src/json/compareBytes.ts";
import { JsonWriter } from "../../../src/json/JsonWriter.ts";
import { compactText, isExactInteger, writeValue } from "../../../src/json/writeValue.ts";
import type { ValueStyle } from "../../../src/json/writeValue.ts";
import { anyString, jsonText, parsed, scanText, utf8, wellFormedString } from "./support.ts";

function written(layout: "pretty" | "compact", write: (writer: JsonWriter) => void): string {
  const writer = new JsonWriter(layout, 1);
  write(writer);
  return new TextDecoder("utf-8", { fatal: true }).decode(writer.finish());
}

function rewritten(text: string, style: ValueStyle, layout: "pretty" | "compact" = "compact"): string {
  const tape = scanText(text);
  expect(tape.error).toBeUndefined();
  return written(layout, (writer) => writeValue(writer, tape, 0, style));
}

describe("JsonWriter", () => {
  const fill = (writer: JsonWriter): void => {
    const source = scanText('{"r\\u0061w": [1,  2]}');
    writer.beginObject();
    writer.key("a\n");
    writer.beginArray();
    writer.endArray();
    writer.key("b");
    writer.beginObject();
    writer.endObject();
    writer.keyRaw(source, 1);
    writer.raw(source.bytes, source.start(2), source.end(2));
    writer.key("list");
    writer.beginArray();
    writer.integer(18446744073709551615n);
    writer.float(1);
    writer.float(-0);
    writer.float(Infinity);
    writer.boolean(true);
    writer.boolean(false);
    writer.null();
    writer.string("é\u2028/\u007f");
    writer.beginObject();
    writer.key("");
    writer.string("");
    writer.endObject();
    writer.endArray();
    writer.endObject();
  };

  it("lays out compact text", () => {
    expect(written("compact", fill)).toBe(
      '{"a\\n":[],"b":{},"r\\u0061w":[1,  2],"list":[18446744073709551615,1.0,-0.0,null,true,false,null,"é\u2028/\u007f",{"":""}]}',
    );
  });

  it("lays out pretty text", () => {
    expect(written("pretty", fill)).toBe(
      [
        "{",
        '  "a\\n": [],',
        '  "b": {},',
        '  "r\\u0061w": [1,  2],',
        '  "list": [',
        "    18446744073709551615,",
        "    1.0,",
        "    -0.0,",
        "    null,",
        "    true,",
        "    false,",
        "    null,",
        '    "é\u2028/\u007f",',
        "    {",
        '      "": ""',
        "    }",
        "  ]",
        "}",
      ].join("\n"),
    );
  });

  it("answers an array of exactly the text's length", () => {
    const writer = new JsonWriter("compact", 500);
    writer.string("x");
    const bytes = writer.finish();
    expect([bytes.length, bytes.buffer.byteLength]).toEqual([3, 3]);
  });

  it("escapes as JSON.stringify does, lone surrogates included", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyString,
          fc.array(anyString).map((parts) => parts.join("plain text in between, long enough to be encoded whole")),
        ),
        (text) => {
          expect(written("compact", (writer) => writer.string(text))).toBe(JSON.stringify(text));
          expect(
            written("compact", (writer) => {
              writer.beginObject();
              writer.key(text);
              writer.null();
              writer.endObject();
            }),
          ).toBe(`{${JSON.stringify(text)}:null}`);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each<[string, (writer: JsonWriter) => void]>([
    ["an open container", (writer) => writer.beginArray()],
    [
      "a key without value",
      (writer) => {
        writer.beginObject();
        writer.key("a");
        writer.endObject();
      },
    ],
    [
      "a key after a key",
      (writer) => {
        writer.beginObject();
        writer.key("a");
        writer.key("b");
      },
    ],
    [
      "the wrong bracket",
      (writer) => {
        writer.beginObject();
        writer.endArray();
      },
    ],
    [
      "a second root",
      (writer) => {
        writer.null();
        writer.null();
      },
    ],
  ])("throws on %s", (_, write) => {
    expect(() => written("compact", write)).toThrow("JsonWriter");
  });
});

describe("writeValue", () => {
  const runtime = { keys: "sorted", numbers: "runtime" } as const;
  const source = { keys: "source", numbers: "source" } as const;

  it.each([
    ['{"b":1,"a":2}', '{"a":2,"b":1}', '{"b":1,"a":2}'],
    ['{"b":1,"a":2,"b":3}', '{"a":2,"b":3}', '{"b":3,"a":2}'],
    ['{"b":1,"\\u0062":3}', '{"b":3}', '{"b":3}'],
    [
      '{"😀":1,"\ufffd":2,"z":{"y":1,"x":[{"b":1,"a":1}]}}',
      '{"z":{"x":[{"a":1,"b":1}],"y":1},"\ufffd":2,"😀":1}',
      '{"😀":1,"\ufffd":2,"z":{"y":1,"x":[{"b":1,"a":1}]}}',
    ],
    ["[1, 1.0, -0, 1e2, 1.50, 1E-7]", "[1,1.0,-0.0,100.0,1.5,1e-7]", "[1,1.0,-0,1e2,1.50,1E-7]"],
    [
      "[18446744073709551615, 18446744073709551616]",
      "[18446744073709551615,1.8446744073709552e+19]",
      "[18446744073709551615,18446744073709551616]",
    ],
    [
      "[-9223372036854775808, -9223372036854775809]",
      "[-9223372036854775808,-9.223372036854776e+18]",
      "[-9223372036854775808,-9223372036854775809]",
    ],
    ["[0.9280640504398593, 1e999]", "[0.9280640504398592,1e999]", "[0.9280640504398593,1e999]"],
    ['["\\u0041\\/\\u000A\\u001F\\u00e9"]', '["A/\\n\\u001fé"]', '["A/\\n\\u001fé"]'],
    ['["\\ud800 \\u0041"]', '["\\ud800 \\u0041"]', '["\\ud800 \\u0041"]'],
    ['{"\\udc00\\u0041":1}', '{"\\udc00\\u0041":1}', '{"\\udc00\\u0041":1}'],
    ["[ ]", "[]", "[]"],
    ["{ }", "{}", "{}"],
    [" true ", "true", "true"],
  ])("%s", (text, asRuntime, asSource) => {
    expect(rewritten(text, runtime)).toBe(asRuntime);
    expect(compactText(scanText(text), 0)).toBe(asRuntime);
    expect(rewritten(text, source)).toBe(asSource);
  });

  it("keeps the value, whatever the style", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const value = parsed(utf8(text))?.value;
        for (const keys of ["sorted", "source"] as const)
          expect(JSON.parse(rewritten(text, { keys, numbers: "source" }, "pretty"))).toEqual(value);
        const once = rewritten(text, { keys: "sorted", numbers: "source" });
        expect(rewritten(once, { keys: "sorted", numbers: "source" })).toBe(once);
      }),
      { numRuns: 300 },
    );
  });

  it("is not stopped by depth", () => {
    const text = '{"a":['.repeat(200_000) + "]}".repeat(200_000);
    expect(rewritten(text, runtime)).toBe(text);
  });
});

describe("isExactInteger", () => {
  it.each([
    ["0", true],
    ["-0", false],
    ["1.0", false],
    ["18446744073709551615", true],
    ["18446744073709551616", false],
    ["-9223372036854775808", true],
    ["-9223372036854775809", false],
    ["99999999999999999999999", false],
    ["999999999999999999", true],
  ])("%s: %s", (text, expected) => {
    expect(isExactInteger(scanText(text), 0)).toBe(expected);
  });
});

describe("compareBytes", () => {
  it("orders as the UTF-8 bytes do", () => {
    const unit = fc.constantFrom(
      "a",
      "b",
      "\u007f",
      "\u0080",
      "é",
      "\ud7ff",
      "\ue000",
      "\ufffd",
      "\uffff",
      "\u{10000}",
      "😀",
      "\u{10ffff}",
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit }), wellFormedString), fc.oneof(fc.string({ unit }), wellFormedString), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(compareBytes(a, a)).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });
});
