import { expect, test } from "vitest";
import { runRecordJsonSchema } from "../../../src/record/jsonSchema.ts";
import { RunRecord } from "../../../src/record/schema/RunRecord.ts";

const schema = runRecordJsonSchema();

test("the schema names every field of a record", () => {
  expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(RunRecord.shape));
  expect(schema.properties).toMatchObject({
    id: { description: "string" },
    finished_at: { description: "string or null" },
    pending_nodes: { items: { description: "string" } },
    usage: { description: "LlmUsageRecord or null", properties: { input_tokens: { description: "integer" } } },
    policy: {
      properties: {
        sandbox_profile: { examples: ["unrestricted", "worktree", "os_hardened", "wasi"] },
        tool_annotations: { additionalProperties: { properties: { readOnlyHint: { description: "boolean or null" } } } },
      },
    },
  });
});

test("it holds nothing a validator could reject by", () => {
  const words = new Set<string>();
  const visit = (value: unknown, isProperties: boolean): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [word, inner] of Object.entries(value)) {
      if (!isProperties) words.add(word);
      if (word !== "examples" || isProperties) visit(inner, word === "properties" && !isProperties);
    }
  };
  visit(schema, false);
  expect([...words].sort()).toEqual(["additionalProperties", "description", "examples", "items", "properties"]);
});
