import { compileCodec } from "../record/codec.ts";
import { Decoder, REFUSED } from "../record/decode.ts";
import { pathText } from "../record/Problem.ts";
import { AgentEventSchema } from "./schema/agentEvents.ts";
import type { AgentEvent } from "./schema/agentEvents.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";

/** An event, or why the runtime takes it for none. */
export type AgentEventReading = { readonly ok: true; readonly event: AgentEvent } | { readonly ok: false; readonly message: string };

/** Reads an agent event out of a payload that was already read. */
export function decodeAgentEvent(slice: JsonSlice): AgentEventReading {
  const decoder = new Decoder({ source: "value", tolerant: false });
  const event = decoder.decode(compileCodec(AgentEventSchema), slice.tape, slice.node);
  if (event !== REFUSED) return { ok: true, event: event as AgentEvent };
  const problem = decoder.problems[0];
  if (problem === undefined) return { ok: false, message: "it is none" };
  return { ok: false, message: problem.path.length === 0 ? problem.message : `${pathText(problem.path)}: ${problem.message}` };
}
