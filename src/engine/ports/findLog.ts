import type { LogChoice, RecordPlace } from "../../protocol/engine.ts";
import type { FoundLog } from "../around/FoundLog.ts";
import type { FileSystem } from "./FileSystem.ts";

/** The event log of a record, open for reading (event log format, folders and precedence). Never rejects. */
export function findLog(_fs: FileSystem, _place: RecordPlace, _choice: LogChoice): Promise<FoundLog> {
  return Promise.resolve({ state: "absent", backend: null, path: null, shown: null, note: "No event log was looked for.", view: null });
}
