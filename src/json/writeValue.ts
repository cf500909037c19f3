import { compareBytes } from "./compareBytes.ts";
import {
  decodeText,
  firstElement,
  firstKey,
  hasLoneSurrogate,
  indexOfBackslash,
  isIntegerLiteral,
  nextElement,
  nextKey,
  numberText,
  stringText,
  valueOf,
} from "./cursor.ts";
import { readFloat } from "./floatText.ts";
import { JsonWriter } from "./JsonWriter.ts";
import { NO_NODE } from "./Tape.ts";
import type { NodeId, Tape } from "./Tape.ts";

/** How a free-form value is written again. */
export interface ValueStyle {
  /** "sorted": by UTF-8 bytes, as the runtime does; "source": as they stand. Of a repeated key the last value is kept, at the first place. */
  readonly keys: "sorted" | "source";
  /**
   * "runtime": as the runtime reads and prints them; "vm": the same, and integers beyond i64 become floats, as in the runtime's own values;
   * "source": in their own text.
   */
  readonly numbers: "runtime" | "vm" | "source";
}

/** One member as it will be written. */
interface Member {
  readonly key: NodeId;
  readonly name: string;
  value: NodeId;
}

/** A container that is being written: what of it is left. */
type Frame =
  | { readonly kind: "array"; readonly node: NodeId; next: NodeId }
  | { readonly kind: "object"; readonly members: readonly Member[]; written: number };

/**
 * Writes a free-form value through a writer, whose layout it takes. Strings are escaped canonically; one with a lone surrogate escape keeps
 * its own text, and so does a number out of the runtime's range. Depth is no matter.
 */
export function writeValue(writer: JsonWriter, tape: Tape, node: NodeId, style: ValueStyle): void {
  const frames: Frame[] = [];
  let value = node;
  for (;;) {
    const frame = writeOne(writer, tape, value, style);
    if (frame !== undefined) frames.push(frame);
    for (;;) {
      const top = frames.at(-1);
      if (top === undefined) return;
      value = top.kind === "array" ? nextOfArray(tape, top) : nextOfObject(writer, tape, top);
      if (value !== NO_NODE) break;
      if (top.kind === "array") writer.endArray();
      else writer.endObject();
      frames.pop();
    }
  }
}

/** A value as compact text, keys sorted, numbers as the runtime prints them (run record format, 5.5). */
export function compactText(tape: Tape, node: NodeId): string {
  const writer = new JsonWriter("compact", tape.end(node) - tape.start(node));
  writeValue(writer, tape, node, { keys: "sorted", numbers: "runtime" });
  const bytes = writer.finish();
  return decodeText(bytes, 0, bytes.length);
}

/** Writes a scalar, or opens a container and answers its frame. */
function writeOne(writer: JsonWriter, tape: Tape, node: NodeId, style: ValueStyle): Frame | undefined {
  switch (tape.kind(node)) {
    case "object":
      writer.beginObject();
      return { kind: "object", members: membersToWrite(tape, node, style), written: 0 };
    case "array":
      writer.beginArray();
      return { kind: "array", node, next: firstElement(tape, node) };
    case "string":
      writeString(writer, tape, node);
      return undefined;
    case "number":
      writeNumber(writer, tape, node, style);
      return undefined;
    default:
      writer.raw(tape.bytes, tape.start(node), tape.end(node));
      return undefined;
  }
}

function nextOfArray(tape: Tape, frame: Extract<Frame, { kind: "array" }>): NodeId {
  const element = frame.next;
  if (element !== NO_NODE) frame.next = nextElement(tape, frame.node, element);
  return element;
}

/** Writes the key of the next member and answers its value. */
function nextOfObject(writer: JsonWriter, tape: Tape, frame: Extract<Frame, { kind: "object" }>): NodeId {
  const member = frame.members[frame.written++];
  if (member === undefined) return NO_NODE;
  if (keepsOwnText(tape, member.key)) writer.keyRaw(tape, member.key);
  else writer.key(member.name);
  return member.value;
}

function membersToWrite(tape: Tape, object: NodeId, style: ValueStyle): readonly Member[] {
  const list: Member[] = [];
  let ascending = true;
  let last = "";
  for (let key = firstKey(tape, object); key !== NO_NODE; key = nextKey(tape, object, key)) {
    const name = stringText(tape, key);
    ascending &&= list.length === 0 || compareBytes(last, name) < 0;
    list.push({ key, name, value: valueOf(key) });
    last = name;
  }
  // Keys that ascend, as the runtime writes them, are sorted and all different.
  if (ascending) return list;
  const byName = new Map<string, Member>();
  for (const member of list) {
    const earlier = byName.get(member.name);
    if (earlier === undefined) byName.set(member.name, member);
    else earlier.value = member.value;
  }
  const different = byName.size === list.length ? list : [...byName.values()];
  return style.keys === "sorted" ? different.sort((a, b) => compareBytes(a.name, b.name)) : different;
}

function writeString(writer: JsonWriter, tape: Tape, node: NodeId): void {
  if (keepsOwnText(tape, node)) writer.raw(tape.bytes, tape.start(node), tape.end(node));
  else writer.string(stringText(tape, node));
}

function writeNumber(writer: JsonWriter, tape: Tape, node: NodeId, style: ValueStyle): void {
  const exact = style.numbers === "source" || isExactInteger(tape, node, style.numbers === "vm" ? MAX_I64 : MAX_U64);
  const value = exact ? undefined : readFloat(numberText(tape, node));
  if (value === undefined) writer.raw(tape.bytes, tape.start(node), tape.end(node));
  else writer.float(value);
}

const MIN_I64 = -9223372036854775808n;
const MAX_I64 = 9223372036854775807n;
const MAX_U64 = 18446744073709551615n;

/** Whether a number is an integer the runtime keeps exactly: it fits u64 (or the given limit), or i64 when negative. */
export function isExactInteger(tape: Tape, node: NodeId, highest: bigint = MAX_U64): boolean {
  if (!isIntegerLiteral(tape, node)) return false;
  const length = tape.end(node) - tape.start(node);
  if (length < 19) return true;
  // JSON has no leading zeros; and a bigint of millions of digits costs dearly, or cannot be made.
  if (length > 20) return false;
  const value = BigInt(numberText(tape, node));
  return value >= MIN_I64 && value <= highest;
}

/** Letters of the escapes that have no other canonical form: `"` `\\` `b` `f` `n` `r` `t`. */
const CANONICAL_ESCAPES = new Set([0x22, 0x5c, 0x62, 0x66, 0x6e, 0x72, 0x74]);

/** Whether a string's own text is what the writer would write, or must stay because UTF-8 cannot hold its lone surrogates. */
function keepsOwnText(tape: Tape, node: NodeId): boolean {
  const { bytes } = tape;
  const to = tape.end(node);
  for (let at = indexOfBackslash(bytes, tape.start(node), to); at !== -1; at = indexOfBackslash(bytes, at + 2, to)) {
    if (!CANONICAL_ESCAPES.has(bytes[at + 1] ?? 0)) return hasLoneSurrogate(tape, node);
  }
  return true;
}
