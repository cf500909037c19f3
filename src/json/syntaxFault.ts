import { AFTER_ELEMENT, AFTER_MEMBER, COLON, END, FIRST_ELEMENT, FIRST_KEY, NEXT_ELEMENT, NEXT_KEY } from "./scanState.ts";
import type { ScanState } from "./scanState.ts";
import type { FaultWording, SyntaxFault } from "./Tape.ts";

const EOF_VALUE = "EOF while parsing a value";
const EOF_LIST = "EOF while parsing a list";
const EOF_OBJECT = "EOF while parsing an object";
const EOF_STRING = "EOF while parsing a string";
const INVALID_NUMBER = "invalid number";
const CONTROL_CHARACTER = "control character (\\u0000-\\u001F) found while parsing a string";

/** How one of the runtime's two readers words a fault. A "peeked" one counts the offending byte as read as far as positions go. */
interface Wording {
  readonly reason: string;
  readonly at: number;
  readonly peeked: boolean;
}

const peeked = (reason: string, at: number): Wording => ({ reason, at, peeked: true });
const consumed = (reason: string, at: number): Wording => ({ reason, at, peeked: false });

/**
 * Words a syntax error as the runtime does (run record format, positions and serde_json texts).
 *
 * @param at the offending byte, or the first byte of the scalar that is broken, or the length of the text
 * @param state what the scanner waited for
 */
export function describeFault(bytes: Uint8Array, at: number, state: ScanState): SyntaxFault {
  const known = wordFault(bytes, at, state, false);
  const skipped = wordFault(bytes, at, state, true);
  const offset = Math.min(known.peeked || atEnd(known.reason) ? known.at : Math.max(at, known.at - 1), bytes.length);
  return { offset, ...counted(bytes, known), skipped: counted(bytes, skipped) };
}

function atEnd(reason: string): boolean {
  return reason.startsWith("EOF");
}

function counted(bytes: Uint8Array, wording: Wording): FaultWording {
  return { reason: wording.reason, consumed: wording.peeked ? Math.min(wording.at + 1, bytes.length) : wording.at };
}

function wordFault(bytes: Uint8Array, at: number, state: ScanState, skipping: boolean): Wording {
  const byte = bytes[at];
  const ended = byte === undefined;
  switch (state) {
    case END:
      return peeked("trailing characters", at);
    case AFTER_ELEMENT:
      return peeked(ended ? EOF_LIST : "expected `,` or `]`", at);
    case AFTER_MEMBER:
      return peeked(ended ? EOF_OBJECT : "expected `,` or `}`", at);
    case COLON:
      return peeked(ended ? EOF_OBJECT : "expected `:`", at);
    case FIRST_KEY:
      if (ended) return peeked(EOF_OBJECT, at);
      return byte === 0x22 ? wordString(bytes, at, skipping) : peeked("key must be a string", at);
    case NEXT_KEY:
      if (ended) return peeked(skipping ? EOF_OBJECT : EOF_VALUE, at);
      if (byte === 0x22) return wordString(bytes, at, skipping);
      return peeked(byte === 0x7d && !skipping ? "trailing comma" : "key must be a string", at);
    case FIRST_ELEMENT:
      return ended ? peeked(EOF_LIST, at) : wordScalar(bytes, at, skipping);
    case NEXT_ELEMENT:
      return byte === 0x5d && !skipping ? peeked("trailing comma", at) : wordScalar(bytes, at, skipping);
    default:
      return wordScalar(bytes, at, skipping);
  }
}

function wordScalar(bytes: Uint8Array, at: number, skipping: boolean): Wording {
  switch (bytes[at]) {
    case undefined:
      return peeked(EOF_VALUE, at);
    case 0x22:
      return wordString(bytes, at, skipping);
    case 0x74:
      return wordLiteral(bytes, at, "true");
    case 0x66:
      return wordLiteral(bytes, at, "false");
    case 0x6e:
      return wordLiteral(bytes, at, "null");
    default:
      return isDigit(bytes[at]) || bytes[at] === 0x2d ? wordNumber(bytes, at, skipping) : peeked("expected value", at);
  }
}

