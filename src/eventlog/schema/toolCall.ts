/** Parts of tool calls (event log format, agent events, sub-types). */
import { any, nullable, str, strictStruct, tagged, u32, u64, unitEnum, variant } from "../../record/schema/fields.ts";

export const ToolKind = unitEnum("ToolKind", ["read", "edit", "delete", "move", "search", "execute", "think", "fetch", "other"], "other");
export const ToolCallStatus = unitEnum("ToolCallStatus", ["pending", "in_progress", "completed", "failed"]);
export const ToolCallErrorCategory = unitEnum(
  "ToolCallErrorCategory",
  [
    "schema_validation",
    "tool_error",
    "mcp_server_error",
    "host_bridge_error",
    "permission_denied",
    "rejected_loop",
    "parse_aborted",
    "timeout",
    "network",
    "cancelled",
    "unknown",
  ],
  "unknown",
);
export const ToolExecutor = tagged("ToolExecutor", "kind", [
  variant("ToolExecutor", "harn_builtin", {}),
  variant("ToolExecutor", "host_bridge", {}),
  variant("ToolExecutor", "mcp_server", { server_name: str() }),
  variant("ToolExecutor", "provider_native", {}),
]);

/** What a tool call leaves for audits: hashes in place of what went in and came out. */
export const ToolCallReceipt = strictStruct("ToolCallReceipt", {
  schema_version: u32(),
  session_id: str(),
  run_id: nullable(str()),
  tool_call_id: str(),
  tool_name: str(),
  iteration: u64(),
  turn_index: nullable(u64()),
  emit_order: u64(),
  reason: nullable(str()),
  kind: nullable(str()),
  executor: nullable(str()),
  status: str(),
  error_category: nullable(str()),
  /** Milliseconds. */
  duration_ms: u64(),
  args_hash: str(),
  result_hash: nullable(str()),
  audit: any(),
  /** RFC 3339. */
  emitted_at: str(),
  model: nullable(str()),
  provider: nullable(str()),
});
