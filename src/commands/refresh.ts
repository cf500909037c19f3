import * as vscode from "vscode";
import { messages } from "../editor/messages.ts";
import type { RecordSession } from "../editor/RecordSession.ts";

/** Reads the file again. Unsaved changes are never dropped by it: then it says how to. */
export async function refresh(session: RecordSession): Promise<void> {
  if (session.dirty) void vscode.window.showInformationMessage(messages.refreshDirty(session.fileName));
  else await session.reload();
}
