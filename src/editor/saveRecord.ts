import * as vscode from "vscode";
import type { EngineError } from "../protocol/engine.ts";
import { engineErrorOf } from "./Engine.ts";
import { buttons, messages } from "./messages.ts";
import { compareWithDisk } from "./PreviewText.ts";
import type { RecordSession } from "./RecordSession.ts";

/**
 * Saves the document's bytes to its own file. Asks when the file changed or went since it was read, and when its text editor has
 * unsaved changes of its own. Rejects when nothing was written, so that VS Code keeps the document dirty.
 */
export async function saveRecord(session: RecordSession): Promise<void> {
  const { fileName } = session;
  if (textIsDirty(session.uri) && !(await agrees(messages.textDirtyOnSave(fileName), buttons.saveAnyway)))
    throw new vscode.CancellationError();
  try {
    await session.save(true);
  } catch (thrown) {
    const error = engineErrorOf(thrown);
    const question = questionAbout(error, session);
    if (question === null) throw new Error(messages.saveFailed(fileName, error.message));
    await askAndOverwrite(session, question);
  }
}

/** Whether the same file is open as text with unsaved changes. */
export function textIsDirty(uri: vscode.Uri): boolean {
  return vscode.workspace.textDocuments.some((document) => document.isDirty && document.uri.toString() === uri.toString());
}

function questionAbout(error: EngineError, session: RecordSession): string | null {
  if (error.code === "notFound") return messages.deletedOnSave(session.fileName);
  if (error.code !== "changedOnDisk") return null;
  return session.restored ? messages.changedSinceBackup(session.fileName) : messages.changedOnDiskSave(session.fileName);
}

async function askAndOverwrite(session: RecordSession, question: string): Promise<void> {
  const answer = await vscode.window.showWarningMessage(question, { modal: true }, buttons.overwrite, buttons.compare);
  if (answer === buttons.compare) {
    await compareWithDisk(session.uri);
    throw new vscode.CancellationError();
  }
  if (answer !== buttons.overwrite) throw new vscode.CancellationError();
  await session.save(false);
}

async function agrees(question: string, button: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true }, button)) === button;
}
