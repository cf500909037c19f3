/** Looking into opaque values the way the runtime does: what has another type counts as not there. */
import { elements, findMember, stringText } from "../json/cursor.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { JsonWriter } from "../json/JsonWriter.ts";
import { scan } from "../json/scan.ts";
import { NO_NODE } from "../json/Tape.ts";
import { writeValue } from "../json/writeValue.ts";
import type { Codec } from "./codec.ts";
import { Decoder, REFUSED } from "./decode.ts";
import { integerOf } from "./decodeScalar.ts";
import { encode } from "./encode.ts";
import { markExact } from "./exactNumbers.ts";

/** The member of an object; of repeated keys the last. Null when the value is no object or has no such key. */
export function memberOf(slice: JsonSlice | null | undefined, name: string): JsonSlice | null {
  if (slice === null || slice === undefined || slice.tape.kind(slice.node) !== "object") return null;
  const node = findMember(slice.tape, slice.node, name);
  return node === NO_NODE ? null : { tape: slice.tape, node };
}

export function stringOf(slice: JsonSlice | null | undefined): string | null {
  return slice?.tape.kind(slice.node) === "string" ? stringText(slice.tape, slice.node) : null;
}

export function stringMember(slice: JsonSlice | null | undefined, name: string): string | null {
  return stringOf(memberOf(slice, name));
}

export function booleanMember(slice: JsonSlice | null, name: string): boolean | null {
  const value = memberOf(slice, name);
  const kind = value?.tape.kind(value.node);
  return kind === "true" || kind === "false" ? kind === "true" : null;
}

/** A non-negative integer literal that fits 64 bits; anything else, floats included, is 0. */
export function countMember(slice: JsonSlice | null, name: string): bigint {
  const value = memberOf(slice, name);
  const count = value === null ? undefined : integerOf(value.tape, value.node);
  return count === undefined || count < 0n ? 0n : count;
}

/** The elements of an array; null when the value is none. */
export function arrayOf(slice: JsonSlice | null): JsonSlice[] | null {
  if (slice?.tape.kind(slice.node) !== "array") return null;
  return [...elements(slice.tape, slice.node)].map((node) => ({ tape: slice.tape, node }));
}

/** The strings among an array's elements. */
export function stringsOf(slice: JsonSlice | null): string[] {
  return (arrayOf(slice) ?? []).map(stringOf).filter((text) => text !== null);
}

export function isObject(slice: JsonSlice): boolean {
  return slice.tape.kind(slice.node) === "object";
}

export function isNull(slice: JsonSlice): boolean {
  return slice.tape.kind(slice.node) === "null";
}

/** Reads a value already taken in by a codec; null on any failure, as the runtime does where a part may be unreadable. */
export function decodeSlice(codec: Codec, slice: JsonSlice): unknown {
  const value = new Decoder({ source: "value", tolerant: false }).decode(codec, slice.tape, slice.node);
  return value === REFUSED ? null : value;
}

/** A text as a JSON value of its own. */
export function sliceOfString(text: string): JsonSlice {
  const writer = new JsonWriter("compact");
  writer.string(text);
  return { tape: scan(writer.finish()), node: 0 };
}

/** A typed value as a free one: keys sorted, and every number in the spelling it will be written with. */
export function sliceOfValue(codec: Codec, value: unknown): JsonSlice {
  const typed = new JsonWriter("compact");
  encode(typed, codec, value, { fidelity: "runtime" });
  return markExact(sortedSlice({ tape: scan(typed.finish()), node: 0 }));
}

/** A value with its keys sorted and of repeated ones the last, as the runtime's generic values are; numbers in their own text. */
export function sortedSlice(slice: JsonSlice): JsonSlice {
  const sorted = new JsonWriter("compact");
  writeValue(sorted, slice.tape, slice.node, { keys: "sorted", numbers: "source" });
  return { tape: scan(sorted.finish()), node: 0 };
}
