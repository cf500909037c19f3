import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import type { Engine } from "../editor/Engine.ts";
import { messages } from "../editor/messages.ts";
import { openRecord } from "../editor/openRecord.ts";

/** Opens the newest run record of the workspace folders and of `runRecord.runFolders`. */
export async function openLatestRun(engine: Engine): Promise<void> {
  const folders = runFolders();
  if (folders.length === 0) {
    void vscode.window.showInformationMessage(messages.noFolderOpen);
    return;
  }
  const latest = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: messages.lookingForRuns }, () =>
    engine.request({ kind: "latest", folders }),
  );
  if (latest === null) void vscode.window.showInformationMessage(messages.noRuns);
  else await openRecord(vscode.Uri.file(latest.path));
}

/** Absolute folders, each once: the workspace's own, then those of the setting (relative ones from their workspace folder). */
function runFolders(): string[] {
  const workspaceFolders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const further = workspaceFolders.flatMap(({ uri }) =>
    configured(uri).map((folder) => (isAbsolute(folder) ? folder : join(uri.fsPath, folder))),
  );
  const withoutWorkspace = workspaceFolders.length === 0 ? configured(undefined).filter((folder) => isAbsolute(folder)) : [];
  return [...new Set([...workspaceFolders.map(({ uri }) => uri.fsPath), ...further, ...withoutWorkspace])];
}

function configured(scope: vscode.Uri | undefined): string[] {
  const value: unknown = vscode.workspace.getConfiguration("runRecord", scope).get("runFolders");
  return Array.isArray(value) ? value.filter((folder): folder is string => typeof folder === "string" && folder !== "") : [];
}
