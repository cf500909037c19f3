/**
 * The lines of a model transcript, as its writer makes them (run logs format, model transcript). Read leniently: every field may be missing
 * or null, and is null then, so that what is not known is never taken for 0.
 */
import * as z from "zod";
import { any, bool, f64, list, nullable, str, struct, u64 } from "../../record/schema/fields.ts";

const line = <const T extends string, const S extends z.ZodRawShape>(
  tag: T,
  shape: S,
): z.ZodObject<{ type: z.ZodLiteral<T>; timestamp: z.ZodNullable<z.ZodString>; span_id: z.ZodNullable<z.ZodBigInt> } & S> =>
  struct("LlmTranscriptLine", { type: z.literal(tag), timestamp: nullable(str()), span_id: nullable(u64()), ...shape });

const call = { iteration: nullable(u64()), call_id: nullable(str()), provider: nullable(str()), model: nullable(str()) };

export const SystemPrompt = line("system_prompt", { content: nullable(str()), hash: nullable(u64()) });
export const ToolSchemas = line("tool_schemas", { schemas: nullable(list(any())), hash: nullable(u64()) });
export const Message = line("message", {
  session_id: nullable(str()),
  message_index: nullable(u64()),
  role: nullable(str()),
  content: nullable(any()),
  message: nullable(any()),
});
export const RoutingDecision = line("routing_decision", {
  iteration: nullable(u64()),
  call_id: nullable(str()),
  policy: nullable(any()),
  requested_quality: nullable(any()),
  selected_provider: nullable(str()),
  selected_model: nullable(str()),
  fallback_chain: nullable(list(any())),
  alternatives: nullable(list(any())),
});
export const ProviderCallRequest = line("provider_call_request", {
  ...call,
  max_tokens: nullable(u64()),
  temperature: nullable(f64()),
  thinking: nullable(any()),
  tool_choice: nullable(any()),
  tool_format: nullable(str()),
  native_tool_count: nullable(u64()),
  message_count: nullable(u64()),
  structural_experiment: nullable(any()),
  route_policy: nullable(any()),
  fallback_chain: nullable(list(any())),
  routing_decision: nullable(any()),
  request_snapshot: nullable(any()),
});
export const ProviderCallResponse = line("provider_call_response", {
  ...call,
  text: nullable(str()),
  tool_calls: nullable(list(any())),
  parsed_tool_calls: nullable(list(any())),
  input_tokens: nullable(u64()),
  output_tokens: nullable(u64()),
  cost_usd: nullable(f64()),
  cache_read_tokens: nullable(u64()),
  cache_write_tokens: nullable(u64()),
  cache_creation_input_tokens: nullable(u64()),
  cache_hit_ratio: nullable(f64()),
  cache_savings_usd: nullable(f64()),
  cache_hit: nullable(bool()),
  thinking: nullable(any()),
  thinking_summary: nullable(any()),
  stop_reason: nullable(str()),
  response_ms: nullable(u64()),
  provider_telemetry: nullable(any()),
  structural_experiment: nullable(any()),
});
export const ProviderCallError = line("provider_call_error", {
  ...call,
  attempt: nullable(u64()),
  status: nullable(str()),
  category: nullable(str()),
  kind: nullable(str()),
  reason: nullable(str()),
  message: nullable(str()),
  retryable: nullable(bool()),
});
export const EmptyCompletionRetry = line("empty_completion_retry", {
  iteration: nullable(u64()),
  attempt: nullable(u64()),
  provider: nullable(str()),
  model: nullable(str()),
  error: nullable(any()),
});
export const ToolFormatDegrade = line("tool_format_degrade", {
  iteration: nullable(u64()),
  attempt: nullable(u64()),
  provider: nullable(str()),
  model: nullable(str()),
  from: nullable(str()),
  to: nullable(str()),
  error: nullable(any()),
});
export const TemplateRender = line("template.render", {
  template_uri: nullable(str()),
  template_revision_hash: nullable(any()),
  llm: nullable(any()),
  branches: nullable(list(any())),
  rendered_bytes: nullable(u64()),
});
export const DaemonEvent = line("daemon_event", {
  daemon_id: nullable(str()),
  name: nullable(str()),
  kind: nullable(str()),
  persist_path: nullable(str()),
  payload_summary: nullable(str()),
});

/** All line types the runtime writes, by the text of their `type`. */
export const SIDECAR_LINES: ReadonlyMap<string, z.ZodObject> = new Map(
  [
    SystemPrompt,
    ToolSchemas,
    Message,
    RoutingDecision,
    ProviderCallRequest,
    ProviderCallResponse,
    ProviderCallError,
    EmptyCompletionRetry,
    ToolFormatDegrade,
    TemplateRender,
    DaemonEvent,
  ].map((schema: z.ZodObject & { shape: { type: z.ZodLiteral } }) => [String(schema.shape.type.value), schema]),
);

export type ProviderCallRequest = z.infer<typeof ProviderCallRequest>;
export type ProviderCallResponse = z.infer<typeof ProviderCallResponse>;
export type ProviderCallError = z.infer<typeof ProviderCallError>;
export type DaemonEvent = z.infer<typeof DaemonEvent>;

/** The names of a line type's own fields, in the order in which they are described. Empty for a type that is not known. */
export function fieldsOfLine(type: string): readonly string[] {
  const schema = SIDECAR_LINES.get(type);
  return schema === undefined ? [] : Object.keys(schema.shape);
}
