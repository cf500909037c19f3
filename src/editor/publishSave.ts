import { posix } from "node:path";
import * as vscode from "vscode";
import { engineErrorOf } from "./Engine.ts";
import { messages } from "./messages.ts";
import type { RecordSession } from "./RecordSession.ts";
import { placePath } from "./recordPlace.ts";

/** So long (milliseconds) the status bar tells of what was published. */
const SHOWN_MS = 5000;

/**
 * Appends the action graph of what was just saved at `target` to the active event log, where the settings ask for it. The save has
 * happened: what goes wrong here is said and logged, and never thrown.
 */
export async function publishSave(session: RecordSession, target: vscode.Uri, log: vscode.LogOutputChannel): Promise<void> {
  if (vscode.workspace.getConfiguration("runRecord").get<boolean>("save.publishActionGraph") !== true) return;
  const { published, message } = await publish(session, target);
  if (published) {
    log.info(message);
    vscode.window.setStatusBarMessage(message, SHOWN_MS);
    session.watch.lookNow();
  } else {
    log.warn(message);
    void vscode.window.showWarningMessage(message);
  }
}

async function publish(session: RecordSession, target: vscode.Uri): Promise<{ readonly published: boolean; readonly message: string }> {
  const fileName = posix.basename(target.path);
  if (target.scheme !== "file") return { published: false, message: messages.notPublishedVirtual(fileName) };
  try {
    return await session.engine.publish(placePath(target));
  } catch (thrown) {
    return { published: false, message: messages.notPublished(fileName, engineErrorOf(thrown).message) };
  }
}
