import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LinePosition, SplitLine } from "../../../src/eventlog/LineSplitter.ts";
import { LineSplitter } from "../../../src/eventlog/LineSplitter.ts";
import { textOf, utf8 } from "./support.ts";

interface Shown extends Omit<SplitLine, "bytes"> {
  readonly text: number[] | null;
}

const shown = ({ bytes, ...line }: SplitLine): Shown => ({ ...line, text: bytes === null ? null : [...bytes] });

/** Every chunk lies in the same memory, as a reader's does, and is overwritten once its lines were looked at. */
function split(chunks: readonly Uint8Array[], from?: LinePosition, limit?: number) {
  const splitter = new LineSplitter(from, limit);
  const memory = new Uint8Array(Math.max(0, ...chunks.map(({ length }) => length)));
  const lines: Shown[] = [];
  for (const chunk of chunks) {
    memory.set(chunk);
    lines.push(...splitter.push(memory.subarray(0, chunk.length)).map(shown));
    memory.fill(0x2a);
  }
  const rest = splitter.rest();
  return { lines, rest: rest === null ? null : shown(rest), position: splitter.position, pending: splitter.pending };
}

/** The plain way: the whole text at once. */
function expected(bytes: Uint8Array, from: LinePosition, limit: number) {
  const lines: Shown[] = [];
  let start = 0;
  const line = (end: number, ended: boolean): Shown => ({
    number: from.line + lines.length,
    offset: from.offset + start,
    length: end - start,
    ended,
    tooLong: end - start > limit,
    text: end - start > limit ? null : [...bytes.subarray(start, end)],
  });
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0x0a) continue;
    lines.push(line(at, true));
    start = at + 1;
  }
  const rest = start < bytes.length ? line(bytes.length, false) : null;
  const position = { offset: from.offset + start, line: from.line + lines.length };
  return { lines, rest, position, pending: bytes.length - start };
}

/** Few bytes, so that line ends are near each other and near the ends of chunks. */
const content = fc.array(fc.constantFrom(0x0a, 0x0d, 0x61, 0xff), { maxLength: 60 });

describe("LineSplitter", () => {
  it("gives the same lines for any chunking, from any place on, with any limit", () => {
    const place = fc.record({ offset: fc.nat(1e9), line: fc.integer({ min: 1, max: 1e6 }) });
    fc.assert(
      fc.property(fc.array(content, { maxLength: 8 }), place, fc.integer({ min: 0, max: 20 }), (chunks, from, limit) => {
        const whole = Uint8Array.from(chunks.flat());
        const given = split(
          chunks.map((chunk) => Uint8Array.from(chunk)),
          from,
          limit,
        );
        expect(given).toEqual(expected(whole, from, limit));
      }),
    );
  });

  it("goes on from its position as if it had not been interrupted", () => {
    fc.assert(
      fc.property(content, fc.nat(60), (bytes, cut) => {
        const whole = Uint8Array.from(bytes);
        const first = new LineSplitter();
        const before = first.push(whole.subarray(0, cut)).map(shown);
        const second = new LineSplitter(first.position);
        const after = second.push(whole.subarray(first.position.offset)).map(shown);
        expect([...before, ...after]).toEqual(expected(whole, { offset: 0, line: 1 }, 1e9).lines);
      }),
    );
  });

  it.each([
    ["nothing", "", [], null],
    ["one line", "a\n", ["a"], null],
    ["empty lines", "\n\n", ["", ""], null],
    ["carriage returns, which stay", "a\r\nb\r\n", ["a\r", "b\r"], null],
    ["a last line without end", "a\nb", ["a"], "b"],
    ["a byte order mark, which stays", "\ufeffa\n", ["\ufeffa"], null],
  ])("splits %s", (_what, text, lines, rest) => {
    const splitter = new LineSplitter();
    const utf8Text = (bytes: Uint8Array | null | undefined) =>
      bytes === null || bytes === undefined ? null : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    expect(splitter.push(utf8(text)).map(({ bytes }) => utf8Text(bytes))).toEqual(lines);
    expect(utf8Text(splitter.rest()?.bytes)).toBe(rest);
  });

  it("does not join the same bytes again while a line grows", () => {
    const splitter = new LineSplitter();
    splitter.push(utf8("ab"));
    splitter.push(utf8("cd"));
    expect(splitter.rest()?.bytes).toBe(splitter.rest()?.bytes);
    const [line] = splitter.push(utf8("e\n"));
    expect(textOf(line?.bytes ?? new Uint8Array())).toBe("abcde");
    expect(splitter.rest()).toBeNull();
  });
});
