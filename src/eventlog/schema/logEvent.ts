/** A stored event (event log format, event model and file backend). */
import { any, i64, map, optional, str, strictStruct, u64 } from "../../record/schema/fields.ts";

const StoredEvent = strictStruct("LogEvent", { kind: str(), payload: any(), headers: optional(map(str())), occurred_at_ms: i64() });

/** One line of a topic file. */
export const FileRecord = strictStruct("FileRecord", { id: u64(), event: StoredEvent });
