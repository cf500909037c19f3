import * as vscode from "vscode";
import { DisposableBase } from "./DisposableBase.ts";
import { engineErrorOf } from "./Engine.ts";
import { buttons, messages } from "./messages.ts";
import { compareWithDisk } from "./PreviewText.ts";
import type { RecordSession } from "./RecordSession.ts";
import { viewTypeFor } from "./viewTypes.ts";

/** A replaced file is gone for a moment; so long (milliseconds) a file must be absent before that is said. */
const settleMs = 250;

/**
 * Keeps a session in step with its file: by a watcher on it, and by a look when the window gets the focus. Not dirty: the file is read
 * again. Dirty: the user is asked. Gone: said once, and what was read stays.
 */
export class FileWatch extends DisposableBase {
  private readonly session: RecordSession;
  private readonly log: vscode.LogOutputChannel;
  private timer: NodeJS.Timeout | null = null;
  private looking = false;
  private lookAgain = false;
  private saidGone = false;

  constructor(session: RecordSession, log: vscode.LogOutputChannel) {
    super();
    this.session = session;
    this.log = log;
    const { uri } = session;
    // The name may hold characters that mean something in a pattern, so the folder's files are watched and told apart here.
    const watcher = this._register(
      vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.joinPath(uri, ".."), "*")),
    );
    const onEvent = (changed: vscode.Uri): void => {
      if (changed.toString() === uri.toString()) this.lookSoon();
    };
    this._register(watcher.onDidChange(onEvent));
    this._register(watcher.onDidCreate(onEvent));
    this._register(watcher.onDidDelete(onEvent));
    this._register(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.lookSoon();
      }),
    );
  }

  override dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    super.dispose();
  }

  private lookSoon(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.look();
    }, settleMs);
  }

  private async look(): Promise<void> {
    if (this.looking) {
      this.lookAgain = true;
      return;
    }
    this.looking = true;
    try {
      do {
        this.lookAgain = false;
        await this.session.settled();
        if (this.isDisposed()) return;
        await this.lookOnce();
      } while (this.mustLookAgain());
    } catch (thrown) {
      this.log.warn(`${this.session.fileName} could not be read again: ${engineErrorOf(thrown).message}`);
    } finally {
      this.looking = false;
    }
  }

  private mustLookAgain(): boolean {
    return this.lookAgain;
  }

  private async lookOnce(): Promise<void> {
    const { session } = this;
    switch (await session.outsideChange()) {
      case "same":
        this.saidGone = false;
        return;
      case "absent":
        if (!this.saidGone && session.view !== null) {
          this.saidGone = true;
          void vscode.window.showWarningMessage(messages.deleted(session.fileName));
        }
        return;
      case "changed":
        this.saidGone = false;
        if (session.dirty) await this.askAboutChange();
        else await session.reload();
    }
  }

  private async askAboutChange(): Promise<void> {
    const { session } = this;
    const answer = await vscode.window.showWarningMessage(
      messages.changedOnDiskDirty(session.fileName),
      buttons.reload,
      buttons.keep,
      buttons.compare,
    );
    // Saved or reverted while the question stood.
    if (this.isDisposed() || (await session.outsideChange()) !== "changed") return;
    switch (answer) {
      case buttons.reload:
        await revertInEditor(session);
        return;
      case buttons.compare:
        await compareWithDisk(session.uri);
        this.lookAgain = true;
        return;
      default:
        await session.acceptOutsideChange();
    }
  }
}

/** Reads the file again through VS Code, so that its dirty mark goes too: it reverts the active editor only. */
async function revertInEditor(session: RecordSession): Promise<void> {
  await vscode.commands.executeCommand("vscode.openWith", session.uri, session.dirtyIn ?? viewTypeFor(session.uri));
  await vscode.commands.executeCommand("workbench.action.files.revert");
}
