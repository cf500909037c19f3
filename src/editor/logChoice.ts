import * as vscode from "vscode";
import type { LogChoice } from "../protocol/engine.ts";
import { DisposableBase } from "./DisposableBase.ts";
import { LogPermission } from "./logPermission.ts";
import { buttons, messages } from "./messages.ts";

/** Where allowed logs are kept in the workspace's state. */
const ALLOWED_KEY = "eventLog.allowed";

/** Which event log is to be read for a record: by the settings, and by what the user allowed. */
export class LogChoices extends DisposableBase {
  private readonly permission: LogPermission;
  private readonly changes = this._register(new vscode.EventEmitter<vscode.ConfigurationChangeEvent | null>());

  constructor(state: vscode.Memento) {
    super();
    this.permission = new LogPermission({
      isTrusted: () => vscode.workspace.isTrusted,
      remembered: () => state.get<readonly string[]>(ALLOWED_KEY) ?? [],
      remember: async (paths) => state.update(ALLOWED_KEY, paths),
      async ask(path) {
        const answer = await vscode.window.showWarningMessage(messages.logOutsideAsk(path), buttons.allow, buttons.notNow);
        return answer === buttons.allow ? "allow" : "notNow";
      },
    });
    this._register(vscode.workspace.onDidChangeConfiguration((event) => this.changes.fire(event)));
    this._register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changes.fire(null)));
  }

  /** What the settings say now. */
  of(uri: vscode.Uri): LogChoice {
    const { allowed } = this.permission;
    if (uri.scheme !== "file") return { backend: "none", path: null, allowed, reason: messages.logVirtual };
    const settings = vscode.workspace.getConfiguration("runRecord", uri);
    const backend = settings.get<LogChoice["backend"]>("eventLog.backend") ?? "auto";
    const path = settings.get<string>("eventLog.path") ?? "";
    return { backend, path: path.trim() === "" ? null : path, allowed };
  }

  /** Calls back when the choice for a record may be another one. */
  onDidChange(uri: vscode.Uri, listener: () => void): vscode.Disposable {
    return this.changes.event((event) => {
      if (event === null || event.affectsConfiguration("runRecord.eventLog", uri)) listener();
    });
  }

  /** Asks whether a log outside of the workspace may be read: once for each, or, when the user asks for it, again. */
  async ask(path: string, again: boolean): Promise<void> {
    if (again && !vscode.workspace.isTrusted) void vscode.window.showWarningMessage(messages.logOutsideUntrusted(path));
    if (await this.permission.ask(path, again)) this.changes.fire(null);
  }
}
