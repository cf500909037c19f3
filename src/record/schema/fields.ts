/**
 * The building blocks of the format's description. Each returns a zod schema, from which the TypeScript type is inferred; what zod
 * cannot say (integer width, aliases, keys left out when empty, the default variant of an enum) stands in its meta under `format`.
 * zod never parses a record: `compileCodec` turns these descriptions into what the decoder and the encoder walk.
 * The type codes are those of the run record format, "words and conventions".
 */
import * as z from "zod";
import type { JsonSlice } from "../../json/JsonSlice.ts";

/** What zod cannot say about a schema. It sits on the outermost schema of a field. */
export interface FormatMeta {
  /** The runtime's name of a struct or enum, as its refusals say it. */
  readonly name?: string;
  readonly width?: "i64" | "u32" | "u64" | "usize";
  /** Other spellings of the key that are read, never written. */
  readonly aliases?: readonly string[];
  /** The key is left out of the output when the value is null, or empty, or its type's default (0, false, ""). */
  readonly skip?: "null" | "empty" | "default";
  /** The struct has no container default: a missing key is refused unless its field is nullable or `optional`. */
  readonly noDefault?: true;
  /** In a struct without container default: a missing key takes the type's default all the same. */
  readonly optional?: true;
  /** What a missing key takes where that is not the type's default, as JSON text: an integer, or any value of an opaque field. */
  readonly missing?: string;
  /** The variant an absent enum takes. */
  readonly variant?: string;
  /** Key that tells the variants of a tagged union apart. */
  readonly tag?: string;
  /** Read by a rule of its own instead of its type. */
  readonly form?: "any" | "uuid" | "policyAction" | "policyRule" | "stringOrList";
}

/** The format meta of a schema; empty when there is none. */
export function formatOf(schema: z.core.$ZodType): FormatMeta {
  const meta = z.globalRegistry.get(schema) as { readonly format?: FormatMeta } | undefined;
  return meta?.format ?? {};
}

function withFormat<S extends z.ZodType>(schema: S, format: FormatMeta): S {
  return schema.meta({ ...schema.meta(), format: { ...formatOf(schema), ...format } });
}

export const str = (): z.ZodString => z.string();
export const bool = (): z.ZodBoolean => z.boolean();
export const f64 = (): z.ZodNumber => z.number();
export const i64 = (): z.ZodBigInt => withFormat(z.bigint(), { width: "i64" });
export const u32 = (): z.ZodBigInt => withFormat(z.bigint(), { width: "u32" });
export const u64 = (): z.ZodBigInt => withFormat(z.bigint(), { width: "u64" });
export const usize = (): z.ZodBigInt => withFormat(z.bigint(), { width: "usize" });
/** Any JSON value, kept as a slice of the text it came from. */
export const any = (): z.ZodCustom<JsonSlice> => withFormat(z.custom<JsonSlice>(), { form: "any" });
export const uuid = (): z.ZodString => withFormat(z.string(), { form: "uuid" });
export const policyAction = (): z.ZodString => withFormat(z.string(), { form: "policyAction" });
/** A list of strings that may be written as one string, or null. */
export const stringOrList = (): z.ZodArray<z.ZodString> => withFormat(z.array(z.string()), { form: "stringOrList" });

/** `T?`: null and a missing key mean the same. */
export const nullable = <S extends z.ZodType>(inner: S): z.ZodNullable<S> => z.nullable(inner);
export const list = <S extends z.ZodType>(element: S): z.ZodArray<S> => z.array(element);
/** `{T}`: an object from any string to T. */
export const map = <S extends z.ZodType>(value: S): z.ZodMap<z.ZodString, S> => z.map(z.string(), value);
export const unitEnum = <const V extends readonly [string, ...string[]]>(
  name: string,
  variants: V,
  variant: V[number] = variants[0],
): z.ZodEnum<{ [K in V[number]]: K }> => withFormat(z.enum(variants), { name, variant });

/** A struct whose missing keys take their type's default. */
export const struct = <const S extends z.ZodRawShape>(name: string, shape: S): z.ZodObject<S> => withFormat(z.object(shape), { name });
/** A struct in which a missing key is refused, unless it is nullable or {@link optional}. */
export const strictStruct = <const S extends z.ZodRawShape>(name: string, shape: S): z.ZodObject<S> =>
  withFormat(z.object(shape), { name, noDefault: true });

export const skipNull = <S extends z.ZodType>(field: S): S => withFormat(field, { skip: "null" });
export const skipEmpty = <S extends z.ZodType>(field: S): S => withFormat(field, { skip: "empty" });
export const skipDefault = <S extends z.ZodType>(field: S): S => withFormat(field, { skip: "default" });
/** A missing key takes this value, given as JSON text. */
export const missing = <S extends z.ZodType>(field: S, json: string): S => withFormat(field, { missing: json });
export const optional = <S extends z.ZodType>(field: S): S => withFormat(field, { optional: true });
export const alias = <S extends z.ZodType>(field: S, ...aliases: string[]): S => withFormat(field, { aliases });
export const form = <S extends z.ZodType>(schema: S, name: NonNullable<FormatMeta["form"]>): S => withFormat(schema, { form: name });

/** An object told apart by the string under `tag`; the variants are given without their tag. */
export const tagged = <const S extends readonly [z.ZodObject, ...z.ZodObject[]]>(name: string, tag: string, variants: S): z.ZodUnion<S> =>
  withFormat(z.union(variants), { name, tag });
/** One variant of a {@link tagged} union: the tag comes first. */
export const variant = <const T extends string, const S extends z.ZodRawShape>(
  name: string,
  tag: T,
  shape: S,
): z.ZodObject<{ kind: z.ZodLiteral<T> } & S> => withFormat(z.object({ kind: z.literal(tag), ...shape }), { name, noDefault: true });
