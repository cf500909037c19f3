import * as vscode from "vscode";
import { messages } from "../editor/messages.ts";
import { openRecord } from "../editor/openRecord.ts";
import type { OpenPanel, Panels } from "../editor/Panels.ts";

/** The file a command is about: the one it was called on (Explorer, editor title), else the active editor's. Says so when there is none. */
export function targetUri(panels: Panels, argument: unknown): vscode.Uri | null {
  const uri = argument instanceof vscode.Uri ? argument : (panels.activeUri() ?? vscode.window.activeTextEditor?.document.uri ?? null);
  if (uri === null) void vscode.window.showInformationMessage(messages.noTarget);
  return uri;
}

/** The tab that shows a file, opened rendered when there is none yet. Null when VS Code could not open it, which it has said itself. */
export async function targetPanel(panels: Panels, uri: vscode.Uri): Promise<OpenPanel | null> {
  if (panels.find(uri) === null) {
    const opened = new Promise<void>((resolve) => {
      const listener = panels.onDidOpen(({ panel }) => {
        if (panel.document.uri.toString() !== uri.toString()) return;
        listener.dispose();
        resolve();
      });
      // Resolved either way: when the editor did not open, nothing is found below.
      void openRecord(uri).then(
        () => {
          listener.dispose();
          resolve();
        },
        () => {
          listener.dispose();
          resolve();
        },
      );
    });
    await opened;
  }
  return panels.find(uri);
}
