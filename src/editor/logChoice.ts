import type * as vscode from "vscode";
import { DEFAULT_LOG_CHOICE, type LogChoice } from "../protocol/engine.ts";

/** Which event log the settings name for a record. */
export function logChoice(_uri: vscode.Uri): Promise<LogChoice> {
  return Promise.resolve(DEFAULT_LOG_CHOICE);
}
