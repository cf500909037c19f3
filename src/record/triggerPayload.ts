/** Which payloads of which providers the runtime recognises (run record format, TriggerEvent, provider payload). */
import { members } from "../json/cursor.ts";
import type { JsonSlice } from "../json/JsonSlice.ts";
import { integerOf } from "./decodeScalar.ts";
import { expandRawValues } from "./freeValue.ts";
import { isRfc3339 } from "./rfc3339.ts";
import { arrayOf, isNull, isObject, memberOf, stringMember, stringOf } from "./sliceAccess.ts";

/** What a key of a payload must hold. A trailing `?` allows null and a missing key; without it the key must be there. */
export type FieldRule =
  | "string"
  | "string?"
  | "bool?"
  | "i64?"
  | "u32?"
  | "any"
  | "time"
  | "time|null"
  | "strings"
  | "strings?default"
  | "array?default"
  | "i64s?default"
  | "array|null?"
  | "base64|null?"
  | "polled?";

type Rules = Readonly<Record<string, FieldRule>>;

const each = (rule: FieldRule, ...names: string[]): Rules => Object.fromEntries(names.map((name) => [name, rule]));

const GITHUB: Rules = { event: "string", raw: "any", ...each("string?", "action", "delivery_id", "topic"), installation_id: "i64?" };

/** By the payload's `event`; other events need nothing more. */
const GITHUB_EVENTS: Readonly<Record<string, Rules>> = {
  issues: { issue: "any" },
  pull_request: { pull_request: "any" },
  issue_comment: { issue: "any", comment: "any" },
  pull_request_review: { pull_request: "any", review: "any" },
  workflow_run: { workflow_run: "any" },
  deployment_status: { deployment_status: "any", deployment: "any" },
  check_run: { check_run: "any" },
  check_suite: {
    check_suite: "any",
    ...each("i64?", "check_suite_id", "pull_request_number"),
    ...each("string?", "head_sha", "head_ref", "base_ref", "status", "conclusion"),
  },
  merge_group: {
    merge_group: "any",
    ...each("string?", "head_sha", "head_ref", "base_sha", "base_ref"),
    pull_requests: "array?default",
    pull_request_numbers: "i64s?default",
  },
  push: { commits: "array?default", distinct_size: "i64?" },
  status: { status_id: "i64?", ...each("string?", "head_sha", "head_ref", "base_ref", "state", "context", "target_url") },
  installation: { installation_state: "string?", ...each("bool?", "suspended", "revoked"), repositories: "array?default" },
  installation_repositories: {
    ...each("bool?", "suspended", "revoked"),
    ...each("array?default", "repositories_added", "repositories_removed"),
    repository_selection: "string?",
  },
};

const STREAM: Rules = {
  event: "string",
  raw: "any",
  ...each("string?", "source", "stream", "partition", "offset", "key", "timestamp"),
  headers: "strings?default",
};

const PROVIDERS: Readonly<Record<string, Rules>> = {
  slack: { event: "string", raw: "any", ...each("string?", "event_id", "api_app_id", "team_id", "channel_id", "user_id", "event_ts") },
  linear: {
    event: "string",
    actor: "any",
    raw: "any",
    ...each("string?", "action", "delivery_id", "organization_id", "webhook_id", "url", "created_at"),
    webhook_timestamp: "i64?",
  },
  notion: {
    event: "string",
    raw: "any",
    ...each("string?", "workspace_id", "request_id", "subscription_id", "integration_id", "entity_id", "entity_type", "api_version"),
    verification_token: "string?",
    attempt_number: "u32?",
    polled: "polled?",
  },
  cron: { tick_at: "time", raw: "any", ...each("string?", "cron_id", "schedule") },
  webhook: { raw: "any", ...each("string?", "source", "content_type") },
  "a2a-push": { kind: "string", raw: "any", ...each("string?", "task_id", "task_state", "sender") },
  kafka: STREAM,
  nats: STREAM,
  pulsar: STREAM,
  "postgres-cdc": STREAM,
  email: STREAM,
  websocket: STREAM,
  channel: {
    ...each("string", "id", "name", "name_resolved", "scope", "scope_id", "emitted_by"),
    payload: "any",
    ...each("string?", "tenant_id", "session_id", "pipeline_id"),
  },
};

