import type { NodeId, Tape } from "./Tape.ts";

/** Whether the string, unescaped, is `text`. ASCII without escapes is compared in place. */
export function stringEquals(tape: Tape, stringNode: NodeId, text: string): boolean {
  const { bytes } = tape;
  const from = tape.start(stringNode) + 1;
  const to = tape.end(stringNode) - 1;
  // A byte of text is at least one byte here, and a UTF-16 unit at most six (`\u0000`).
  if (to - from < text.length || to - from > text.length * 6) return false;
  let unit = 0;
  for (let at = from; at < to; at++, unit++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x5c || byte >= 0x80) return stringText(tape, stringNode) === text;
    if (byte !== text.charCodeAt(unit)) return false;
  }
  return unit === text.length;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Text up to this long is put together by hand: cheaper than a call of the decoder. */
const SHORT = 24;

/** From this length on the platform's own search is worth its call. */
const LONG = 128;

/** UTF-8 bytes `[from, to)` as text; invalid sequences become U+FFFD. */
export function decodeText(bytes: Uint8Array, from: number, to: number): string {
  if (to - from <= SHORT) {
    let text = "";
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (at === to) return text;
  }
  return decoder.decode(bytes.subarray(from, to));
}

/** Offset of the first backslash in `[from, to)`, -1 when there is none. Never looks further: a text may have none for gigabytes. */
export function indexOfBackslash(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > LONG) {
    const found = bytes.subarray(from, to).indexOf(0x5c);
    return found === -1 ? -1 : from + found;
  }
  for (let at = from; at < to; at++) if (bytes[at] === 0x5c) return at;
  return -1;
}

/** The string's unescaped text. Lone surrogate escapes stay lone surrogates, invalid UTF-8 becomes U+FFFD. */
export function stringText(tape: Tape, stringNode: NodeId): string {
  const from = tape.start(stringNode);
  const to = tape.end(stringNode);
  if (indexOfBackslash(tape.bytes, from, to) === -1) return decodeText(tape.bytes, from + 1, to - 1);
  return JSON.parse(decodeText(tape.bytes, from, to)) as string;
}

/** Whether the string has a `\u` escape of a surrogate that is no half of a pair of such escapes. */
export function hasLoneSurrogate(tape: Tape, stringNode: NodeId): boolean {
  return loneSurrogateAt(tape, stringNode) !== -1;
}

/** Byte offset of the backslash of the first lone surrogate escape in a string, -1 when there is none. */
export function loneSurrogateAt(tape: Tape, stringNode: NodeId): number {
  const { bytes } = tape;
  const to = tape.end(stringNode) - 1;
  let at = tape.start(stringNode) + 1;
  while (at < to) {
    if (bytes[at] !== 0x5c) {
      at++;
      continue;
    }
    const unit = bytes[at + 1] === 0x75 ? surrogateKind(bytes, at) : 0;
    if (unit === LOW) return at;
    if (unit === HIGH) {
      if (bytes[at + 6] !== 0x5c || bytes[at + 7] !== 0x75 || surrogateKind(bytes, at + 6) !== LOW) return at;
      at += 12;
    } else at += 2;
  }
  return -1;
}

const HIGH = 1;
const LOW = 2;

/** Which half of a pair the `\u` escape at `at` is: 0 for neither. Its first two digits tell. */
function surrogateKind(bytes: Uint8Array, at: number): number {
  if (((bytes[at + 2] ?? 0) | 0x20) !== 0x64) return 0;
  const digit = (bytes[at + 3] ?? 0) | 0x20;
  if (digit === 0x38 || digit === 0x39 || digit === 0x61 || digit === 0x62) return HIGH;
  return digit >= 0x63 && digit <= 0x66 ? LOW : 0;
}

/** The number as it is written. */
export function numberText(tape: Tape, node: NodeId): string {
  return sliceText(tape, node);
}

/** The node's own JSON text. */
export function sliceText(tape: Tape, node: NodeId): string {
  return decodeText(tape.bytes, tape.start(node), tape.end(node));
}

/** The node's own JSON text as bytes: a view, no copy. */
export function sliceBytes(tape: Tape, node: NodeId): Uint8Array {
  return tape.bytes.subarray(tape.start(node), tape.end(node));
}

/** Whether a number is written without `.`, `e`, `E` and is not `-0`: what the runtime reads as an integer if it fits 64 bits. */
export function isIntegerLiteral(tape: Tape, node: NodeId): boolean {
  const { bytes } = tape;
  const from = tape.start(node);
  const to = tape.end(node);
  for (let at = bytes[from] === 0x2d ? from + 1 : from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return !(to - from === 2 && bytes[from] === 0x2d && bytes[from + 1] === 0x30);
}
