import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineIndex } from "../../../src/json/LineIndex.ts";
import { utf8 } from "./support.ts";

/** Position of every character, by walking the text. */
function walk(text: string): { offset: number; line: number; column: number; codePointColumn: number; byteColumn: number }[] {
  const places = [];
  let [offset, line, column, codePointColumn, byteColumn] = [0, 1, 1, 1, 1];
  for (const character of text) {
    places.push({ offset, line, column, codePointColumn, byteColumn });
    const size = Buffer.byteLength(character);
    offset += size;
    if (character === "\n") [line, column, codePointColumn, byteColumn] = [line + 1, 1, 1, 1];
    else [column, codePointColumn, byteColumn] = [column + character.length, codePointColumn + 1, byteColumn + size];
  }
  places.push({ offset, line, column, codePointColumn, byteColumn });
  return places;
}

function expectExact(text: string, step = 1): void {
  const index = new LineIndex(utf8(text));
  const places = walk(text);
  for (let at = 0; at < places.length; at += step) {
    const { offset, ...position } = places[at]!;
    expect(index.positionAt(offset)).toEqual(position);
    expect(index.offsetAt(position.line, position.column)).toBe(offset);
  }
}

describe("LineIndex", () => {
  it("agrees with a walk over any text", () => {
    const unit = fc.constantFrom("a", "\n", "\r", "é", "€", "😀", "\u2028", "\t", '"');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 80 }), (text) => expectExact(text)),
      { numRuns: 500 },
    );
  });

  it.each([
    ["many short lines", "ab€\n😀\n\n".repeat(20_000)],
    ["one line of many blocks", "aé€😀".repeat(20_000)],
    ["long lines between short ones", `x\n${"😀y".repeat(30_000)}\nz\n${"€".repeat(50_000)}\n`],
    ["line ends at the ends of blocks", `${"a".repeat(32_767)}\n`.repeat(4)],
    ["line ends at the beginnings of blocks", `${"a".repeat(32_768)}\n${"b".repeat(32_767)}\n${"c".repeat(32_767)}`],
  ])("agrees over blocks: %s", (_, text) => {
    expectExact(text, 997);
    expectExact(text.slice(-50));
  });

  it("moves what is outside of the text or of a line to its end", () => {
    const index = new LineIndex(utf8("ab\ncd"));
    expect(index.positionAt(-5)).toMatchObject({ line: 1, column: 1 });
    expect(index.positionAt(99)).toMatchObject({ line: 2, column: 3 });
    expect(index.offsetAt(1, 99)).toBe(2);
    expect(index.offsetAt(1, 0)).toBe(0);
    expect(index.offsetAt(0, 5)).toBe(0);
    expect(index.offsetAt(2, 99)).toBe(5);
    expect(index.offsetAt(3, 1)).toBe(5);
    expect(new LineIndex(utf8("")).positionAt(0)).toEqual({ line: 1, column: 1, codePointColumn: 1, byteColumn: 1 });
    expect(new LineIndex(utf8("")).offsetAt(1, 1)).toBe(0);
  });

  it("gives a character's own column inside of it, and the bytes as they are", () => {
    const index = new LineIndex(utf8("a😀b"));
    for (const inside of [2, 3, 4])
      expect(index.positionAt(inside)).toEqual({ line: 1, column: 2, codePointColumn: 2, byteColumn: inside + 1 });
    // Between the halves of a pair is the pair.
    expect(index.offsetAt(1, 3)).toBe(1);
  });
});
