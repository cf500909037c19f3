import type { ActiveEventLog } from "../record/ports.ts";
import { memberOf, stringMember } from "../record/sliceAccess.ts";
import type { RunHitlQuestionRecord } from "../record/types.ts";
import type { EventLog } from "./EventLog.ts";
import type { LogEvent } from "./LogEvent.ts";
import { readTopicRecords } from "./readTopicRecords.ts";
import { QUESTIONS_TOPIC } from "./topics.ts";

/** The questions of one run in the order of the log; doubles are left in (event log format, merge into the record). Never rejects. */
export async function questionsFromLog(log: EventLog, runId: string): Promise<RunHitlQuestionRecord[]> {
  const read = await readTopicRecords(log, QUESTIONS_TOPIC);
  if (!read.ok) return [];
  return read.events.map((event) => questionOf(event, runId)).filter((question) => question !== null);
}

/** A log in which the questions of runs can be looked up, for the record functions. */
export function activeEventLog(log: EventLog): ActiveEventLog {
  return { questionsOf: (runId) => questionsFromLog(log, runId) };
}

/** The question an event asks for the run; null for other kinds, other runs, and where id or prompt are missing. */
export function questionOf(event: LogEvent, runId: string): RunHitlQuestionRecord | null {
  const { payload, headers } = event;
  if (event.kind !== "hitl.question_asked") return null;
  if (headers.get("run_id") !== runId && stringMember(payload, "run_id") !== runId) return null;
  const requestId = stringMember(payload, "request_id") ?? headers.get("request_id") ?? "";
  const prompt = stringMember(memberOf(payload, "payload"), "prompt") ?? "";
  if (requestId === "" || prompt === "") return null;
  return {
    request_id: requestId,
    prompt,
    agent: stringMember(payload, "agent") ?? "",
    trace_id: stringMember(payload, "trace_id"),
    asked_at: stringMember(payload, "requested_at") ?? "",
  };
}
