import { formatFloat } from "./floatText.ts";
import type { NodeId, Tape } from "./Tape.ts";

const encoder = new TextEncoder();

/** Letters of the short escapes by control character; 0 where only `\u00xx` will do. */
const SHORT_ESCAPES = new Uint8Array(0x20);
SHORT_ESCAPES.set([0x62, 0x74, 0x6e, 0, 0x66, 0x72], 0x08);

const HEX_DIGITS = encoder.encode("0123456789abcdef");

/** Up to this length bytes are copied one by one, and so are strings while they are ASCII; a call of the platform pays beyond it. */
const BY_HAND = 64;

const NEEDS_ESCAPE = /["\\\u0000-\u001f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Writes JSON text into one growing buffer: commas, colons and layout are its business, the order of calls is the caller's. Pretty is two
 * spaces a level, compact has no white space; empty containers are `[]` and `{}` in both (run record format, 5.1 and 5.2). Every `key` is
 * followed by one value; misuse throws.
 */
export class JsonWriter {
  #buffer: Uint8Array;
  #length = 0;
  readonly #pretty: boolean;
  /** Closing bracket of each open container. */
  readonly #open: number[] = [];
  /** Nothing stands in the innermost container yet. */
  #empty = true;
  #afterKey = false;

  constructor(layout: "pretty" | "compact", initialCapacity = 1024) {
    this.#pretty = layout === "pretty";
    this.#buffer = new Uint8Array(Math.max(64, initialCapacity));
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  beginObject(): void {
    this.#begin(0x7b, 0x7d);
  }

  endObject(): void {
    this.#end(0x7d);
  }

  beginArray(): void {
    this.#begin(0x5b, 0x5d);
  }

  endArray(): void {
    this.#end(0x5d);
  }

  /** A member's key, quoted and escaped. */
  key(name: string): void {
    this.#beforeItem();
    this.#quoted(name);
    this.#colon();
  }

  /** A member's key in its own text. */
  keyRaw(tape: Tape, keyNode: NodeId): void {
    this.#beforeItem();
    this.#copy(tape.bytes, tape.start(keyNode), tape.end(keyNode));
    this.#colon();
  }

  /** Lone surrogates, which UTF-8 cannot hold, are written as `\u` escapes. */
  string(text: string): void {
    this.#beforeValue();
    this.#quoted(text);
  }

  boolean(value: boolean): void {
    this.#beforeValue();
    this.#ascii(value ? "true" : "false");
  }

  null(): void {
    this.#beforeValue();
    this.#ascii("null");
  }

  integer(value: bigint): void {
    this.#beforeValue();
    this.#ascii(value.toString());
  }

  /** In float form, with a point or an exponent always; `null` when not finite. */
  float(value: number): void {
    this.#beforeValue();
    this.#ascii(Number.isFinite(value) ? formatFloat(value) : "null");
  }

  /** One whole value's JSON text, verbatim: bytes `[start, end)`. */
  raw(bytes: Uint8Array, start: number, end: number): void {
    this.#beforeValue();
    this.#copy(bytes, start, end);
  }

  /** The text, in an array of exactly its length; no newline at the end. The writer is not to be used after. */
  finish(): Uint8Array {
    if (this.#open.length > 0 || this.#afterKey) throw new Error("JsonWriter: finish() with an open container or a key without value");
    return this.#length === this.#buffer.length ? this.#buffer : this.#buffer.slice(0, this.#length);
  }

  #begin(bracket: number, closing: number): void {
    this.#beforeValue();
    this.#byte(bracket);
    this.#open.push(closing);
    this.#empty = true;
  }

  #end(closing: number): void {
    if (this.#afterKey || this.#open.pop() !== closing) throw new Error("JsonWriter: a container is closed that is not the innermost one");
    if (!this.#empty) this.#newLine();
    this.#byte(closing);
    this.#empty = false;
  }

  #beforeValue(): void {
    if (this.#afterKey) this.#afterKey = false;
    else this.#beforeItem();
  }

  #beforeItem(): void {
    if (this.#open.length === 0) {
      if (this.#length > 0) throw new Error("JsonWriter: a second value at the top");
      return;
    }
    if (this.#afterKey) throw new Error("JsonWriter: a key without value");
    if (!this.#empty) this.#byte(0x2c);
    this.#empty = false;
    this.#newLine();
  }

  #newLine(): void {
    if (!this.#pretty) return;
    const indent = this.#open.length * 2;
    this.#reserve(indent + 1);
    const buffer = this.#buffer;
    let to = this.#length;
    this.#length += indent + 1;
    buffer[to++] = 0x0a;
    if (indent > BY_HAND) buffer.fill(0x20, to, this.#length);
    else while (to < this.#length) buffer[to++] = 0x20;
  }

  #colon(): void {
    this.#byte(0x3a);
    if (this.#pretty) this.#byte(0x20);
    this.#afterKey = true;
  }

  #quoted(text: string): void {
    this.#byte(0x22);
    if (text.length > BY_HAND || !this.#plain(text)) {
      let from = 0;
      for (const match of text.matchAll(NEEDS_ESCAPE)) {
        this.#encode(text, from, match.index);
        this.#escape(text.charCodeAt(match.index));
        from = match.index + 1;
      }
      this.#encode(text, from, text.length);
    }
    this.#byte(0x22);
  }

  /** Writes a text of ASCII that needs no escape; false, and nothing written, for any other. */
  #plain(text: string): boolean {
    this.#reserve(text.length);
    const buffer = this.#buffer;
    const from = this.#length;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 0x20 || unit === 0x22 || unit === 0x5c || unit >= 0x80) return false;
      buffer[from + at] = unit;
    }
    this.#length += text.length;
    return true;
  }

  #encode(text: string, from: number, to: number): void {
    if (from === to) return;
    this.#reserve((to - from) * 3);
    this.#length += encoder.encodeInto(text.slice(from, to), this.#buffer.subarray(this.#length)).written;
  }

  #escape(unit: number): void {
    this.#byte(0x5c);
    const letter = unit < 0x20 ? (SHORT_ESCAPES[unit] ?? 0) : unit < 0x80 ? unit : 0;
    if (letter !== 0) {
      this.#byte(letter);
      return;
    }
    this.#byte(0x75);
    for (let shift = 12; shift >= 0; shift -= 4) this.#byte(HEX_DIGITS[(unit >> shift) & 0xf] ?? 0);
  }

  #ascii(text: string): void {
    this.#reserve(text.length);
    for (let at = 0; at < text.length; at++) this.#buffer[this.#length + at] = text.charCodeAt(at);
    this.#length += text.length;
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    const buffer = this.#buffer;
    let to = this.#length;
    if (end - start > BY_HAND) buffer.set(bytes.subarray(start, end), to);
    else for (let at = start; at < end; at++) buffer[to++] = bytes[at] ?? 0;
    this.#length += end - start;
  }

  #byte(byte: number): void {
    if (this.#length === this.#buffer.length) this.#reserve(1);
    this.#buffer[this.#length++] = byte;
  }

  #reserve(extra: number): void {
    const wanted = this.#length + extra;
    if (wanted <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(wanted, Math.ceil(this.#buffer.length * 1.5)));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}
