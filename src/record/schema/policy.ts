/** What a run may do: the capability policy and the tool approval policy (run record format, CapabilityPolicy and ToolApprovalPolicy). */
import {
  alias,
  any,
  bool,
  form,
  list,
  map,
  nullable,
  policyAction,
  skipEmpty,
  skipNull,
  str,
  stringOrList,
  struct,
  u64,
  unitEnum,
  usize,
} from "./fields.ts";

const ToolArgConstraint = struct("ToolArgConstraint", { tool: str(), arg_patterns: list(str()), arg_key: nullable(str()) });

const ToolArgSchema = struct("ToolArgSchema", { path_params: list(str()), arg_aliases: map(str()), required: list(str()) });

export const ToolAnnotations = struct("ToolAnnotations", {
  kind: unitEnum("ToolKind", ["read", "edit", "delete", "move", "search", "execute", "think", "fetch", "other"], "other"),
  side_effect_level: unitEnum("SideEffectLevel", ["none", "read_only", "workspace_write", "process_exec", "network"]),
  arg_schema: ToolArgSchema,
  capabilities: map(list(str())),
  emits_artifacts: bool(),
  result_readers: list(str()),
  inline_result: bool(),
  readOnlyHint: skipNull(nullable(bool())),
  destructiveHint: skipNull(nullable(bool())),
  idempotentHint: skipNull(nullable(bool())),
  openWorldHint: skipNull(nullable(bool())),
});

const ProcessSandboxPolicy = struct("ProcessSandboxPolicy", {
  presets: nullable(
    list(unitEnum("ProcessSandboxPreset", ["system_runtime", "developer_toolchains", "package_manager_config", "user_temp"])),
  ),
  read_roots: list(str()),
  write_roots: list(str()),
});

export const CapabilityPolicy = struct("CapabilityPolicy", {
  tools: list(str()),
  capabilities: map(list(str())),
  workspace_roots: list(str()),
  read_only_roots: list(str()),
  side_effect_level: nullable(str()),
  recursion_limit: nullable(usize()),
  tool_arg_constraints: list(ToolArgConstraint),
  tool_annotations: map(ToolAnnotations),
  sandbox_profile: unitEnum("SandboxProfile", ["unrestricted", "worktree", "os_hardened", "wasi"], "worktree"),
  process_sandbox: ProcessSandboxPolicy,
});

export const PolicyRuleMatch = struct("PolicyRuleMatch", {
  tool: skipEmpty(alias(stringOrList(), "tools")),
  tool_kind: skipEmpty(alias(stringOrList(), "tool_kinds")),
  side_effect: skipEmpty(alias(stringOrList(), "side_effect_level", "side_effect_levels")),
  path: skipEmpty(alias(stringOrList(), "paths")),
  command: skipEmpty(alias(stringOrList(), "commands")),
  command_identity: skipEmpty(alias(stringOrList(), "command_identities")),
  url: skipEmpty(alias(stringOrList(), "urls")),
  domain: skipEmpty(alias(stringOrList(), "domains")),
  http_method: skipEmpty(alias(stringOrList(), "method", "methods", "http_methods")),
  mcp_server: skipEmpty(alias(stringOrList(), "mcp_servers")),
  mcp_tool: skipEmpty(alias(stringOrList(), "mcp_tools")),
  agent: skipEmpty(alias(stringOrList(), "agents")),
  persona: skipEmpty(alias(stringOrList(), "personas")),
  mode: skipEmpty(alias(stringOrList(), "modes")),
  capability: skipEmpty(alias(stringOrList(), "capabilities")),
  /** Written even when null. */
  repeat_count_at_least: alias(nullable(u64()), "repeat_count_gte", "repeat_at_least"),
});

export const ApprovalShape = struct("ApprovalShape", {
  prompt: skipNull(nullable(str())),
  risk: skipNull(nullable(str())),
  reviewers: skipEmpty(list(str())),
  grant_options: skipEmpty(list(str())),
  metadata: skipNull(nullable(any())),
});

export const PolicyRule = form(
  struct("PolicyRule", {
    id: skipNull(nullable(str())),
    action: policyAction(),
    match: PolicyRuleMatch,
    reason: skipNull(nullable(str())),
    approval: skipEmpty(ApprovalShape),
  }),
  "policyRule",
);

export const ToolApprovalPolicy = struct("ToolApprovalPolicy", {
  rules: list(PolicyRule),
  auto_approve: list(str()),
  auto_deny: list(str()),
  require_approval: list(str()),
  write_path_allowlist: list(str()),
  allow_sensitive_paths: bool(),
  sensitive_path_patterns: list(str()),
  allow_external_paths: bool(),
  external_roots: list(str()),
  repeat_limit: alias(nullable(u64()), "repeated_call_limit"),
  repeat_action: alias(nullable(policyAction()), "repeated_call_action"),
});
