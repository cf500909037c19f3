import { JsonWriter } from "../json/JsonWriter.ts";
import { compileStruct } from "../record/codec.ts";
import { RunObservabilityRecord } from "../record/schema/observability.ts";
import { sliceOfValue } from "../record/sliceAccess.ts";
import { runTraceId, triggerEventFromRun } from "../record/trigger.ts";
import type { RunRecord } from "../record/types.ts";
import type { EventLog, NewEvent } from "./EventLog.ts";
import type { LogFailure } from "./LogEvent.ts";
import { ACTION_GRAPH_TOPIC } from "./topics.ts";

/**
 * Appends the event that tells of a saved record (event log format, action graph topic). The runtime passes over a failure; here it is
 * answered, to be said: it never keeps the save from having happened.
 *
 * @param run the record as it was saved, with its observability derived
 * @param path the target's text, as it went into the record
 */
export function publishActionGraphEvent(
  log: EventLog,
  run: RunRecord,
  path: string,
): Promise<{ readonly ok: true; readonly id: bigint } | LogFailure> {
  return log.append(ACTION_GRAPH_TOPIC, actionGraphEvent(run, path));
}

/** The event itself. */
export function actionGraphEvent(run: RunRecord, path: string): NewEvent {
  const headers = new Map([
    ["run_id", run.id],
    ["workflow_id", run.workflow_id],
  ]);
  const traceId = runTraceId(run, triggerEventFromRun(run));
  if (traceId !== null) headers.set("trace_id", traceId);
  const writer = new JsonWriter("compact");
  writer.beginObject();
  writer.key("observability");
  if (run.observability === null) writer.null();
  else {
    const { tape, node } = sliceOfValue(compileStruct(RunObservabilityRecord), run.observability);
    writer.raw(tape.bytes, tape.start(node), tape.end(node));
  }
  writer.key("persisted_path");
  writer.string(path);
  writer.key("run_id");
  writer.string(run.id);
  writer.key("status");
  writer.string(run.status);
  writer.key("workflow_id");
  writer.string(run.workflow_id);
  writer.endObject();
  return { kind: "action_graph_update", payload: writer.finish(), headers };
}