function wordLiteral(bytes: Uint8Array, from: number, literal: string): Wording {
  let matched = 1;
  while (matched < literal.length - 1 && bytes[from + matched] === literal.charCodeAt(matched)) matched++;
  const at = from + matched;
  return at >= bytes.length ? consumed(EOF_VALUE, at) : consumed("expected ident", at + 1);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function wordNumber(bytes: Uint8Array, from: number, skipping: boolean): Wording {
  const tooShort = skipping ? INVALID_NUMBER : EOF_VALUE;
  const ended = (at: number) => at >= bytes.length;
  let at = from;
  if (bytes[at] === 0x2d) {
    at++;
    if (ended(at)) return consumed(tooShort, at);
    if (!isDigit(bytes[at])) return consumed(INVALID_NUMBER, at + 1);
  }
  if (bytes[at] === 0x30) {
    at++;
    if (isDigit(bytes[at])) return peeked(INVALID_NUMBER, at);
  }
  while (isDigit(bytes[at])) at++;
  if (bytes[at] === 0x2e) {
    at++;
    if (!isDigit(bytes[at])) return peeked(ended(at) ? tooShort : INVALID_NUMBER, at);
    while (isDigit(bytes[at])) at++;
  }
  // What is left to be wrong is the exponent: its letter is here.
  at++;
  if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
  return ended(at) ? consumed(tooShort, at) : consumed(INVALID_NUMBER, at + 1);
}

const SIMPLE_ESCAPES = new Set([0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);

/**
 * Reads the string again, step by step as the runtime does. Outside of skipped values it looks at surrogate escapes as it goes, so one of
 * these can come before what the scanner found.
 */
function wordString(bytes: Uint8Array, from: number, skipping: boolean): Wording {
  let at = from + 1;
  for (;;) {
    const byte = bytes[at];
    if (byte === undefined) return consumed(EOF_STRING, bytes.length);
    if (byte < 0x20) return consumed(CONTROL_CHARACTER, skipping ? at : at + 1);
    if (byte !== 0x5c) {
      at++;
      continue;
    }
    at++;
    const escaped = bytes[at];
    if (escaped === undefined) return consumed(EOF_STRING, at);
    at++;
    if (SIMPLE_ESCAPES.has(escaped)) continue;
    if (escaped !== 0x75) return consumed("invalid escape", at);
    const unit = hexUnit(bytes, at);
    if (typeof unit !== "number") return unit;
    at += 4;
    if (skipping || unit < 0xd800 || unit > 0xdfff) continue;
    if (unit >= 0xdc00) return consumed("lone leading surrogate in hex escape", at);
    for (const expected of [0x5c, 0x75]) {
      if (at >= bytes.length) return consumed(EOF_STRING, at);
      if (bytes[at++] !== expected) return consumed("unexpected end of hex escape", at);
    }
    const second = hexUnit(bytes, at);
    if (typeof second !== "number") return second;
    at += 4;
    if (second < 0xdc00 || second > 0xdfff) return consumed("lone leading surrogate in hex escape", at);
  }
}

/** The four hexadecimal digits of a `\u` escape as a number, or what is wrong with them. */
function hexUnit(bytes: Uint8Array, at: number): number | Wording {
  if (at + 4 > bytes.length) return consumed(EOF_STRING, bytes.length);
  let unit = 0;
  for (let digit = 0; digit < 4; digit++) {
    const byte = bytes[at + digit] ?? 0;
    const lower = byte | 0x20;
    if (isDigit(byte)) unit = unit * 16 + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) unit = unit * 16 + lower - 0x57;
    else return consumed("invalid escape", at + 4);
  }
  return unit;
}
