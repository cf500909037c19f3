import type { RunRecord } from "../../record/types.ts";
import { memberOf, stringMember } from "../../record/sliceAccess.ts";
import { agentEventsTopic } from "../topics.ts";

/** How a session is known to belong to a run: the record names it, or it is that of a child run (its place in `child_runs`). */
export type SessionOrigin = { readonly kind: "record" } | { readonly kind: "child"; readonly child: number } | { readonly kind: "time" };

/** The sessions a record names (event log format, agent events: session ids). */
export interface NamedSessions {
  /** Null when the record does not name it. */
  origin(sessionId: string): SessionOrigin | null;
  /** Whether a topic may be that of a named session, told by the topic's name alone. */
  mayHold(topic: string): boolean;
}

const WORKER_PREFIX = "worker_session_";
/** Longer names (UTF-16 units) are none a runtime makes, and are not taken apart. */
const NAME_LIMIT = 1000;

/** All sessions of transcripts, of child runs and of their workers. */
export function namedSessions(record: RunRecord): NamedSessions {
  const sessions = new Map<string, SessionOrigin>();
  const workers = new Map<string, number>();
  const add = (id: string | null, origin: SessionOrigin): void => {
    if (id !== null && id !== "" && !sessions.has(id)) sessions.set(id, origin);
  };
  for (const { transcript } of record.stages) add(stringMember(transcript, "id"), { kind: "record" });
  add(stringMember(record.transcript, "id"), { kind: "record" });
  record.child_runs.forEach((each, child) => {
    if (each.worker_id !== "" && !workers.has(each.worker_id)) workers.set(each.worker_id, child);
    add(each.session_id, { kind: "child", child });
    add(each.parent_session_id, { kind: "record" });
  });
  for (const { metadata } of record.stages) {
    add(stringMember(memberOf(metadata.get("worker"), "provenance"), "session_id"), { kind: "record" });
  }
  const topics = new Set([...sessions.keys()].map(agentEventsTopic));
  const workerTopics = new Set([...workers.keys()].map((id) => agentEventsTopic(WORKER_PREFIX + id)));
  return {
    origin(sessionId) {
      const named = sessions.get(sessionId);
      if (named !== undefined) return named;
      if (!sessionId.startsWith(WORKER_PREFIX)) return null;
      for (const id of heads(sessionId.slice(WORKER_PREFIX.length))) {
        const child = workers.get(id);
        if (child !== undefined) return { kind: "child", child };
      }
      return null;
    },
    mayHold: (topic) => topics.has(topic) || heads(topic).some((head) => workerTopics.has(head)),
  };
}

/** The text itself and its beginnings before each underscore, longest first: ids hold underscores of their own. */
function heads(text: string): string[] {
  const found = [text];
  if (text.length > NAME_LIMIT) return found;
  for (let at = text.lastIndexOf("_"); at > 0; at = text.lastIndexOf("_", at - 1)) found.push(text.slice(0, at));
  return found;
}
