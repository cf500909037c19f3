import * as vscode from "vscode";
import { megabytes, messages, TEXT_LIMIT_BYTES } from "./messages.ts";
import type { RecordSession } from "./RecordSession.ts";

/** Opens a file in the text editor, whatever editor is its default. */
export async function openTextEditor(uri: vscode.Uri, at?: vscode.Position): Promise<void> {
  const options: vscode.TextDocumentShowOptions = at === undefined ? {} : { selection: new vscode.Range(at, at) };
  await vscode.commands.executeCommand("vscode.openWith", uri, "default", options);
}

/** Opens a record as text, at a byte offset of it when one is given and the file is small enough for VS Code to go there. */
export async function openAsText(session: RecordSession, offset: number | null): Promise<void> {
  const size = await session.fileSize();
  if (offset === null || size > TEXT_LIMIT_BYTES) {
    if (offset !== null) void vscode.window.showInformationMessage(messages.tooLargeToReveal(session.fileName, megabytes(size)));
    await openTextEditor(session.uri);
    return;
  }
  await openTextEditor(session.uri, await session.engine.positionOf(offset));
}

/** Shows where the selected row stands in the JSON text; says why when there is no such place. */
export async function revealInJson(session: RecordSession, rowId: string | null): Promise<void> {
  if (rowId === null) {
    void vscode.window.showInformationMessage(messages.noSelection);
    return;
  }
  const size = await session.fileSize();
  if (size > TEXT_LIMIT_BYTES) {
    void vscode.window.showInformationMessage(messages.tooLargeToReveal(session.fileName, megabytes(size)));
    return;
  }
  const offset = await session.engine.offsetOf(rowId);
  // Rows of what lies around the record have ids that begin so.
  const why = rowId.startsWith("@") ? messages.rowBeside : messages.rowWithoutPlace;
  if (offset < 0) void vscode.window.showInformationMessage(why);
  else await openTextEditor(session.uri, await session.engine.positionOf(offset));
}
