import { AFTER_ELEMENT, AFTER_MEMBER, COLON, END, FIRST_ELEMENT, FIRST_KEY, NEXT_ELEMENT, NEXT_KEY, VALUE } from "./scanState.ts";
import type { ScanState } from "./scanState.ts";
import { describeFault } from "./syntaxFault.ts";
import { Tape, WORDS_PER_NODE } from "./Tape.ts";
import type { SyntaxFault } from "./Tape.ts";
import { findInvalidUtf8, utf8SequenceLength } from "./utf8.ts";

/** Offsets are signed 32-bit words. */
const MAX_TEXT_BYTES = 0x7fffffff;

/** Nodes to make room for before anything is known of the text: one for so many bytes. */
const FIRST_GUESS_BYTES_PER_NODE = 32;
const MIN_NODES = 32;

/** A tape that is fuller than this is kept as it is; an emptier one is copied to its exact size. */
const TRIM_BELOW = 0.9;

/** 1 for every byte that a string scan can step over without a look: ASCII but `"`, `\` and control characters. */
const PLAIN = new Uint8Array(256);
for (let byte = 0x20; byte < 0x80; byte++) PLAIN[byte] = byte === 0x22 || byte === 0x5c ? 0 : 1;

/** 1 for the hexadecimal digits. */
const HEX = new Uint8Array(256);
for (const digit of "0123456789abcdefABCDEF") HEX[digit.charCodeAt(0)] = 1;

/**
 * Indexes one JSON text (UTF-8, below 2 GiB). Strict RFC 8259, the language the runtime's reader accepts; nesting to any depth, repeated
 * keys, numbers out of range and lone surrogate escapes are no errors here. Never throws on any input: see `Tape.error`.
 *
 * One function on purpose: the loop runs once per byte of a record of up to gigabytes, and calls, closures or reads behind the end of an
 * array cost it more than half of its speed.
 */
