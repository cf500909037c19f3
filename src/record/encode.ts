/**
 * Writes a value by its codec. Fidelity "runtime" gives the runtime's bytes. "lossless" differs in three things only: fields the runtime
 * does not know stay, in place and with their own text; keys keep their order; a number that was not changed keeps its text. What a field
 * cannot hold stays as it stands.
 */
import { elements, members, numberText, stringText } from "../json/cursor.ts";
import { compareBytes } from "../json/compareBytes.ts";
import { readFloat } from "../json/floatText.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { JsonWriter } from "../json/JsonWriter.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { writeValue } from "../json/writeValue.ts";
import { defaultValue } from "./codec.ts";
import type { Codec, FieldCodec, StructCodec } from "./codec.ts";
import { hasExactNumbers } from "./exactNumbers.ts";
import type { Origin, Origins } from "./Origins.ts";

export type Fidelity = "runtime" | "lossless";

export interface EncodeOptions {
  readonly fidelity: Fidelity;
  /** Needed for "lossless": without an origin a value is written as the runtime writes it. */
  readonly origins?: Origins;
  /** Known fields that the text does not have and whose value is the default stay away: for records of later shapes. */
  readonly omitDefaults?: boolean;
  /** Called with every float that is written in our own spelling. */
  readonly onFloat?: (value: number) => void;
}

/** Where a value was read, for its own text. */
interface Source {
  readonly tape: Tape;
  readonly node: NodeId;
}

/** The whole value as pretty JSON text, two spaces a level, no newline at the end. */
export function encodePretty(codec: Codec, value: unknown, options: EncodeOptions, sizeHint = 4096): Uint8Array {
  const writer = new JsonWriter("pretty", sizeHint);
  encode(writer, codec, value, options);
  return writer.finish();
}

/** Writes one value; `source` is the place of a scalar in the text, containers know their own. */
export function encode(writer: JsonWriter, codec: Codec, value: unknown, options: EncodeOptions, source?: Source): void {
  switch (codec.kind) {
    case "str":
    case "uuid":
    case "policyAction":
    case "enum":
      writer.string(value as string);
      return;
    case "bool":
      writer.boolean(value as boolean);
      return;
    case "int":
      writer.integer(value as bigint);
      return;
    case "f64":
      encodeFloat(writer, value as number, options, source);
      return;
    case "any":
      encodeFree(writer, value as JsonSlice | null, options);
      return;
    case "nullable":
      if (value === null) writer.null();
      else encode(writer, codec.inner, value, options, source);
      return;
    case "list":
    case "stringOrList":
      writer.beginArray();
      for (const element of value as readonly unknown[]) {
        encode(writer, codec.kind === "list" ? codec.element : { kind: "str" }, element, options);
      }
      writer.endArray();
      return;
    case "map":
      encodeMap(writer, codec.value, value as ReadonlyMap<string, unknown>, options);
      return;
    case "tagged": {
      const variant = codec.variants.get((value as Record<string, unknown>)[codec.tag] as string);
      if (variant === undefined) throw new Error("a variant that is none");
      encodeStruct(writer, variant, value as Record<string, unknown>, options);
      return;
    }
    case "struct":
      encodeStruct(writer, codec, value as Record<string, unknown>, options);
  }
}

function encodeFloat(writer: JsonWriter, value: number, options: EncodeOptions, source: Source | undefined): void {
  if (options.fidelity === "lossless" && source !== undefined && source.tape.kind(source.node) === "number") {
    const { tape, node } = source;
    if (Object.is(readFloat(numberText(tape, node)), value)) {
      writer.raw(tape.bytes, tape.start(node), tape.end(node));
      return;
    }
  }
  options.onFloat?.(value);
  writer.float(value);
}

function encodeFree(writer: JsonWriter, slice: JsonSlice | null, options: EncodeOptions): void {
  if (slice === null) writer.null();
  else if (options.fidelity === "lossless") writeValue(writer, slice.tape, slice.node, { keys: "source", numbers: "source" });
  else writeValue(writer, slice.tape, slice.node, { keys: "sorted", numbers: hasExactNumbers(slice) ? "source" : "runtime" });
}

function encodeMap(writer: JsonWriter, element: Codec, values: ReadonlyMap<string, unknown>, options: EncodeOptions): void {
  const origin = options.fidelity === "lossless" ? options.origins?.get(values) : undefined;
  const sources = new Map<string, NodeId>();
  if (origin !== undefined) for (const [key, value] of members(origin.tape, origin.node)) sources.set(stringText(origin.tape, key), value);
  writer.beginObject();
  for (const name of mapOrder(values, sources)) {
    writer.key(name);
    const node = sources.get(name);
    encode(writer, element, values.get(name), options, origin && node !== undefined ? { tape: origin.tape, node } : undefined);
  }
  writer.endObject();
}

/** Keys in byte order; those of the text in their own order, with each new one before the first that sorts after it. */
function mapOrder(values: ReadonlyMap<string, unknown>, sources: ReadonlyMap<string, unknown>): string[] {
  const added = [...values.keys()].filter((name) => !sources.has(name)).sort(compareBytes);
  const order: string[] = [];
  let next = 0;
  for (const name of sources.keys()) {
    if (!values.has(name)) continue;
    for (let fresh = added[next]; fresh !== undefined && compareBytes(fresh, name) < 0; fresh = added[++next]) order.push(fresh);
    order.push(name);
  }
  return [...order, ...added.slice(next)];
}

