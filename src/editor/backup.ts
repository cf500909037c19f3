import * as vscode from "vscode";
import { type FileStamp, fileStamp } from "./fileStamp.ts";
import type { RecordSession } from "./RecordSession.ts";

/** Unsaved changes as VS Code kept them over a restart. */
export interface Backup {
  readonly content: Uint8Array;
  /** How the record's file looked when they were made; null when it was absent. */
  readonly stamp: FileStamp | null;
}

/** Writes the document's current bytes where VS Code wants its backup. The id carries what a later start must know. */
export async function writeBackup(session: RecordSession, destination: vscode.Uri): Promise<vscode.CustomDocumentBackup> {
  // VS Code gives the name, not the folder.
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(destination, ".."));
  await vscode.workspace.fs.writeFile(destination, await session.engine.bytes());
  const id = JSON.stringify({ file: destination.toString(), stamp: session.baseStamp ?? (await fileStamp(session.uri)) });
  return { id, delete: () => void vscode.workspace.fs.delete(destination).then(undefined, () => undefined) };
}

/** Reads a backup by its id. Rejects when the id is none of ours, or the file is gone. */
export async function readBackup(id: string): Promise<Backup> {
  const parsed: unknown = JSON.parse(id);
  if (typeof parsed !== "object" || parsed === null || !("file" in parsed) || typeof parsed.file !== "string") {
    throw new Error("The backup's id has another form.");
  }
  const content = await vscode.workspace.fs.readFile(vscode.Uri.parse(parsed.file, true));
  return { content, stamp: "stamp" in parsed ? stampOf(parsed.stamp) : null };
}

function stampOf(value: unknown): FileStamp | null {
  if (typeof value !== "object" || value === null || !("mtime" in value) || !("size" in value)) return null;
  return typeof value.mtime === "number" && typeof value.size === "number" ? { mtime: value.mtime, size: value.size } : null;
}
