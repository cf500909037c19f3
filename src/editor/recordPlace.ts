import { posix } from "node:path";
import * as vscode from "vscode";
import { findBaseFolder } from "../engine/ports/findBaseFolder.ts";
import type { RecordPlace } from "../protocol/engine.ts";

/** Where a record lies, and from where the paths in it are tried. On other file systems than this machine's only the workspace folder is known. */
export async function recordPlace(uri: vscode.Uri): Promise<RecordPlace> {
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  const workspaceFolder = folder === undefined ? null : placePath(folder);
  const path = placePath(uri);
  const baseFolder = uri.scheme === "file" ? await findBaseFolder(path, workspaceFolder) : (workspaceFolder ?? posix.dirname(path));
  return { path, baseFolder, workspaceFolder, ...(uri.scheme === "file" ? {} : { virtual: true }) };
}

/** A uri's path as the engine takes it; a file system that is not this machine's keeps its own slashes. */
export function placePath(uri: vscode.Uri): string {
  return uri.scheme === "file" ? uri.fsPath : uri.path;
}
