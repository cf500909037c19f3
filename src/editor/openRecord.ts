import * as vscode from "vscode";
import type { ResolvedPath } from "../protocol/engine.ts";
import { buttons, harmless, messages } from "./messages.ts";
import type { RecordSession } from "./RecordSession.ts";
import { isRecordUri, viewTypeFor } from "./viewTypes.ts";

/** Opens a file in the rendered editor. */
export async function openRecord(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand("vscode.openWith", uri, viewTypeFor(uri));
}

/**
 * Follows a path that a record names, as resolved by the engine. What lies in the record's folders opens at once; what lies
 * elsewhere only after the user has seen the full path and agreed, and only in a trusted workspace.
 */
export async function followPath(session: RecordSession, resolved: ResolvedPath, as: "record" | "file"): Promise<void> {
  if (!session.isFile) {
    void vscode.window.showInformationMessage(messages.virtualPaths);
    return;
  }
  const { path, presence, note } = resolved;
  if (path === null || (presence !== "present" && presence !== "outside")) {
    void vscode.window.showInformationMessage(note === "" ? messages.notFound(resolved.stored) : note);
    return;
  }
  const uri = vscode.Uri.file(path);
  if (presence === "outside" && !(await mayLeave(path, uri))) return;
  if (as === "record" || isRecordUri(uri)) await openRecord(uri);
  else await vscode.commands.executeCommand("vscode.open", uri);
}

async function mayLeave(path: string, uri: vscode.Uri): Promise<boolean> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage(messages.outsideUntrusted(path));
    return false;
  }
  const question = { modal: true, detail: harmless(path) };
  if ((await vscode.window.showWarningMessage(messages.outsideAsk, question, buttons.open)) !== buttons.open) return false;
  // Looked at only now: before the user agreed, not even its being there was anybody's business.
  try {
    if ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) return true;
    void vscode.window.showInformationMessage(messages.folderInstead(path));
  } catch {
    void vscode.window.showInformationMessage(messages.notFound(path));
  }
  return false;
}
