import type { EngineAnswers } from "../protocol/engine.ts";
import type { DocumentState } from "./DocumentState.ts";
import type { FoundLog } from "./around/FoundLog.ts";

/** Appends the action graph of a record that was just saved to the active event log, as the runtime does. Never rejects. */
export function publishRun(_state: DocumentState, _targetPath: string, _log: FoundLog | null): Promise<EngineAnswers["publish"]> {
  return Promise.resolve({ published: false, message: "No event log is active." });
}
