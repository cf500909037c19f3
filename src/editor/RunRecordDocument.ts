import * as vscode from "vscode";
import { refusal } from "./Engine.ts";
import { messages } from "./messages.ts";
import type { EditStep, RecordSession } from "./RecordSession.ts";
import type { ViewType } from "./viewTypes.ts";

/** One undoable step, as VS Code wants it beside the document. */
export interface DocumentEdit {
  readonly label: string;
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/**
 * A record as VS Code knows it: one per file and view type. The bytes and their history are the session's, which the documents of
 * both view types share; only one of them may hold unsaved changes.
 */
export class RunRecordDocument implements vscode.CustomDocument {
  readonly session: RecordSession;
  readonly viewType: ViewType;
  private readonly release: () => void;
  private readonly edits = new vscode.EventEmitter<DocumentEdit>();
  readonly onDidEdit = this.edits.event;

  constructor(session: RecordSession, viewType: ViewType, release: () => void) {
    this.session = session;
    this.viewType = viewType;
    this.release = release;
    if (session.restored) session.dirtyIn ??= viewType;
  }

  get uri(): vscode.Uri {
    return this.session.uri;
  }

  /** Makes a preview's bytes the document's, as one undoable edit. Rejects when the other view type holds unsaved changes. */
  async edit(token: string, label: string): Promise<void> {
    const { session } = this;
    if (session.dirtyIn !== null && session.dirtyIn !== this.viewType) {
      throw refusal({ code: "refused", message: messages.otherEditorDirty(session.fileName) });
    }
    session.dirtyIn = this.viewType;
    const step = await session.apply(token);
    this.edits.fire({ label, undo: () => this.move(step, step.before), redo: () => this.move(step, step.after) });
  }

  dispose(): void {
    this.edits.dispose();
    this.release();
  }

  private async move(step: EditStep, to: number): Promise<void> {
    this.session.dirtyIn ??= this.viewType;
    if (!(await this.session.goto(step, to))) void vscode.window.showWarningMessage(messages.undoLost(this.session.fileName));
  }
}
