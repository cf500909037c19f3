import * as vscode from "vscode";
import type { PageAction } from "../protocol/page.ts";
import { messages } from "./messages.ts";
import { openAsText } from "./openAsText.ts";
import { followPath, openRecord } from "./openRecord.ts";
import type { OpenPanel } from "./Panels.ts";
import type { RecordSession } from "./RecordSession.ts";

/** Longest text the page may put on the clipboard in one go, in UTF-16 units. */
const copyLimit = 1_000_000;

/** Carries out what the user did on a page. Rejects with an engine's error when it fails. */
export async function carryOut({ panel, flow }: OpenPanel, action: PageAction, log: vscode.LogOutputChannel): Promise<void> {
  const { session } = panel.document;
  switch (action.kind) {
    case "openChildRecord":
      return followPath(session, await session.engine.childPath(action.rowId), "record");
    case "openRun":
      return openRun(session, action.runId);
    case "openStoredPath":
      return followPath(session, await session.engine.resolvePath(action.path), "file");
    case "openAsText":
      return openAsText(session, action.offset);
    case "openBeside":
      return followPath(session, await session.engine.besidePath(action.rowId), "file");
    case "allowLog":
      if (!(await session.eventLog.ask(true))) void vscode.window.showInformationMessage(messages.noLogOutside);
      return;
    case "logSettings":
      await vscode.commands.executeCommand("workbench.action.openSettings", "runRecord.eventLog");
      return;
    case "copy":
      return copy(action.text, action.what);
    case "normalize":
      return flow.start("normalize");
    case "resave":
      return flow.start("resave");
    case "confirmPreview":
      return flow.confirm(action.token);
    case "cancelPreview":
      flow.cancel(action.token);
      return;
    case "repreview":
      return flow.again(action.token, action.rederive, action.fidelity);
    case "diffPreview":
      return flow.compare(action.token);
    case "reload":
      return reload(session, () => panel.load());
    case "showLog":
      log.show();
  }
}

/** Reads the file again unless that would drop unsaved changes, and starts the page over. */
async function reload(session: RecordSession, load: () => void): Promise<void> {
  if (!session.dirty) await session.reload();
  load();
}

/** Another run by its id: the record below the same base folder that says it is that run. */
async function openRun(session: RecordSession, runId: string): Promise<void> {
  if (!session.isFile) {
    void vscode.window.showInformationMessage(messages.virtualPaths);
    return;
  }
  const { baseFolder } = await session.whereabouts();
  const looking = { location: vscode.ProgressLocation.Window, title: messages.lookingForRuns };
  const found = await vscode.window.withProgress(looking, () => session.engine.findRun([baseFolder], runId));
  if (found === null) void vscode.window.showInformationMessage(messages.runNotFound(runId));
  else await openRecord(vscode.Uri.file(found.path));
}

/** Puts text on the clipboard, and says so in the status bar. */
export async function copy(text: string, what: string): Promise<void> {
  await vscode.env.clipboard.writeText(text.slice(0, copyLimit));
  vscode.window.setStatusBarMessage(messages.copied(what), 3000);
}
