import * as vscode from "vscode";
import type { SaveChoices } from "../protocol/engine.ts";
import type { SaveFidelity, SaveOperation, SavePreview } from "../view/types.ts";
import { DisposableBase } from "./DisposableBase.ts";
import { engineErrorOf } from "./Engine.ts";
import { buttons, messages, operationName } from "./messages.ts";
import { openAsText } from "./openAsText.ts";
import { openRecord } from "./openRecord.ts";
import { persistedPath } from "./persistedPath.ts";
import { comparePreview } from "./PreviewText.ts";
import { publishSave } from "./publishSave.ts";
import { placePath } from "./recordPlace.ts";
import type { RunRecordDocument } from "./RunRecordDocument.ts";
import type { RunRecordPanel } from "./RunRecordPanel.ts";
import { textIsDirty } from "./saveRecord.ts";

interface Shown {
  readonly token: string;
  readonly choices: SaveChoices;
  readonly target: vscode.Uri;
  readonly unchanged: boolean;
  readonly revision: number;
}

/** Normalize, Resave and Resave As… of one tab: first the preview, then, when the user confirms exactly that preview, the edit. */
export class SaveFlow extends DisposableBase {
  private readonly document: RunRecordDocument;
  private readonly panel: RunRecordPanel;
  private readonly log: vscode.LogOutputChannel;
  private shown: Shown | null = null;
  /** Grows with every preview asked for: the answer to an older one is not shown any more. */
  private asked = 0;
  private underWay: AbortController | null = null;

  constructor(document: RunRecordDocument, panel: RunRecordPanel, log: vscode.LogOutputChannel) {
    super();
    this.document = document;
    this.panel = panel;
    this.log = log;
    this._register(
      document.session.onDidChangeView(({ revision }) => {
        if (this.shown !== null && revision !== this.shown.revision) this.close();
      }),
    );
  }

  /** Shows what the operation would do. Resave As… goes to `target`. */
  async start(operation: SaveOperation, target: vscode.Uri = this.document.uri): Promise<void> {
    const { session } = this.document;
    await session.opened;
    if (session.view?.editable === false) {
      void vscode.window.showErrorMessage(messages.notEditable(session.fileName));
      return;
    }
    const fidelity = vscode.workspace.getConfiguration("runRecord", session.uri).get<SaveFidelity>("save.fidelity") ?? "lossless";
    await this.ask(await this.choices(operation, fidelity, target), target);
  }

  /** The same preview with other choices. */
  async again(token: string, rederive: boolean, fidelity: SaveFidelity): Promise<void> {
    const { shown } = this;
    if (shown?.token === token) await this.ask({ ...shown.choices, rederive, fidelity }, shown.target, true);
  }

  async confirm(token: string): Promise<void> {
    const { shown } = this;
    if (shown?.token !== token) return;
    const { operation } = shown.choices;
    // Taken before anything is done: a second click finds nothing to confirm.
    this.shown = null;
    const mine = ++this.asked;
    try {
      if (operation === "resaveAs") await this.writeTo(shown);
      else await this.edit(shown);
    } catch (thrown) {
      if (engineErrorOf(thrown).code !== "stale") throw thrown;
      void vscode.window.showWarningMessage(messages.previewStale(operation));
      await this.ask(shown.choices, shown.target);
    } finally {
      if (mine === this.asked) this.panel.showPreview({ type: "previewClosed" });
    }
  }

  /** Without a token: whatever is shown or being worked out. */
  cancel(token: string): void {
    if (token === "" || this.shown === null || this.shown.token === token) this.close();
  }

  async compare(token: string): Promise<void> {
    if (this.shown?.token === token) await comparePreview(this.document.uri, token, operationName(this.shown.choices.operation));
  }

  override dispose(): void {
    this.drop();
    super.dispose();
  }