export function scan(bytes: Uint8Array): Tape {
  if (bytes.length > MAX_TEXT_BYTES) return refused(bytes, "the text is larger than 2 GiB");
  const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const length = bytes.length;
  let words = new Int32Array((MIN_NODES + Math.trunc(length / FIRST_GUESS_BYTES_PER_NODE)) * WORDS_PER_NODE);
  let room = words.length;
  /** Next free word; a third of it is the number of nodes. */
  let top = 0;
  /** First word of the innermost open container, -1 outside of all. While a container is open its third word is its parent's first. */
  let open = -1;
  let inObject = false;
  let state: ScanState = VALUE;
  let invalidUtf8At = -1;
  let at = hasBom ? 3 : 0;
  let fault = false;

  scanning: for (;;) {
    // A value, a key or a closing bracket comes next.
    let byte = 0;
    for (;;) {
      if (at >= length) {
        fault = true;
        break scanning;
      }
      byte = bytes[at] as number;
      if (byte > 0x20) break;
      if (byte === 0x0a) {
        // Indentation, four spaces a step.
        at++;
        while (at + 4 <= length && bytes[at] === 0x20 && bytes[at + 1] === 0x20 && bytes[at + 2] === 0x20 && bytes[at + 3] === 0x20)
          at += 4;
        continue;
      }
      if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) {
        fault = true;
        break scanning;
      }
      at++;
    }
    if (top === room) {
      words = grow(words, at, length);
      room = words.length;
    }
    const from = at;

    if (byte === 0x22) {
      at++;
      for (;;) {
        while (
          at + 4 <= length &&
          ((PLAIN[bytes[at] as number] as number) &
            (PLAIN[bytes[at + 1] as number] as number) &
            (PLAIN[bytes[at + 2] as number] as number) &
            (PLAIN[bytes[at + 3] as number] as number)) ===
            1
        )
          at += 4;
        while (at < length && PLAIN[(byte = bytes[at] as number)] === 1) at++;
        if (at >= length) {
          fault = true;
          at = from;
          break scanning;
        }
        if (byte === 0x22) break;
        if (byte === 0x5c) {
          const escaped = at + 1 < length ? (bytes[at + 1] as number) : 0;
          if (escaped === 0x75) {
            if (
              at + 5 >= length ||
              ((HEX[bytes[at + 2] as number] as number) &
                (HEX[bytes[at + 3] as number] as number) &
                (HEX[bytes[at + 4] as number] as number) &
                (HEX[bytes[at + 5] as number] as number)) ===
                0
            ) {
              fault = true;
              at = from;
              break scanning;
            }
            at += 6;
          } else if (
            escaped === 0x6e ||
            escaped === 0x22 ||
            escaped === 0x5c ||
            escaped === 0x74 ||
            escaped === 0x2f ||
            escaped === 0x72 ||
            escaped === 0x62 ||
            escaped === 0x66
          ) {
            at += 2;
          } else {
            fault = true;
            at = from;
            break scanning;
          }
        } else if (byte >= 0x80) {
          const sequence = utf8SequenceLength(bytes, at);
          if (sequence === 0) {
            if (invalidUtf8At < 0) invalidUtf8At = at;
            at++;
          } else at += sequence;
        } else {
          fault = true;
          at = from;
          break scanning;
        }
      }
      at++;
      words[top] = from;
      words[top + 1] = at;
      top += 3;
      words[top - 1] = top / 3;
      if (state >= FIRST_KEY) {
        state = COLON;
        for (;;) {
          if (at >= length) {
            fault = true;
            break scanning;
          }
          byte = bytes[at] as number;
          if (byte === 0x3a) break;
          if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
            fault = true;
            break scanning;
          }
          at++;
        }
        at++;
        state = VALUE;
        continue;
      }
    } else if (state >= FIRST_KEY) {
      if (byte !== 0x7d || state === NEXT_KEY) {
        fault = true;
        break;
      }
      // The closing brace of an empty object is read below.
    } else if ((byte >= 0x30 && byte <= 0x39) || byte === 0x2d) {
      at++;
      if (byte === 0x2d) byte = at < length ? (bytes[at++] as number) : 0;
      // `byte` is the first digit now, `at` just behind it.
      if (byte >= 0x31 && byte <= 0x39) {
        while (at < length && (byte = bytes[at] as number) >= 0x30 && byte <= 0x39) at++;
      } else if (byte !== 0x30 || (at < length && (byte = bytes[at] as number) >= 0x30 && byte <= 0x39)) {
        fault = true;
        at = from;
        break;
      }
      if (at < length && byte === 0x2e) {
        const point = at++;
        byte = 0;
        while (at < length && (byte = bytes[at] as number) >= 0x30 && byte <= 0x39) at++;
        if (at === point + 1) {
          fault = true;
          at = from;
          break;
        }
      }
      if (at < length && (byte === 0x65 || byte === 0x45)) {
        at++;
        if (at < length && ((byte = bytes[at] as number) === 0x2b || byte === 0x2d)) at++;
        const digits = at;
        while (at < length && (byte = bytes[at] as number) >= 0x30 && byte <= 0x39) at++;
        if (at === digits) {
          fault = true;
          at = from;
          break;
        }
      }
      words[top] = from;
      words[top + 1] = at;
      top += 3;
      words[top - 1] = top / 3;
    } else if (byte === 0x7b || byte === 0x5b) {
      words[top] = from;
      words[top + 2] = open;
      open = top;
      top += 3;
      at++;
      inObject = byte === 0x7b;
      state = inObject ? FIRST_KEY : FIRST_ELEMENT;
      continue;
    } else if (byte === 0x5d && state === FIRST_ELEMENT) {
      // The closing bracket of an empty array is read below.
    } else {
      if (byte === 0x74 && at + 4 <= length && bytes[at + 1] === 0x72 && bytes[at + 2] === 0x75 && bytes[at + 3] === 0x65) at += 4;
      else if (byte === 0x6e && at + 4 <= length && bytes[at + 1] === 0x75 && bytes[at + 2] === 0x6c && bytes[at + 3] === 0x6c) at += 4;
      else if (
        byte === 0x66 &&
        at + 5 <= length &&
        bytes[at + 1] === 0x61 &&
        bytes[at + 2] === 0x6c &&
        bytes[at + 3] === 0x73 &&
        bytes[at + 4] === 0x65
      )
        at += 5;
      else {
        fault = true;
        break;
      }
      words[top] = from;
      words[top + 1] = at;
      top += 3;
      words[top - 1] = top / 3;
    }

    // A value ended, or a container is empty: a comma, closing brackets or the end of the text come next.
    for (;;) {
      if (open < 0) {
        state = END;
        while (at < length && ((byte = bytes[at] as number) === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09)) at++;
        fault = at < length;
        break scanning;
      }
      for (;;) {
        if (at >= length) {
          fault = true;
          state = inObject ? AFTER_MEMBER : AFTER_ELEMENT;
          break scanning;
        }
        byte = bytes[at] as number;
        if (byte > 0x20) break;
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
          fault = true;
          state = inObject ? AFTER_MEMBER : AFTER_ELEMENT;
          break scanning;
        }
        at++;
      }
      if (byte === 0x2c) {
        at++;
        state = inObject ? NEXT_KEY : NEXT_ELEMENT;
        break;
      }
      if (byte !== (inObject ? 0x7d : 0x5d)) {
        fault = true;
        state = inObject ? AFTER_MEMBER : AFTER_ELEMENT;
        break scanning;
      }
      at++;
      const parent = words[open + 2] as number;
      words[open + 1] = at;
      words[open + 2] = top / 3;
      open = parent;
      if (open >= 0) inObject = bytes[words[open] as number] === 0x7b;
    }
  }

  let error: SyntaxFault | undefined;
  if (fault) {
    error = describeFault(bytes, at, state);
    // The last node is a key when its value, or the colon before it, is what failed.
    if (state === COLON || (state === VALUE && inObject)) top -= 3;
    while (open >= 0) {
      const parent = words[open + 2] as number;
      words[open + 1] = error.offset;
      words[open + 2] = top / 3;
      open = parent;
    }
    if (invalidUtf8At < 0) invalidUtf8At = findInvalidUtf8(bytes, at);
  }
  if (top < words.length * TRIM_BELOW) words = words.slice(0, top);
  return new Tape(bytes, words, top / WORDS_PER_NODE, { error, hasBom, invalidUtf8At });
}

function refused(bytes: Uint8Array, reason: string): Tape {
  const error = { offset: 0, reason, consumed: 0, skipped: { reason, consumed: 0 } };
  return new Tape(bytes, new Int32Array(0), 0, { error, hasBom: false, invalidUtf8At: -1 });
}

/** A larger copy of a full tape, sized by how dense the text was so far: at least a quarter more, at most double. */
function grow(words: Int32Array, scanned: number, length: number): Int32Array<ArrayBuffer> {
  const nodes = words.length / WORDS_PER_NODE;
  const expected = Math.ceil((nodes / Math.max(1, scanned)) * length * 1.04);
  const wanted = Math.min(Math.max(expected, Math.ceil(nodes * 1.25)), nodes * 2) + MIN_NODES;
  const larger = new Int32Array(wanted * WORDS_PER_NODE);
  larger.set(words);
  return larger;
}
