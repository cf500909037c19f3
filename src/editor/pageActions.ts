import * as vscode from "vscode";
import type { PageAction } from "../protocol/page.ts";
import { messages } from "./messages.ts";
import { openAsText } from "./openAsText.ts";
import { followPath } from "./openRecord.ts";
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

/** Another run by its id: its record lies beside this one, under the id's name. */
async function openRun(session: RecordSession, runId: string): Promise<void> {
  // An id is free text in the format; as a file name it must be a plain one.
  if (!/^[\w-][\w.-]{0,199}$/.test(runId)) {
    void vscode.window.showInformationMessage(messages.runIdNoFile(runId));
    return;
  }
  const resolved = await session.engine.resolvePath(`.harn-runs/${runId}.json`);
  if (resolved.presence === "absent") void vscode.window.showInformationMessage(messages.runNotFound(runId));
  else await followPath(session, resolved, "record");
}

export async function copy(text: string, what: string): Promise<void> {
  await vscode.env.clipboard.writeText(text.slice(0, copyLimit));
  vscode.window.setStatusBarMessage(messages.copied(what), 3000);
}
