import * as vscode from "vscode";
import { refusal } from "./Engine.ts";

/** How a file looks from outside: milliseconds since 1970, and bytes. */
export interface FileStamp {
  readonly mtime: number;
  readonly size: number;
}

/** The file's stamp; null when it is absent or cannot be looked at. */
export async function fileStamp(uri: vscode.Uri): Promise<FileStamp | null> {
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri);
    return { mtime, size };
  } catch {
    return null;
  }
}

export function sameStamp(one: FileStamp | null, other: FileStamp | null): boolean {
  if (one === null || other === null) return one === other;
  return one.mtime === other.mtime && one.size === other.size;
}

/** Rejects with `notFound` or `changedOnDisk` when the file no longer looks as it did. */
export async function checkStamp(uri: vscode.Uri, expected: FileStamp | null): Promise<void> {
  const now = await fileStamp(uri);
  if (sameStamp(now, expected)) return;
  throw now === null
    ? refusal({ code: "notFound", message: "The file is no longer there." })
    : refusal({ code: "changedOnDisk", message: "The file changed since it was read." });
}
