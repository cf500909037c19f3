/**
 * Values of any type (`any` in the format's tables): what the runtime's generic reader refuses in them, and the one key it treats
 * specially (run record format, nesting limit and private key).
 */
import { elements, firstKey, hasLoneSurrogate, members, nextKey, numberText, stringEquals, stringText, valueOf } from "../json/cursor.ts";
import { readFloat } from "../json/floatText.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { JsonWriter } from "../json/JsonWriter.ts";
import { scan } from "../json/scan.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
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
      return { code: "outOfRange", node: at, message: `the number ${numberText(tape, at)} is out of range` };
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

/** Whether an object stands for the JSON inside its string. */
function isRawValue(tape: Tape, node: NodeId): boolean {
  const key = tape.kind(node) === "object" ? firstKey(tape, node) : NO_NODE;
  return key !== NO_NODE && stringEquals(tape, key, RAW_VALUE_KEY);
}

/**
 * A value as the runtime holds it: itself, but for objects under the private key, which are replaced by the JSON in their string.
 * Fails where that string is no JSON.
 */
export function expandRawValues(slice: JsonSlice): JsonSlice | ValueFault {
  const { tape, node } = slice;
  const end = tape.next(node);
  for (let at = node; at < end; at++) {
    if (!isRawValue(tape, at)) continue;
    const writer = new JsonWriter("compact", tape.end(node) - tape.start(node));
    const fault = writeExpanded(writer, tape, node);
    return fault ?? { tape: scan(writer.finish()), node: 0 };
  }
  return slice;
}

function writeExpanded(writer: JsonWriter, tape: Tape, node: NodeId): ValueFault | undefined {
  switch (tape.kind(node)) {
    case "array":
      writer.beginArray();
      for (const element of elements(tape, node)) {
        const fault = writeExpanded(writer, tape, element);
        if (fault !== undefined) return fault;
      }
      writer.endArray();
      return undefined;
    case "object":
      if (isRawValue(tape, node)) return writeRawValue(writer, tape, node);
      writer.beginObject();
      for (const [key, value] of members(tape, node)) {
        writer.keyRaw(tape, key);
        const fault = writeExpanded(writer, tape, value);
        if (fault !== undefined) return fault;
      }
      writer.endObject();
      return undefined;
    default:
      writer.raw(tape.bytes, tape.start(node), tape.end(node));
      return undefined;
  }
}

function writeRawValue(writer: JsonWriter, tape: Tape, object: NodeId): ValueFault | undefined {
  const key = firstKey(tape, object);
  const value = valueOf(key);
  const refusal: ValueFault = {
    code: "rawValue",
    node: object,
    message: `an object under the key ${RAW_VALUE_KEY} holds one string of JSON`,
  };
  if (tape.kind(value) !== "string" || nextKey(tape, object, key) !== NO_NODE) return refusal;
  const inner = scan(new TextEncoder().encode(stringText(tape, value)));
  if (inner.error !== undefined || inner.hasBom || freeValueFault(inner, 0, 0) !== undefined) return refusal;
  return writeExpanded(writer, inner, 0);
}
