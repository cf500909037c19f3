import type { SessionEvent } from "../../../eventlog/sessionTimeline/SessionEvent.ts";
import { NO_NODE } from "../../../json/Tape.ts";
import { joinNotes, oneLine } from "../../plainText.ts";
import { containerAt, textAt } from "../../tapeFields.ts";
import { TEXT_LIMIT, fieldNode, id, name, text, textWithin, valueHead } from "../eventFields.ts";
import { join, labelled } from "./EventWords.ts";
import type { Words } from "./EventWords.ts";

/** What is said, done and shown in a session. By type of event (event log format, agent events). */
export const conversationWords: Record<string, Words> = {
  agent_message_chunk: (e) => ({ family: "message", label: "Message", text: text(e, "content") }),
  agent_thought_chunk: (e) => ({ family: "thought", label: "Thought", text: text(e, "content") }),
  user_message: (e) => ({ family: "message", label: "User message", text: firstBlockText(e) }),
  plan: (e) => ({ family: "other", label: "Plan", text: textWithin(e, "plan", ["title", "summary"]) ?? text(e, "plan") }),
  progress_reported: (e) => ({ family: "other", label: "Progress", text: text(e, "message") || text(e, "entries") }),
  artifact: (e) => ({
    ...labelled("other", "Artifact", name(e, "title") ?? name(e, "artifact_id")),
    text: joinNotes([name(e, "kind"), name(e, "mime_type"), text(e, "fallback")]),
  }),
  session_closed: (e) => ({ family: "other", label: "Session closed", text: text(e, "reason"), status: name(e, "status") }),
  anchor_changed: (e) => ({ family: "other", label: "Workspace anchor changed", text: text(e, "reason") || text(e, "current") }),
  handoff: (e) => {
    const target = containerAt(e.tape, fieldNode(e, "handoff"), "target_persona_or_human", "object");
    const to =
      target === NO_NODE ? null : (textAt(e.tape, target, "label") ?? textAt(e.tape, target, "id") ?? textAt(e.tape, target, "kind"));
    return {
      ...labelled("handoff", "Handoff", to === null ? null : oneLine(to, 60)),
      text: textWithin(e, "handoff", ["task", "reason"]) ?? "",
      join: join("handoff", textWithin(e, "handoff", ["id"]) ?? id(e, "artifact_id")),
    };
  },
  worker_update: (e) => ({
    ...labelled("worker", "Worker", name(e, "worker_name") ?? name(e, "worker_id")),
    text: text(e, "worker_task"),
    status: name(e, "status"),
    join: join("worker", id(e, "worker_id")),
  }),
  control_outcome: (e) => ({
    ...labelled("other", "Control", name(e, "method")),
    text: joinNotes([name(e, "outcome"), text(e, "reason")]),
    status: name(e, "status"),
  }),
};

/** The first text among the blocks of a message. */
function firstBlockText(e: SessionEvent): string {
  const content = fieldNode(e, "content");
  if (content === NO_NODE || e.tape.kind(content) !== "array") return valueHead(e.tape, content);
  const first = e.tape.next(content) > content + 1 ? content + 1 : NO_NODE;
  if (first === NO_NODE) return "";
  const within = textAt(e.tape, first, "text");
  return within === null ? valueHead(e.tape, first) : oneLine(within, TEXT_LIMIT);
}