const POLLED: Rules = { ...each("string", "resource", "source_id", "entity_id", "high_water_mark"), after: "any" };

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Whether the runtime accepts a payload: in its provider's known form, or else in the extension form. */
export function isTriggerPayload(payload: JsonSlice): boolean {
  const listed = arrayOf(payload);
  // The extension form may be a list of its three parts.
  if (listed !== null) return listed.length === 3 && stringOf(listed[0]) !== null && stringOf(listed[1]) !== null;
  if (isKnownPayload(payload)) return true;
  return stringMember(payload, "provider") !== null && stringMember(payload, "schema_name") !== null && memberOf(payload, "raw") !== null;
}

function isKnownPayload(payload: JsonSlice): boolean {
  const provider = stringMember(payload, "provider") ?? "";
  if (provider === "github") {
    const event = stringMember(payload, "event") ?? "";
    const own = Object.hasOwn(GITHUB_EVENTS, event) ? GITHUB_EVENTS[event] : undefined;
    return matchesRules(payload, GITHUB) && matchesRules(payload, own ?? {});
  }
  const rules = Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider] : undefined;
  return rules !== undefined && matchesRules(payload, rules);
}

/** Whether every key named holds what its rule says. */
export function matchesRules(value: JsonSlice, rules: Rules): boolean {
  return faultyField(value, rules) === null;
}

/** The first key, in the rules' order, that does not hold what its rule says. */
export function faultyField(value: JsonSlice, rules: Rules): string | null {
  return Object.entries(rules).find(([name, rule]) => !matchesRule(memberOf(value, name), rule))?.[0] ?? null;
}

function matchesRule(value: JsonSlice | null, rule: FieldRule): boolean {
  if (value === null) return rule.includes("?");
  const text = stringOf(value);
  switch (rule) {
    case "any":
      return !("code" in expandRawValues(value, "value"));
    case "string":
      return text !== null;
    case "string?":
      return text !== null || isNull(value);
    case "bool?":
      return ["true", "false", "null"].includes(value.tape.kind(value.node));
    case "i64?":
      return isNull(value) || isIntegerIn(value, -9223372036854775808n, 9223372036854775807n);
    case "u32?":
      return isNull(value) || isIntegerIn(value, 0n, 4294967295n);
    case "time":
      return text !== null && isRfc3339(text);
    case "time|null":
      return isNull(value) || (text !== null && isRfc3339(text));
    case "strings":
    case "strings?default":
      return isObject(value) && [...members(value.tape, value.node)].every(([, node]) => value.tape.kind(node) === "string");
    case "array?default":
      return arrayOf(value) !== null;
    case "i64s?default":
      return arrayOf(value)?.every((element) => isIntegerIn(element, -9223372036854775808n, 9223372036854775807n)) ?? false;
    case "array|null?":
      return isNull(value) || arrayOf(value) !== null;
    case "base64|null?":
      return isNull(value) || (text !== null && isCanonicalBase64(text));
    case "polled?":
      return isNull(value) || (isObject(value) && matchesRules(value, POLLED));
  }
}

function isIntegerIn({ tape, node }: JsonSlice, lowest: bigint, highest: bigint): boolean {
  const value = integerOf(tape, node);
  return value !== undefined && value >= lowest && value <= highest;
}

/** Standard alphabet, padded, and no bits set beyond the last byte. */
function isCanonicalBase64(text: string): boolean {
  if (!BASE64.test(text)) return false;
  const digits = text.replace(/=+$/, "");
  const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".indexOf(digits.at(-1) ?? "A");
  const unused = text.endsWith("==") ? 15 : text.endsWith("=") ? 3 : 0;
  return (last & unused) === 0;
}
