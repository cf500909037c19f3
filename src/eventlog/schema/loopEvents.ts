/** How an agent's loop, its context and its surroundings changed (event log format, agent events). */
import { any, bool, i64, list, nullable, str, strictStruct, u64, usize } from "../../record/schema/fields.ts";
import { agentEvent } from "./agentEvent.ts";
import { count, flag, maybe, some } from "./eventFields.ts";

const FsWatchEvent = strictStruct("FsWatchEvent", {
  kind: str(),
  paths: list(str()),
  relative_paths: list(str()),
  raw_kind: str(),
  error: nullable(str()),
});

export const AgentScratchpadReorganization = agentEvent("agent_scratchpad_reorganization", {
  iteration: usize(),
  status: str(),
  details: any(),
});
export const TypedCheckpoint = agentEvent("typed_checkpoint", { checkpoint: any() });
export const FeedbackInjected = agentEvent("feedback_injected", { kind: str(), content: str() });
export const LoopCheckpoint = agentEvent("loop_checkpoint", {
  iteration: usize(),
  kind: str(),
  delivered: usize(),
  inbox_delivered: count(),
  dispatch_skipped: flag(),
});

export const SkillActivated = agentEvent("skill_activated", { skill_name: str(), iteration: usize(), reason: str() });
export const SkillDeactivated = agentEvent("skill_deactivated", { skill_name: str(), iteration: usize() });
export const SkillScopeTools = agentEvent("skill_scope_tools", { skill_name: str(), allowed_tools: list(str()) });
export const SkillNarrow = agentEvent("skill_narrow", {
  reason: str(),
  removed_tools: list(str()),
  remaining_tools: list(str()),
  policy: maybe(any()),
  removed_tool_details: maybe(any()),
  kept_tool_details: maybe(any()),
});
export const ToolSearchQuery = agentEvent("tool_search_query", {
  tool_use_id: str(),
  name: str(),
  query: any(),
  strategy: str(),
  mode: str(),
});
export const ToolSearchResult = agentEvent("tool_search_result", {
  tool_use_id: str(),
  promoted: list(str()),
  strategy: str(),
  mode: str(),
});

export const TranscriptCompacted = agentEvent("transcript_compacted", {
  mode: str(),
  reason: str(),
  strategy: str(),
  archived_messages: usize(),
  estimated_tokens_before: usize(),
  estimated_tokens_after: usize(),
  snapshot_asset_id: nullable(str()),
  instruction_mode: maybe(str()),
  instruction_source: maybe(str()),
  compaction_policy: maybe(any()),
});
export const TranscriptProjected = agentEvent("transcript_projected", {
  policy: str(),
  reason: str(),
  prefix_hash: str(),
  kept_count: usize(),
  dropped_count: usize(),
  provider_safety_blocked: bool(),
  redacted_count: count(),
  reclaimed_tokens: count(),
  roots_consulted: some(list(str())),
  redaction_pointers: some(list(any())),
});
export const ReminderEmitted = agentEvent("reminder_emitted", {
  reminder_id: str(),
  tags: list(str()),
  body: str(),
  role_hint: str(),
  rendered_role: str(),
  source: str(),
  ttl_turns: nullable(i64()),
});

export const FsWatch = agentEvent("fs_watch", { subscription_id: str(), events: list(FsWatchEvent) });
export const StagedWritesPending = agentEvent("staged_writes_pending", { pending_count: usize(), total_bytes: u64() });
export const SafeTextPatchResult = agentEvent("safe_text_patch_result", {
  path: str(),
  result: str(),
  hunks_count: usize(),
  bytes_written: u64(),
  failed_hunk_index: maybe(usize()),
});

const cacheFields = { key: str(), backend: str(), namespace: str(), payload: any() };
export const CacheHit = agentEvent("cache_hit", cacheFields);
export const CacheMiss = agentEvent("cache_miss", cacheFields);

export const McpNotification = agentEvent("mcp_notification", { server: str(), method: str(), direction: str(), params: any() });
export const McpCatalogChanged = agentEvent("mcp_catalog_changed", { server: maybe(str()), reason: str() });
export const McpAuthRequired = agentEvent("mcp_auth_required", { server: str(), resource: str(), scope: maybe(str()) });
