import * as vscode from "vscode";
import type { Engine } from "../editor/Engine.ts";
import { engineErrorOf } from "../editor/Engine.ts";
import { buttons, messages } from "../editor/messages.ts";
import { openTextEditor, revealInJson } from "../editor/openAsText.ts";
import { openRecord } from "../editor/openRecord.ts";
import { copy } from "../editor/pageActions.ts";
import type { OpenPanel, Panels } from "../editor/Panels.ts";
import type { SaveOperation } from "../view/types.ts";
import { targetPanel, targetUri } from "./commandTarget.ts";
import { openLatestRun } from "./openLatestRun.ts";
import { refresh } from "./refresh.ts";

export interface CommandServices {
  readonly engine: Engine;
  readonly panels: Panels;
  readonly log: vscode.LogOutputChannel;
  /** Told before each command: from then on the JSON text features work in all folders. */
  readonly onDidUse: () => void;
}

/** The extension's commands. Each works on the file it was called on, else on the active editor's; a closed file is opened first. */
export function registerCommands(services: CommandServices): vscode.Disposable {
  const { engine, panels, log } = services;
  const onFile = (run: (uri: vscode.Uri) => Promise<void>) => async (argument: unknown) => {
    const uri = targetUri(panels, argument);
    if (uri !== null) await run(uri);
  };
  const onPanel = (run: (opened: OpenPanel) => Promise<void>) =>
    onFile(async (uri) => {
      const opened = await targetPanel(panels, uri);
      if (opened !== null) await run(opened);
    });
  const save = (operation: SaveOperation) => onPanel(({ flow }) => flow.start(operation));

  const commands: Readonly<Record<string, (argument: unknown) => Promise<void>>> = {
    "runRecord.open": onFile(openRecord),
    "runRecord.openAsText": onFile((uri) => openTextEditor(uri)),
    "runRecord.openLatest": () => openLatestRun(engine),
    "runRecord.normalize": save("normalize"),
    "runRecord.resave": save("resave"),
    "runRecord.resaveAs": onPanel(resaveAs),
    "runRecord.revealInJson": onPanel(({ panel }) => revealInJson(panel.document.session, panel.selected)),
    "runRecord.copyRunId": onPanel(copyRunId),
    "runRecord.refresh": onPanel(({ panel }) => refresh(panel.document.session)),
    "runRecord.showLog": () => {
      log.show();
      return Promise.resolve();
    },
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (argument: unknown) => {
        services.onDidUse();
        await reporting(id, () => run(argument), log);
      }),
    ),
  );
}

async function resaveAs({ panel, flow }: OpenPanel): Promise<void> {
  const { uri } = panel.document;
  const target = await vscode.window.showSaveDialog({ defaultUri: uri, filters: { "Run records": ["json"] } });
  if (target !== undefined) await flow.start(target.toString() === uri.toString() ? "resave" : "resaveAs", target);
}

async function copyRunId({ panel }: OpenPanel): Promise<void> {
  const { session } = panel.document;
  await session.opened;
  const runId = session.view?.header?.runId ?? "";
  if (runId === "") void vscode.window.showInformationMessage(messages.noRunId(session.fileName));
  else await copy(runId, messages.runId);
}

/** A command that fails says why, and keeps the rest for the log. */
async function reporting(id: string, run: () => Promise<void>, log: vscode.LogOutputChannel): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    if (thrown instanceof vscode.CancellationError) return;
    const { code, message, detail } = engineErrorOf(thrown);
    if (code === "cancelled") return;
    log.error(`${id}: ${detail ?? message}`);
    const answer = await vscode.window.showErrorMessage(message, buttons.showLog);
    if (answer === buttons.showLog) log.show();
  }
}