function isSkipped(field: FieldCodec, value: unknown): boolean {
  if (field.skip === undefined) return false;
  if (field.skip === "default") return isDefault(field.codec, value);
  return field.skip === "null" ? value === null : isEmpty(field.codec, value);
}

function isEmpty(codec: Codec, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  if (codec.kind !== "struct") return value === null;
  return codec.fields.every((field) => isEmpty(field.codec, (value as Record<string, unknown>)[field.name]));
}

function encodeStruct(writer: JsonWriter, codec: StructCodec, value: Record<string, unknown>, options: EncodeOptions): void {
  const origin = options.fidelity === "lossless" ? options.origins?.get(value) : undefined;
  writer.beginObject();
  if (origin === undefined) {
    for (const field of codec.fields) {
      if (isSkipped(field, value[field.name])) continue;
      writer.key(field.name);
      encode(writer, field.codec, value[field.name], options);
    }
  } else {
    for (const entry of layOut(codec, value, origin, options)) writeEntry(writer, entry, value, origin, options);
  }
  writer.endObject();
}

/** One member to be written: a field (with the place it was read from, if any), or a member kept as it stands. */
type Entry =
  { readonly field: FieldCodec; readonly node: NodeId } | { readonly field: undefined; readonly key: NodeId; readonly node: NodeId };

function writeEntry(writer: JsonWriter, entry: Entry, value: Record<string, unknown>, origin: Origin, options: EncodeOptions): void {
  const { tape } = origin;
  if (entry.field === undefined) {
    writer.keyRaw(tape, entry.key);
    writer.raw(tape.bytes, tape.start(entry.node), tape.end(entry.node));
    return;
  }
  writer.key(entry.field.name);
  if (origin.foreign.has(entry.field.name)) writer.raw(tape.bytes, tape.start(entry.node), tape.end(entry.node));
  else {
    const source = entry.node === NO_NODE ? undefined : { tape, node: entry.node };
    encode(writer, entry.field.codec, value[entry.field.name], options, source);
  }
}

/** The members of a struct that came from text: its own order, with what is new where the runtime's order puts it. */
function layOut(codec: StructCodec, value: Record<string, unknown>, origin: Origin, options: EncodeOptions): Entry[] {
  const { tape, node } = origin;
  const placed = new Map<FieldCodec, Entry>();
  const entries: Entry[] = [];
  if (tape.kind(node) === "array") {
    const nodes = [...elements(tape, node)];
    for (const field of codec.fields) {
      const entry: Entry = { field, node: nodes[field.index] ?? NO_NODE };
      if (isSkipped(field, value[field.name]) && !origin.foreign.has(field.name)) continue;
      entries.push(entry);
    }
    return entries;
  }
  const last = new Map<FieldCodec, NodeId>();
  for (const [key, element] of members(tape, node)) {
    const field = codec.byKey.get(stringText(tape, key));
    if (field !== undefined) last.set(field, element);
  }
  for (const [key, element] of members(tape, node)) {
    const field = codec.byKey.get(stringText(tape, key));
    if (field === undefined) {
      // A policy rule's members are all its own, in whatever spelling: the rule is written in the canonical one.
      if (!codec.isPolicyRule) entries.push({ field: undefined, key, node: element });
    } else if (!placed.has(field)) {
      const entry: Entry = { field, node: last.get(field) ?? element };
      placed.set(field, entry);
      if (!isSkipped(field, value[field.name]) || origin.foreign.has(field.name)) entries.push(entry);
    }
  }
  return insertMissing(codec, value, entries, placed, options);
}

function insertMissing(
  codec: StructCodec,
  value: Record<string, unknown>,
  entries: readonly Entry[],
  placed: ReadonlyMap<FieldCodec, Entry>,
  options: EncodeOptions,
): Entry[] {
  const first: Entry[] = [];
  const after = new Map<Entry, Entry[]>();
  let previous: Entry | undefined;
  for (const field of codec.fields) {
    const present = placed.get(field);
    if (present !== undefined) {
      if (entries.includes(present)) previous = present;
      continue;
    }
    if (isSkipped(field, value[field.name]) || (options.omitDefaults === true && isDefault(field.codec, value[field.name]))) continue;
    const entry: Entry = { field, node: NO_NODE };
    if (previous === undefined) first.push(entry);
    else after.set(previous, [...(after.get(previous) ?? []), entry]);
  }
  return [...first, ...entries.flatMap((entry) => [entry, ...(after.get(entry) ?? [])])];
}

function isDefault(codec: Codec, value: unknown): boolean {
  switch (codec.kind) {
    case "struct":
      return codec.fields.every((field) => isDefault(field.codec, (value as Record<string, unknown>)[field.name]));
    case "list":
    case "stringOrList":
      return (value as readonly unknown[]).length === 0;
    case "map":
      return (value as ReadonlyMap<string, unknown>).size === 0;
    default:
      return value === defaultValue(codec);
  }
}