  private async ask(choices: SaveChoices, target: vscode.Uri, keepUnchanged = false): Promise<void> {
    const { session } = this.document;
    const mine = ++this.asked;
    this.drop();
    this.underWay = new AbortController();
    this.panel.showPreview({ type: "previewBusy", what: messages.working(choices.operation) });
    try {
      const preview = await session.engine.preview(choices, this.underWay.signal);
      if (mine !== this.asked || this.isDisposed()) {
        await session.engine.dropPreview(preview.token);
        return;
      }
      await this.show(preview, choices, target, keepUnchanged);
    } catch (thrown) {
      if (mine === this.asked && engineErrorOf(thrown).code !== "cancelled") this.refuse(thrown, choices.operation);
    }
  }

  private async show(preview: SavePreview, choices: SaveChoices, target: vscode.Uri, keepUnchanged: boolean): Promise<void> {
    const { session } = this.document;
    const { token, unchanged } = preview;
    // A later record's derived parts can still be made again by choice, so that preview is worth seeing even without a change.
    if (unchanged && choices.operation !== "resaveAs" && !preview.rederive.offered && !keepUnchanged) {
      this.panel.showPreview({ type: "previewClosed" });
      await session.engine.dropPreview(token);
      if (choices.operation === "resave" && session.dirty) {
        await this.saveAndPublish();
        void vscode.window.showInformationMessage(messages.nothingFurther(session.fileName));
      } else {
        void vscode.window.showInformationMessage(messages.nothingToChange(choices.operation, session.fileName));
      }
      return;
    }
    this.shown = { token, choices, target, unchanged, revision: session.view?.revision ?? 0 };
    this.panel.showPreview({ type: "preview", preview });
  }

  private async edit({ token, choices, unchanged }: Shown): Promise<void> {
    const { session } = this.document;
    if (unchanged) await session.engine.dropPreview(token);
    else {
      if (textIsDirty(session.uri)) void vscode.window.showWarningMessage(messages.textDirtyOnEdit(session.fileName));
      await this.document.edit(token, operationName(choices.operation));
    }
    if (choices.operation === "resave" && session.dirty) await this.saveAndPublish();
  }

  /** VS Code saves, and asks or refuses as for any save; only what was written is published. */
  private async saveAndPublish(): Promise<void> {
    const { session } = this.document;
    await vscode.workspace.save(session.uri);
    if (!session.dirty) await publishSave(session, session.uri, this.log);
  }

  private async writeTo({ token, target }: Shown): Promise<void> {
    const { session } = this.document;
    await session.writePreviewTo(token, target);
    await publishSave(session, target, this.log);
    await openRecord(target);
  }

  private refuse(thrown: unknown, operation: SaveOperation): void {
    const error = engineErrorOf(thrown);
    const { session } = this.document;
    this.log.info(`${operationName(operation)} of ${session.fileName} refused: ${error.message}`);
    const offset = error.offset ?? null;
    this.panel.showPreview({ type: "previewRefused", error: { message: error.message }, offset });
    if (this.panel.visible) return;
    const choices = offset === null ? [] : [buttons.showInText];
    void vscode.window
      .showErrorMessage(messages.failed(operationName(operation), error.message), ...choices)
      .then((answer) => (answer === buttons.showInText ? openAsText(session, offset) : undefined));
  }

  private async choices(operation: SaveOperation, fidelity: SaveFidelity, target: vscode.Uri): Promise<SaveChoices> {
    const { baseFolder } = await this.document.session.whereabouts();
    const targetPath = placePath(target);
    return {
      operation,
      fidelity,
      rederive: false,
      targetPath,
      persistedPath: operation === "normalize" ? null : persistedPath(targetPath, baseFolder),
    };
  }

  private close(): void {
    this.asked++;
    this.drop();
    this.panel.showPreview({ type: "previewClosed" });
  }

  /** Gives up what is shown and what is being worked out. */
  private drop(): void {
    this.underWay?.abort();
    this.underWay = null;
    const { shown } = this;
    this.shown = null;
    if (shown === null) return;
    this.document.session.engine.dropPreview(shown.token).catch((thrown: unknown) => this.log.debug(engineErrorOf(thrown).message));
  }
}
