import * as vscode from "vscode";
import { registerCommands } from "./commands/registerCommands.ts";
import type { AroundNews, Engine } from "./editor/Engine.ts";
import { LogChoices } from "./editor/logChoice.ts";
import { Panels } from "./editor/Panels.ts";
import { PreviewText } from "./editor/PreviewText.ts";
import { RecordSessions } from "./editor/RecordSessions.ts";
import { RunRecordEditorProvider } from "./editor/RunRecordEditorProvider.ts";
import { EngineClient, nodeEngineWorker } from "./engine/EngineClient.ts";
import { ChildRunHover } from "./language/ChildRunHover.ts";

/** Only composes. The engine's worker starts with the first record, hover or command that needs it. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Run Record", { log: true });
  const around = new vscode.EventEmitter<AroundNews>();
  const client = new EngineClient({
    startWorker: nodeEngineWorker(context.asAbsolutePath("dist/worker.cjs")),
    log: (level, message) => log[level](message),
    around: (doc, view) => around.fire({ doc, around: view }),
  });
  const engine: Engine = { request: (request, options) => client.request(request, options), onDidChangeAround: around.event };
  const logs = new LogChoices(context.workspaceState);
  const sessions = new RecordSessions({ engine, logs, log });
  const panels = new Panels(context.extensionUri, log);
  const hover = ChildRunHover.register(engine, log);
  // Disposed first to last: the editor's parts before the engine they talk to.
  context.subscriptions.push(
    RunRecordEditorProvider.register({ sessions, panels, log }),
    registerCommands({ engine, panels, log, onDidUse: () => hover.everywhere() }),
    sessions.onDidOpen(() => hover.everywhere()),
    hover,
    PreviewText.register(sessions),
    panels,
    sessions,
    logs,
    client,
    around,
    log,
  );
}
