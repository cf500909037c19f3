/**
 * Values of any type (`any` in the format's tables): what the runtime's generic reader refuses in them, and the one key it treats
 * specially (run record format, nesting limit and private key).
 */
import { elements, firstKey, hasLoneSurrogate, members, nextKey, numberText, stringEquals, stringText, valueOf } from "../json/cursor.ts";
import { compareBytes } from "../json/compareBytes.ts";
import { readFloat } from "../json/floatText.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { JsonWriter } from "../json/JsonWriter.ts";
import { scan } from "../json/scan.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { shownNumber } from "./describeValue.ts";
import type { ProblemCode } from "./Problem.ts";

/** Deepest nesting the runtime reads: the 128th open container is refused. */
export const MAX_DEPTH = 127;

/** An object whose first key this is stands for the JSON written inside its string. */
const RAW_VALUE_KEY = "$serde_json::private::RawValue";

/** Why a value is refused, and which node is at fault. */
export interface ValueFault {
  readonly code: ProblemCode;
  readonly node: NodeId;
  readonly message: string;
}

const depths = new WeakMap<Tape, number>();

/** Deepest nesting of a whole tape; counted once. */
function maxDepth(tape: Tape): number {
  let deepest = depths.get(tape);
  if (deepest !== undefined) return deepest;
  deepest = tape.nodeCount === 0 ? 0 : depthBelow(tape, 0);
  depths.set(tape, deepest);
  return deepest;
}

/** Containers nested in one another inside `node`, itself included. */
function depthBelow(tape: Tape, node: NodeId): number {
  const closing: NodeId[] = [];
  let deepest = 0;
  const end = tape.next(node);
  for (let at = node; at < end; at++) {
    while (closing.length > 0 && at >= (closing.at(-1) ?? 0)) closing.pop();
    const kind = tape.kind(at);
    if (kind !== "object" && kind !== "array") continue;
    closing.push(tape.next(at));
    deepest = Math.max(deepest, closing.length);
  }
  return deepest;
}

/** The first node below `node` at which the nesting limit is passed, with `outside` containers open around it; `NO_NODE` when none is. */
export function tooDeepAt(tape: Tape, node: NodeId, outside: number): NodeId {
  if (outside + maxDepth(tape) <= MAX_DEPTH) return NO_NODE;
  const closing: NodeId[] = [];
  const end = tape.next(node);
  for (let at = node; at < end; at++) {
    while (closing.length > 0 && at >= (closing.at(-1) ?? 0)) closing.pop();
    const kind = tape.kind(at);
    if (kind !== "object" && kind !== "array") continue;
    closing.push(tape.next(at));
    if (outside + closing.length > MAX_DEPTH) return at;
  }
  return NO_NODE;
}

/**
 * What the runtime's generic reader has against a value: nesting, lone surrogates, numbers beyond a double.
 *
 * @param outside containers open around the value; `null` where the value comes from one already read, and depth is no matter
 */
export function freeValueFault(tape: Tape, node: NodeId, outside: number | null): ValueFault | undefined {
  if (outside !== null) {
    const deep = tooDeepAt(tape, node, outside);
    if (deep !== NO_NODE) return { code: "tooDeep", node: deep, message: `nested deeper than ${MAX_DEPTH} levels` };
  }
  const end = tape.next(node);
  for (let at = node; at < end; at++) {
    const kind = tape.kind(at);
    if (kind === "string") {
      if (hasLoneSurrogate(tape, at)) return { code: "loneSurrogate", node: at, message: "half of a surrogate pair in a string" };
    } else if (kind === "number" && mayOverflow(tape, at) && readFloat(numberText(tape, at)) === undefined) {
      return { code: "outOfRange", node: at, message: `the number ${shownNumber(tape, at)} is out of range` };
    }
  }
  return undefined;
}

/** Only a long number, or one with an exponent, can be out of range. */
function mayOverflow(tape: Tape, node: NodeId): boolean {
  const start = tape.start(node);
  const end = tape.end(node);
  if (end - start > 308) return true;
  for (let at = start; at < end; at++) if (((tape.bytes[at] ?? 0) | 0x20) === 0x65) return true;
  return false;
}

/**
 * The private key of an object that stands for the JSON inside its string: its first key in a text; in a value already read, whose keys are
 * sorted, the least. `NO_NODE` when it is an object like any other.
 */
function rawValueKey(tape: Tape, node: NodeId, source: "text" | "value"): NodeId {
  if (tape.kind(node) !== "object") return NO_NODE;
  const first = firstKey(tape, node);
  if (source === "text") return first !== NO_NODE && stringEquals(tape, first, RAW_VALUE_KEY) ? first : NO_NODE;
  let found = NO_NODE;
  for (let key = first; key !== NO_NODE; key = nextKey(tape, node, key)) if (stringEquals(tape, key, RAW_VALUE_KEY)) found = key;
  if (found === NO_NODE) return NO_NODE;
  for (const [key] of members(tape, node)) if (compareBytes(stringText(tape, key), RAW_VALUE_KEY) < 0) return NO_NODE;
  return found;
}

/**
 * A value as the runtime holds it: itself, but for objects under the private key, which are replaced by the JSON in their string.
 * Fails where that string is no JSON.
 *
 * @param source whether the value is read from its text, or from a value already read
 */
export function expandRawValues(slice: JsonSlice, source: "text" | "value" = "text"): JsonSlice | ValueFault {
  const { tape, node } = slice;
  const end = tape.next(node);
  for (let at = node; at < end; at++) {
    if (rawValueKey(tape, at, source) === NO_NODE) continue;
    const writer = new JsonWriter("compact", tape.end(node) - tape.start(node));
    const fault = writeExpanded(writer, tape, node, source);
    return fault ?? { tape: scan(writer.finish()), node: 0 };
  }
  return slice;
}

function writeExpanded(writer: JsonWriter, tape: Tape, node: NodeId, source: "text" | "value"): ValueFault | undefined {
  switch (tape.kind(node)) {
    case "array":
      writer.beginArray();
      for (const element of elements(tape, node)) {
        const fault = writeExpanded(writer, tape, element, source);
        if (fault !== undefined) return fault;
      }
      writer.endArray();
      return undefined;
    case "object": {
      const rawKey = rawValueKey(tape, node, source);
      if (rawKey !== NO_NODE) return writeRawValue(writer, tape, node, rawKey, source);
      writer.beginObject();
      for (const [key, value] of members(tape, node)) {
        writer.keyRaw(tape, key);
        const fault = writeExpanded(writer, tape, value, source);
        if (fault !== undefined) return fault;
      }
      writer.endObject();
      return undefined;
    }
    default:
      writer.raw(tape.bytes, tape.start(node), tape.end(node));
      return undefined;
  }
}

function writeRawValue(writer: JsonWriter, tape: Tape, object: NodeId, rawKey: NodeId, source: "text" | "value"): ValueFault | undefined {
  const value = valueOf(rawKey);
  const refusal: ValueFault = {
    code: "rawValue",
    node: object,
    message: `an object under the key ${RAW_VALUE_KEY} holds one string of JSON`,
  };
  for (const [key] of members(tape, object)) {
    const repeated = source === "value" && stringEquals(tape, key, RAW_VALUE_KEY);
    if (key !== rawKey && !repeated) return refusal;
  }
  if (tape.kind(value) !== "string") return refusal;
  const inner = scan(new TextEncoder().encode(stringText(tape, value)));
  if (inner.error !== undefined || inner.hasBom || freeValueFault(inner, 0, 0) !== undefined) return refusal;
  return writeExpanded(writer, inner, 0, "text") === undefined ? undefined : refusal;
}
