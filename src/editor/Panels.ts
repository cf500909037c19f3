import * as vscode from "vscode";
import type { PageAction } from "../protocol/page.ts";
import { DisposableBase } from "./DisposableBase.ts";
import { engineErrorOf } from "./Engine.ts";
import { buttons, messages } from "./messages.ts";
import { carryOut } from "./pageActions.ts";
import type { RunRecordDocument } from "./RunRecordDocument.ts";
import { RunRecordPanel } from "./RunRecordPanel.ts";
import { SaveFlow } from "./SaveFlow.ts";
import { isViewType } from "./viewTypes.ts";

/** A tab and the preview it may show. */
export interface OpenPanel {
  readonly panel: RunRecordPanel;
  readonly flow: SaveFlow;
}

/** All tabs of the rendered editor. */
export class Panels extends DisposableBase {
  private readonly extensionUri: vscode.Uri;
  private readonly log: vscode.LogOutputChannel;
  private readonly all = new Map<RunRecordPanel, OpenPanel>();
  private readonly openEvents = this._register(new vscode.EventEmitter<OpenPanel>());
  readonly onDidOpen = this.openEvents.event;

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    super();
    this.extensionUri = extensionUri;
    this.log = log;
  }

  open(document: RunRecordDocument, webviewPanel: vscode.WebviewPanel): void {
    const panel = new RunRecordPanel(document, webviewPanel, {
      extensionUri: this.extensionUri,
      log: this.log,
      act: (from, action) => this.act(from, action),
      onLostChanges: ({ fileName }) => void vscode.window.showErrorMessage(messages.changesLost(fileName)),
    });
    const flow = new SaveFlow(document, panel, this.log);
    const opened = { panel, flow };
    this.all.set(panel, opened);
    webviewPanel.onDidDispose(() => {
      this.all.delete(panel);
      flow.dispose();
      panel.dispose();
    });
    this.openEvents.fire(opened);
  }

  /** The tab that shows a file: the active one, else a visible one, else any. */
  find(uri: vscode.Uri): OpenPanel | null {
    const ofFile = [...this.all.values()].filter(({ panel }) => panel.document.uri.toString() === uri.toString());
    return ofFile.find(({ panel }) => panel.panel.active) ?? ofFile.find(({ panel }) => panel.visible) ?? ofFile[0] ?? null;
  }

  /** The file of the active tab, when that is one of ours. */
  activeUri(): vscode.Uri | null {
    const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof vscode.TabInputCustom && isViewType(input.viewType) ? input.uri : null;
  }

  private async act(panel: RunRecordPanel, action: PageAction): Promise<void> {
    const opened = this.all.get(panel);
    if (opened === undefined) return;
    try {
      await carryOut(opened, action, this.log);
    } catch (thrown) {
      const { code, message, detail } = engineErrorOf(thrown);
      if (code === "cancelled") return;
      this.log.error(`${action.kind} of ${panel.document.session.fileName}: ${detail ?? message}`);
      const answer = await vscode.window.showErrorMessage(message, buttons.showLog);
      if (answer === buttons.showLog) this.log.show();
    }
  }
}
