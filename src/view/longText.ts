/**
 * Long text in parts. Positions are UTF-16 units of the unescaped text ("string") or of the node's own JSON text ("json"); a value of
 * hundreds of megabytes is never decoded whole.
 */
import { decodeText } from "../json/cursor.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import type { LongText } from "./types.ts";

export type TextFormat = "string" | "json";

/** Most UTF-16 units of a long text that travel with a detail. */
export const HEAD_LIMIT = 4000;

/** A place in a node's text: so many units stand before the byte at `byte`. */
export interface TextMark {
  readonly unit: number;
  readonly byte: number;
}

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** Bytes of one character or escape at `at`, and the UTF-16 units it stands for: packed as `bytes * 4 + units`. */
function step(bytes: Uint8Array, at: number, escapes: boolean): number {
  const byte = bytes[at] ?? 0;
  if (byte < 0x80) {
    if (!escapes || byte !== BACKSLASH) return 5;
    return bytes[at + 1] === LETTER_U ? 25 : 9;
  }
  const most = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  let length = 1;
  // In invalid UTF-8 a lead may stand alone: what follows, perhaps an escape, is not swallowed.
  while (length < most && ((bytes[at + length] ?? 0) & 0xc0) === 0x80) length++;
  return length * 4 + (length === 4 ? 2 : 1);
}

/** Where the text of a node begins and ends in bytes, and whether escapes stand in it. */
function bounds(tape: Tape, node: NodeId, format: TextFormat): { from: number; to: number; escapes: boolean } {
  const from = tape.start(node);
  const to = tape.end(node);
  if (format === "json" || tape.kind(node) !== "string") return { from, to, escapes: false };
  // Looked for in the text alone: the next backslash may be hundreds of megabytes away.
  return { from: from + 1, to: to - 1, escapes: tape.bytes.subarray(from, to).includes(BACKSLASH) };
}

/** Length of a node's text in UTF-16 units. */
export function textLength(tape: Tape, node: NodeId, format: TextFormat): number {
  const { from, to, escapes } = bounds(tape, node, format);
  const { bytes } = tape;
  let units = 0;
  if (!escapes) {
    // Every byte but the continuations begins a character; those of four bytes are pairs.
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    return units;
  }
  for (let at = from; at < to;) {
    const size = step(bytes, at, true);
    units += size & 3;
    at += size >> 2;
  }
  return units;
}

/** The mark at or just before `unit`, beginning from an earlier mark of the same node and format, if one is at hand. */
export function markAt(tape: Tape, node: NodeId, format: TextFormat, unit: number, from: TextMark | null): TextMark {
  const { from: first, to, escapes } = bounds(tape, node, format);
  let at = from !== null && from.unit <= unit ? from.byte : first;
  let units = from !== null && from.unit <= unit ? from.unit : 0;
  while (at < to) {
    const size = step(tape.bytes, at, escapes);
    if (units + (size & 3) > unit) break;
    units += size & 3;
    at += size >> 2;
  }
  return { unit: units, byte: Math.min(at, to) };
}

/** The text between two marks of the same node and format. Lone surrogate escapes stay lone surrogates. */
export function textBetween(tape: Tape, node: NodeId, format: TextFormat, from: TextMark, to: TextMark): string {
  const text = decodeText(tape.bytes, from.byte, to.byte);
  if (!bounds(tape, node, format).escapes || !text.includes("\\")) return text;
  return JSON.parse(`"${text}"`) as string;
}

/** At most `length` units from about `start`, at code point boundaries: a pair of escapes is not split either. */
export function textSlice(
  tape: Tape,
  node: NodeId,
  format: TextFormat,
  start: number,
  length: number,
  known: TextMark | null = null,
): { readonly text: string; readonly from: TextMark; readonly to: TextMark } {
  const from = whole(tape, node, format, markAt(tape, node, format, start, known));
  let to = whole(tape, node, format, markAt(tape, node, format, from.unit + length, from));
  // A slice too short for the pair at its start takes it all the same: asking on must get on.
  if (to.byte <= from.byte) to = markAt(tape, node, format, from.unit + 2, from);
  return { text: textBetween(tape, node, format, from, to), from, to };
}

/** The mark itself, or the one before it when it stands between the two escapes of a pair. */
function whole(tape: Tape, node: NodeId, format: TextFormat, mark: TextMark): TextMark {
  const { from, to, escapes } = bounds(tape, node, format);
  if (!escapes || mark.byte - 6 < from || mark.byte + 6 > to) return mark;
  const before = escapedUnit(tape.bytes, mark.byte - 6);
  const after = escapedUnit(tape.bytes, mark.byte);
  const splits = before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
  return splits && !isEscaped(tape.bytes, mark.byte - 6, from) ? { unit: mark.unit - 1, byte: mark.byte - 6 } : mark;
}

/** The UTF-16 unit a `\u` escape at `at` names, -1 when none stands there. */
function escapedUnit(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BACKSLASH || bytes[at + 1] !== LETTER_U) return -1;
  return parseInt(decodeText(bytes, at + 2, at + 6), 16);
}

/** Whether the backslash at `at` is itself escaped by those before it. */
function isEscaped(bytes: Uint8Array, at: number, from: number): boolean {
  let count = 0;
  while (at - count - 1 >= from && bytes[at - count - 1] === BACKSLASH) count++;
  return count % 2 === 1;
}

/** A node's text for a detail: its head, its whole length, and the node to ask for the rest. */
export function longText(tape: Tape, node: NodeId, format: TextFormat): LongText {
  const { text } = textSlice(tape, node, format, 0, HEAD_LIMIT);
  const length = textLength(tape, node, format);
  return { head: text, length, ref: length > text.length ? node : null };
}
