import { basename } from "node:path";
import * as vscode from "vscode";
import { AroundWatch } from "./AroundWatch.ts";
import { DisposableBase } from "./DisposableBase.ts";
import type { EngineDocument } from "./EngineDocument.ts";
import type { SessionServices } from "./RecordSession.ts";
import { SessionLog } from "./SessionLog.ts";

/** What the host does about all that lies around one open record: looks at it while somebody sees it, and keeps to the settings of its event log. */
export class RecordSurroundings extends DisposableBase {
  readonly watch: AroundWatch;
  readonly eventLog: SessionLog;

  constructor({ logs, log }: SessionServices, uri: vscode.Uri, engine: EngineDocument) {
    super();
    const fileName = basename(uri.path);
    this.watch = this._register(
      new AroundWatch({
        look: () => engine.look(),
        isFocused: () => vscode.window.state.focused,
        onDidChangeFocus(listener) {
          const listening = vscode.window.onDidChangeWindowState(listener);
          return () => {
            listening.dispose();
          };
        },
        failed: (message) => log.warn(`What lies around ${fileName} could not be looked at: ${message}`),
      }),
    );
    this.eventLog = new SessionLog({
      choice: () => logs.of(uri),
      setLog: (choice) => engine.setLog(choice),
      outsideLog: () => engine.outsideLog(),
      ask: (path, again) => logs.ask(path, again),
      failed: (message) => log.warn(`The event log of ${fileName}: ${message}`),
    });
    this._register(logs.onDidChange(uri, () => void this.eventLog.chooseAnew()));
    this._register(engine.onDidChangeAround((around) => void this.eventLog.found(around.log)));
  }
}
