import * as vscode from "vscode";
import { type Backup, readBackup, writeBackup } from "./backup.ts";
import { DisposableBase } from "./DisposableBase.ts";
import { engineErrorOf } from "./Engine.ts";
import { messages } from "./messages.ts";
import type { Panels } from "./Panels.ts";
import type { RecordSessions } from "./RecordSessions.ts";
import { RunRecordDocument } from "./RunRecordDocument.ts";
import { saveRecord } from "./saveRecord.ts";
import { type ViewType, viewTypes } from "./viewTypes.ts";

/** What both view types of the editor share. */
export interface EditorServices {
  readonly sessions: RecordSessions;
  readonly panels: Panels;
  readonly log: vscode.LogOutputChannel;
}

/** VS Code's way to open, show, save, revert and back up run records; one for each view type. */
export class RunRecordEditorProvider extends DisposableBase implements vscode.CustomEditorProvider<RunRecordDocument> {
  private readonly services: EditorServices;
  private readonly viewType: ViewType;
  private readonly edits = this._register(new vscode.EventEmitter<vscode.CustomDocumentEditEvent<RunRecordDocument>>());
  readonly onDidChangeCustomDocument = this.edits.event;

  private constructor(services: EditorServices, viewType: ViewType) {
    super();
    this.services = services;
    this.viewType = viewType;
    this._register(
      vscode.window.registerCustomEditorProvider(viewType, this, {
        supportsMultipleEditorsPerDocument: true,
        webviewOptions: { retainContextWhenHidden: false },
      }),
    );
  }

  static register(services: EditorServices): vscode.Disposable {
    return vscode.Disposable.from(...Object.values(viewTypes).map((viewType) => new RunRecordEditorProvider(services, viewType)));
  }

  async openCustomDocument(uri: vscode.Uri, { backupId }: vscode.CustomDocumentOpenContext): Promise<RunRecordDocument> {
    const backup = backupId === undefined ? null : await this.restore(uri, backupId);
    const { session, release } = this.services.sessions.hold(uri, backup);
    const document = new RunRecordDocument(session, this.viewType, release);
    // Ends with the document's own emitter.
    document.onDidEdit((edit) => this.edits.fire({ document, ...edit }));
    return document;
  }

  resolveCustomEditor(document: RunRecordDocument, panel: vscode.WebviewPanel): void {
    this.services.panels.open(document, panel);
  }

  saveCustomDocument(document: RunRecordDocument): Promise<void> {
    return saveRecord(document.session);
  }

  saveCustomDocumentAs(document: RunRecordDocument, destination: vscode.Uri): Promise<void> {
    return document.session.saveTo(destination);
  }

  revertCustomDocument(document: RunRecordDocument): Promise<void> {
    return document.session.revert();
  }

  backupCustomDocument(
    document: RunRecordDocument,
    { destination }: vscode.CustomDocumentBackupContext,
  ): Promise<vscode.CustomDocumentBackup> {
    return writeBackup(document.session, destination);
  }

  private async restore(uri: vscode.Uri, backupId: string): Promise<Backup | null> {
    try {
      return await readBackup(backupId);
    } catch (thrown) {
      const { message } = engineErrorOf(thrown);
      this.services.log.error(`The backup ${backupId} could not be read: ${message}`);
      void vscode.window.showErrorMessage(messages.backupUnreadable(uri.path.slice(uri.path.lastIndexOf("/") + 1)));
      return null;
    }
  }
}
