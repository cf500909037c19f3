/** The JSON schema that editors complete and explain records by: from the same descriptions that records are read by. It never rejects. */
import * as z from "zod";
import { formatOf } from "./schema/fields.ts";
import { RunRecord } from "./schema/RunRecord.ts";

/** A JSON schema of words that only suggest and explain; a validator has nothing against any value. */
export interface EditorSchema {
  /** The type in words. */
  readonly description?: string;
  /** Values an enum may have. */
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, EditorSchema>>;
  readonly items?: EditorSchema;
  readonly additionalProperties?: EditorSchema;
}

type Made = z.core.JSONSchema.BaseSchema;

/** The schema of a run record. No type, no required key, no bound: faults are told by the reader alone, so that none is listed twice. */
export function runRecordJsonSchema(): EditorSchema {
  return suggestion(zodsOwn(RunRecord));
}

/** What zod makes of a description, with names for our structs and with maps, which it leaves out. */
function zodsOwn(schema: z.core.$ZodType): Made {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      const { name, form } = formatOf(zodSchema);
      if (def.type === "bigint") jsonSchema.type = "integer";
      if (def.type === "map") {
        jsonSchema.type = "object";
        jsonSchema.additionalProperties = zodsOwn(def.valueType);
      }
      if (def.type === "object" && name !== undefined) jsonSchema.title = name;
      if (form === "any") jsonSchema.title = "any value";
    },
  });
}

/** What of a schema suggests and explains. */
function suggestion(made: Made): EditorSchema {
  const variants = (made.anyOf ?? []).filter(isSchema);
  const [first] = variants.filter(({ type }) => type !== "null");
  if (first !== undefined) {
    const inner = variants.map(suggestion);
    const properties = Object.assign({}, ...inner.map((variant) => variant.properties)) as Record<string, EditorSchema>;
    const description = inner.map((variant) => variant.description).join(" or ");
    return { ...suggestion(first), ...(Object.keys(properties).length > 0 ? { properties } : {}), description };
  }
  const { properties, items, additionalProperties: values } = made;
  return {
    description: made.title ?? typeInWords(made),
    ...(made.enum === undefined ? {} : { examples: made.enum }),
    ...(properties === undefined ? {} : { properties: mapValues(properties) }),
    ...(isSchema(items) ? { items: suggestion(items) } : {}),
    ...(isSchema(values) ? { additionalProperties: suggestion(values) } : {}),
  };
}

function typeInWords({ type, enum: words }: Made): string {
  if (words !== undefined) return "one of a few words";
  const types: readonly string[] = [type ?? "any value"].flat();
  return types.join(" or ");
}

function isSchema(value: unknown): value is Made {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapValues(properties: Readonly<Record<string, unknown>>): Record<string, EditorSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, isSchema(value) ? suggestion(value) : {}]));
}
