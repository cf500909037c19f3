import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ancestors, childCount, nodeAt, pathOf, resolvePath, sliceText, stringText } from "../../../src/json/cursor.ts";
import { scan } from "../../../src/json/scan.ts";
import { JsonWriter } from "../../../src/json/JsonWriter.ts";
import { writeValue } from "../../../src/json/writeValue.ts";
import { jsonText, jsonValue, parsed, scanText, utf8, valueOnTape } from "./support.ts";

describe("a tape and JSON.parse", () => {
  it("agree on every node of every text", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const tape = scanText(text);
        expect(tape.error).toBeUndefined();
        expect(tape.invalidUtf8At).toBe(-1);
        for (let node = 0; node < tape.nodeCount; node++) {
          expect(valueOnTape(tape, node)).toEqual(JSON.parse(sliceText(tape, node)));
        }
      }),
      { numRuns: 400 },
    );
  });

  it("agree on what was written from a value, in both layouts and byte for byte where keys keep their order", () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const text = JSON.stringify(value);
        const tape = scanText(text);
        for (const layout of ["pretty", "compact"] as const) {
          const writer = new JsonWriter(layout);
          writeValue(writer, tape, 0, { keys: "source", numbers: "source" });
          const written = new TextDecoder().decode(writer.finish());
          expect(written).toBe(JSON.stringify(value, null, layout === "pretty" ? 2 : 0));
          expect(valueOnTape(scanText(written), 0)).toEqual(JSON.parse(text));
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe("places on a tape", () => {
  it("lead to a node and back: path, ancestors, every byte offset", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const tape = scanText(text);
        const innermost = new Int32Array(tape.bytes.length).fill(-1);
        for (let node = 0; node < tape.nodeCount; node++) innermost.fill(node, tape.start(node), tape.end(node));
        for (const [offset, node] of innermost.entries()) expect(nodeAt(tape, offset)).toBe(node);
        expect(nodeAt(tape, tape.bytes.length)).toBe(-1);
        for (let node = 0; node < tape.nodeCount; node++) {
          const chain = ancestors(tape, node);
          expect(chain[0]).toBe(0);
          expect(chain.at(-1)).toBe(node);
          expect(
            chain.slice(1).every((inner, at) => tape.start(chain[at]!) < tape.start(inner) && tape.end(chain[at]!) > tape.end(inner)),
          ).toBe(true);
          const path = pathOf(tape, node);
          expect(path.length).toBe(chain.length - 1);
          const target = resolvePath(tape, path);
          // A key leads to its value, a repeated key to the last one.
          const same = target === node || target === node + 1;
          expect(same || JSON.stringify(pathOf(tape, target)) === JSON.stringify(path)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("step over whole subtrees", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        const tape = scanText(text);
        for (let node = 0; node < tape.nodeCount; node++) {
          let next = node + 1;
          while (next < tape.nodeCount && tape.start(next) < tape.end(node)) next++;
          expect(tape.next(node)).toBe(next);
          const value: unknown = JSON.parse(sliceText(tape, node));
          if (Array.isArray(value)) expect(childCount(tape, node)).toBe(value.length);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("broken texts", () => {
  it("leave, cut anywhere, a tape that begins as the whole one does", () => {
    fc.assert(
      fc.property(jsonText, fc.nat(), (text, where) => {
        const bytes = utf8(text);
        const whole = scan(bytes);
        const cut = where % (bytes.length + 1);
        const part = scan(bytes.subarray(0, cut));
        expect(part.nodeCount).toBeLessThanOrEqual(whole.nodeCount);
        for (let node = 0; node < part.nodeCount; node++) {
          expect(part.start(node)).toBe(whole.start(node));
          // Open containers, and a number that goes on behind the cut, end with the text.
          expect(part.end(node)).toBe(Math.min(whole.end(node), cut));
          expect(part.kind(node)).toBe(whole.kind(node));
          expect(part.next(node)).toBe(Math.min(whole.next(node), part.nodeCount));
        }
        // What ended before the cut is there, all but a key whose value is not.
        for (let node = 0; node < whole.nodeCount; node++) {
          if (whole.end(node) > cut || node < part.nodeCount) continue;
          const path = pathOf(whole, node);
          expect(typeof path.at(-1)).toBe("string");
          expect(stringText(whole, node)).toBe(path.at(-1));
        }
      }),
      { numRuns: 500 },
    );
  });

  const STRAY = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 4 }),
    fc
      .constantFrom(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        "\\",
        "\\u",
        "\\ud800",
        "e",
        ".",
        "-",
        "0",
        "tru",
        "null",
        "\n",
        " ",
        "\u0000",
        "/",
        "é",
      )
      .map(utf8),
  );

  it("are errors exactly where JSON.parse refuses, however they were broken", () => {
    fc.assert(
      fc.property(jsonText, fc.array(fc.tuple(fc.nat(), fc.nat(2), STRAY), { minLength: 1, maxLength: 3 }), (text, changes) => {
        let bytes = utf8(text);
        for (const [where, how, stray] of changes) {
          const at = where % (bytes.length + 1);
          bytes = new Uint8Array([
            ...bytes.subarray(0, at),
            ...(how === 0 ? [] : stray),
            ...bytes.subarray(how === 1 ? at : Math.min(bytes.length, at + 1)),
          ]);
        }
        const tape = scan(bytes);
        expect(tape.error === undefined).toBe(parsed(bytes.subarray(tape.hasBom ? 3 : 0)) !== undefined);
        let valid = true;
        try {
          new TextDecoder("utf-8", { fatal: true }).decode(bytes);
        } catch {
          valid = false;
        }
        expect(tape.invalidUtf8At === -1).toBe(valid);
        if (tape.error !== undefined) {
          expect(tape.error.offset).toBeLessThanOrEqual(bytes.length);
          expect(tape.error.consumed).toBeLessThanOrEqual(bytes.length);
          // Nothing before the offending byte is at fault: the text up to it is the beginning of some JSON text.
          const before = scan(bytes.subarray(0, tape.error.offset)).error;
          expect(
            before === undefined ||
              before.reason.startsWith("EOF") ||
              before.offset === tape.error.offset ||
              /surrogate|hex escape|invalid escape/.test(tape.error.reason),
          ).toBe(true);
        }
        let covered = 0;
        for (let node = 0; node < tape.nodeCount; node++) {
          expect(tape.start(node)).toBeLessThan(tape.end(node));
          expect(tape.next(node)).toBeGreaterThan(node);
          expect(tape.next(node)).toBeLessThanOrEqual(tape.nodeCount);
          covered = Math.max(covered, tape.end(node));
        }
        expect(covered).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 3000 },
    );
  });

  it("are told from noise too", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const tape = scan(bytes);
        expect(tape.error === undefined).toBe(parsed(bytes.subarray(tape.hasBom ? 3 : 0)) !== undefined);
      }),
      { numRuns: 2000 },
    );
  });
});
