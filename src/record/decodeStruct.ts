/** Reading structs, from objects and from lists (run record format, objects into structs and arrays instead of objects). */
import { elements } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import type { FieldCodec, StructCodec } from "./codec.ts";
import { REFUSED } from "./decode.ts";
import type { Decoder } from "./decode.ts";

/** A struct being read. */
interface Target {
  readonly decoder: Decoder;
  readonly codec: StructCodec;
  readonly tape: Tape;
  readonly node: NodeId;
  readonly tag: NodeId;
  readonly value: Record<string, unknown>;
  readonly foreign: Set<string>;
}

/**
 * Reads a struct. Tolerant reading gives every field its default that could not be read, and notes which; a struct that lacks what it must
 * have, or has more than it can hold, is marked incomplete.
 *
 * @param tag the tag of a variant, which was read already in whatever spelling
 */
export function decodeStruct(decoder: Decoder, codec: StructCodec, tape: Tape, node: NodeId, tag: NodeId = NO_NODE): unknown {
  const kind = tape.kind(node);
  if (kind !== "object" && kind !== "array") return decoder.wrongType(codec, tape, node);
  if (!decoder.enter(tape, node)) return REFUSED;
  const value: Record<string, unknown> = {};
  for (const field of codec.fields) value[field.name] = undefined;
  const target: Target = { decoder, codec, tape, node, tag, value, foreign: decoder.origins.set(value, tape, node).foreign };
  const whole = kind === "object" ? readMembers(target) : readPositions(target);
  if (!whole) {
    if (!decoder.options.tolerant) return decoder.leave(REFUSED);
    decoder.origins.markIncomplete(value);
  }
  for (const field of codec.fields) if (value[field.name] === undefined) value[field.name] = field.initial();
  return decoder.leave(value);
}

/** Reads an object's members into their fields. False at the first fault of strict reading, and when required keys are missing. */
function readMembers(target: Target): boolean {
  const { decoder, codec, tape, node } = target;
  const met = new Set<FieldCodec>();
  const ranges = new Map<FieldCodec, readonly [number, number]>();
  for (const [key, element] of decoder.members(tape, node)) {
    const name = decoder.key(tape, key);
    if (name === REFUSED) {
      if (decoder.options.tolerant) continue;
      return false;
    }
    const field = codec.byKey.get(name);
    if (field === undefined) continue;
    if (met.has(field)) {
      decoder.refuse("duplicateField", tape, key, `the key ${JSON.stringify(field.name)} stands here a second time`);
      if (!decoder.options.tolerant) return false;
    }
    met.add(field);
    if (decoder.member(field, ranges, () => readField(field, element, target)) === false) return false;
  }
  const missing = codec.fields.filter((field) => !met.has(field) && !mayBeMissing(codec, field));
  for (const { name } of missing) decoder.refuse("missingField", tape, node, `the key ${JSON.stringify(name)} is missing`);
  return missing.length === 0;
}

function mayBeMissing(codec: StructCodec, field: FieldCodec): boolean {
  return codec.containerDefault || field.optional || field.codec.kind === "nullable";
}

/** Reads a list's elements into the fields in table order. */
function readPositions(target: Target): boolean {
  const { decoder, codec, tape, node } = target;
  let index = 0;
  for (const element of elements(tape, node)) {
    const field = codec.fields[index++];
    if (field === undefined) {
      const message = `struct ${codec.name} has ${codec.fields.length} fields; this element is one too many`;
      decoder.refuse("tooManyElements", tape, element, message);
      return false;
    }
    if (!readField(field, element, target)) return false;
  }
  const missing = codec.containerDefault ? undefined : codec.fields.slice(index).find((field) => !field.optional);
  if (missing === undefined) return true;
  decoder.refuse("missingField", tape, node, `the element for ${JSON.stringify(missing.name)} is missing`);
  return false;
}

/** False when strict reading ends here. */
function readField(field: FieldCodec, element: NodeId, { decoder, tape, tag, value: target, foreign }: Target): boolean {
  const value = element === tag ? "" : decoder.at(field.name, field.codec, tape, element);
  foreign.delete(field.name);
  target[field.name] = value === REFUSED ? undefined : value;
  if (value !== REFUSED && !decoder.origins.isIncomplete(value)) return true;
  foreign.add(field.name);
  decoder.markForeign(field.name);
  return value !== REFUSED || decoder.options.tolerant;
}
