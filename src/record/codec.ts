/**
 * What the decoder and the encoder walk: the zod descriptions of `schema/`, flattened once into plain objects with the field order,
 * aliases and defaults at hand.
 */
import type * as z from "zod";
import { scan } from "../json/scan.ts";
import { formatOf } from "./schema/fields.ts";

export interface FieldCodec {
  readonly name: string;
  /** Place in the table: the order of writing, and of the array form. */
  readonly index: number;
  readonly codec: Codec;
  readonly skip: "null" | "empty" | "default" | undefined;
  /** A missing key is no fault even where the struct has no container default. */
  readonly optional: boolean;
  /** A fresh value for a missing key. */
  readonly initial: () => unknown;
}

export interface StructCodec {
  readonly kind: "struct";
  readonly name: string;
  readonly fields: readonly FieldCodec[];
  /** By name and by every alias. */
  readonly byKey: ReadonlyMap<string, FieldCodec>;
  readonly containerDefault: boolean;
  /** Read by the policy rule's own steps; written like any struct. */
  readonly isPolicyRule: boolean;
}

export type Codec =
  | { readonly kind: "str" | "bool" | "f64" | "any" | "uuid" | "policyAction" | "stringOrList" }
  | { readonly kind: "int"; readonly width: "i64" | "u32" | "u64" | "usize" }
  | { readonly kind: "nullable"; readonly inner: Codec }
  | { readonly kind: "list"; readonly element: Codec }
  | { readonly kind: "map"; readonly value: Codec }
  | { readonly kind: "enum"; readonly name: string; readonly variants: readonly string[]; readonly variant: string }
  | { readonly kind: "tagged"; readonly name: string; readonly tag: string; readonly variants: ReadonlyMap<string, StructCodec> }
  | StructCodec;

const compiled = new WeakMap<object, Codec>();

/** The codec of a schema; compiled once a schema. Throws on a schema that no field constructor made, which is a fault of ours. */
export function compileCodec(schema: z.core.$ZodType): Codec {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const codec = compile(schema);
  compiled.set(schema, codec);
  return codec;
}

/** The codec of a struct's schema. */
export function compileStruct(schema: z.ZodObject): StructCodec {
  const codec = compileCodec(schema);
  if (codec.kind !== "struct") throw new Error("not a struct");
  return codec;
}

function compile(schema: z.core.$ZodType): Codec {
  const format = formatOf(schema);
  switch (format.form) {
    case "any":
    case "uuid":
    case "policyAction":
    case "stringOrList":
      return { kind: format.form };
    default:
  }
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case "string":
    case "literal":
      return { kind: "str" };
    case "boolean":
      return { kind: "bool" };
    case "number":
      return { kind: "f64" };
    case "bigint":
      return { kind: "int", width: format.width ?? "i64" };
    case "nullable":
      return { kind: "nullable", inner: compileCodec(def.innerType) };
    case "array":
      return { kind: "list", element: compileCodec(def.element) };
    case "map":
      return { kind: "map", value: compileCodec(def.valueType) };
    case "enum": {
      const variants = Object.keys(def.entries);
      return { kind: "enum", name: format.name ?? "", variants, variant: format.variant ?? variants[0] ?? "" };
    }
    case "union":
      return compileTagged(format.name ?? "", format.tag ?? "", def.options);
    case "object":
      return compileFields(schema, def.shape);
    default:
      throw new Error(`the format has no use for zod's ${def.type}`);
  }
}

function compileFields(schema: z.core.$ZodType, shape: Readonly<Record<string, z.core.$ZodType>>): StructCodec {
  const format = formatOf(schema);
  const byKey = new Map<string, FieldCodec>();
  const fields = Object.entries(shape).map(([name, fieldSchema], index): FieldCodec => {
    const { skip, optional, aliases, missing } = formatOf(fieldSchema);
    const codec = compileCodec(fieldSchema);
    const field = { name, index, codec, skip, optional: optional === true, initial: initialValue(codec, missing) };
    for (const key of [name, ...(aliases ?? [])]) byKey.set(key, field);
    return field;
  });
  return {
    kind: "struct",
    name: format.name ?? "",
    fields,
    byKey,
    containerDefault: format.noDefault !== true,
    isPolicyRule: format.form === "policyRule",
  };
}

/** What makes the value of a missing key: the type's default, or the JSON text the description gives. */
function initialValue(codec: Codec, json: string | undefined): () => unknown {
  if (json === undefined) return () => defaultValue(codec);
  if (codec.kind === "int") return () => BigInt(json);
  if (codec.kind === "any") return () => ({ tape: scan(new TextEncoder().encode(json)), node: 0 });
  throw new Error(`a missing ${codec.kind} takes its type's default`);
}

function compileTagged(name: string, tag: string, options: readonly z.core.$ZodType[]): Codec {
  const variants = new Map<string, StructCodec>();
  for (const option of options) {
    const codec = compileCodec(option);
    const literal = (option as z.core.$ZodTypes)._zod.def;
    if (codec.kind !== "struct" || literal.type !== "object") throw new Error("a variant is a struct");
    const tagDef = (literal.shape[tag] as z.core.$ZodTypes | undefined)?._zod.def;
    if (tagDef?.type !== "literal") throw new Error("a variant's tag is a literal");
    variants.set(String(tagDef.values[0]), codec);
  }
  return { kind: "tagged", name, tag, variants };
}

/** What a missing key takes in a struct with container default. Opaque values have none. */
export function defaultValue(codec: Codec): unknown {
  switch (codec.kind) {
    case "str":
    case "uuid":
    case "policyAction":
      return "";
    case "bool":
      return false;
    case "f64":
      return 0;
    case "int":
      return 0n;
    case "nullable":
    case "any":
    case "tagged":
      return null;
    case "list":
    case "stringOrList":
      return [];
    case "map":
      return new Map<string, unknown>();
    case "enum":
      return codec.variant;
    case "struct":
      return defaultStruct(codec);
  }
}

/** A struct in which every field has its default. */
export function defaultStruct(codec: StructCodec): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of codec.fields) value[field.name] = field.initial();
  return value;
}

/** What the runtime calls the type in its refusals. */
export function expectedText(codec: Codec): string {
  switch (codec.kind) {
    case "str":
    case "policyAction":
      return "a string";
    case "uuid":
      return "a formatted UUID string";
    case "stringOrList":
      return "string or string list";
    case "bool":
      return "a boolean";
    case "f64":
      return "f64";
    case "int":
      return codec.width;
    case "nullable":
      return expectedText(codec.inner);
    case "any":
      return "any valid JSON value";
    case "list":
      return "a sequence";
    case "map":
      return "a map";
    case "enum":
      return codec.variants.map((variant) => `\`${variant}\``).join(" or ");
    case "tagged":
      return `internally tagged enum ${codec.name}`;
    case "struct":
      return codec.isPolicyRule ? "a policy rule object" : `struct ${codec.name}`;
  }
}
