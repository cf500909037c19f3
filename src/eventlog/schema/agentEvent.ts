import * as z from "zod";
import { str, strictStruct } from "../../record/schema/fields.ts";

/** One kind of agent event: its tag and its session come first, then the fields in the order of their declaration. */
export const agentEvent = <const T extends string, const S extends z.ZodRawShape>(
  tag: T,
  shape: S,
): z.ZodObject<{ type: z.ZodLiteral<T>; session_id: z.ZodString } & S> =>
  strictStruct("AgentEvent", { type: z.literal(tag), session_id: str(), ...shape });
