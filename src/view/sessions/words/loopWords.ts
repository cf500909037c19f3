import type { SessionEvent } from "../../../eventlog/sessionTimeline/SessionEvent.ts";
import { formatTokens } from "../../formatTokens.ts";
import { joinNotes, plural } from "../../plainText.ts";
import { count, listLength, listText, name, text } from "../eventFields.ts";
import { counted, labelled, spaced } from "./EventWords.ts";
import type { Words } from "./EventWords.ts";

/** How an agent's loop, its context and its surroundings changed. By type of event (event log format, agent events). */
export const loopWords: Record<string, Words> = {
  agent_scratchpad_reorganization: (e) => ({
    family: "other",
    label: "Scratchpad reorganized",
    text: text(e, "details"),
    status: name(e, "status"),
  }),
  feedback_injected: (e) => ({ ...labelled("feedback", "Feedback", spaced(name(e, "kind"))), text: text(e, "content") }),
  reminder_emitted: (e) => ({ ...labelled("reminder", "Reminder", listText(e, "tags")), text: text(e, "body") }),
  transcript_compacted: (e) => {
    const before = count(e, "estimated_tokens_before");
    const after = count(e, "estimated_tokens_after");
    const archived = count(e, "archived_messages");
    return {
      family: "compaction",
      label: "Compaction",
      text: joinNotes([
        `${tokens(before)} → ${tokens(after)} tokens`,
        archived !== null && `${plural(archived, "message")} archived`,
        name(e, "mode"),
        name(e, "reason"),
        name(e, "strategy"),
      ]),
      tokensBefore: before,
      tokensAfter: after,
    };
  },
  transcript_projected: (e) => ({
    family: "compaction",
    label: "Transcript projected",
    text: joinNotes([name(e, "policy"), name(e, "reason"), counted(e, "kept_count", "kept"), counted(e, "dropped_count", "dropped")]),
  }),
  skill_activated: (e) => ({ ...labelled("skill", "Skill activated", name(e, "skill_name")), text: text(e, "reason") }),
  skill_deactivated: (e) => ({ ...labelled("skill", "Skill deactivated", name(e, "skill_name")), text: "" }),
  skill_scope_tools: (e) => ({ ...labelled("skill", "Skill limits tools", name(e, "skill_name")), text: listText(e, "allowed_tools") }),
  skill_narrow: (e) => ({ family: "skill", label: "Tools narrowed", text: joinNotes([text(e, "reason"), removed(e)]) }),
  tool_search_query: (e) => ({ ...labelled("other", "Tool search", name(e, "name")), text: text(e, "query") }),
  tool_search_result: (e) => ({ family: "other", label: "Tools found", text: listText(e, "promoted") }),
  fs_watch: (e) => ({ family: "other", label: "Files changed", text: text(e, "events") }),
  staged_writes_pending: (e) => ({ family: "other", label: "Writes staged", text: counted(e, "pending_count", "pending") ?? "" }),
  safe_text_patch_result: (e) => ({
    ...labelled("other", "Patch", name(e, "path")),
    text: joinNotes([counted(e, "hunks_count", "hunks"), counted(e, "bytes_written", "bytes written")]),
    status: name(e, "result"),
  }),
  cache_hit: (e) => ({ ...labelled("other", "Cache hit", name(e, "namespace")), text: text(e, "key") }),
  cache_miss: (e) => ({ ...labelled("other", "Cache miss", name(e, "namespace")), text: text(e, "key") }),
  mcp_notification: (e) => ({
    ...labelled("other", "MCP notification", name(e, "method")),
    text: joinNotes([name(e, "server"), text(e, "params")]),
  }),
  mcp_catalog_changed: (e) => ({ ...labelled("other", "MCP catalog changed", name(e, "server")), text: text(e, "reason") }),
  mcp_auth_required: (e) => ({
    ...labelled("warning", "MCP sign-in required", name(e, "server")),
    text: joinNotes([text(e, "resource"), text(e, "scope")]),
  }),
};

function removed(e: SessionEvent): string | null {
  const number = listLength(e, "removed_tools");
  return number === null ? null : `${plural(number, "tool")} removed`;
}

function tokens(count: number | null): string {
  return count === null ? "–" : formatTokens(count);
}
