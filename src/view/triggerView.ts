import type { RecordReading } from "../record/readRecord.ts";
import type { TriggerView } from "./types.ts";

/** What set the run going; null when the record tells of no trigger, trace or replay. */
export function triggerView(_reading: RecordReading): TriggerView | null {
  return null;
}
