import { randomUUID } from "node:crypto";
import type * as vscode from "vscode";
import type { PageAction, PageRequest, PageState, ToHost, ToPage } from "../protocol/page.ts";
import type { OpenedView } from "../view/types.ts";
import { DisposableBase } from "./DisposableBase.ts";
import { engineErrorOf, userErrorOf } from "./Engine.ts";
import { failureHtml, pageHtml, pageResourceRoots } from "./pageHtml.ts";
import type { RecordSession } from "./RecordSession.ts";
import type { RunRecordDocument } from "./RunRecordDocument.ts";

/** How long a visible page may take until it says `ready`, in milliseconds. */
const readyWithinMs = 20_000;

export interface PanelServices {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Carries out what the user did on the page. */
  readonly act: (panel: RunRecordPanel, action: PageAction) => Promise<void>;
  /** The engine's worker ended, and unsaved changes of the record with it. */
  readonly onLostChanges: (session: RecordSession) => void;
}

/**
 * One tab: a webview and its end of the wire. Nothing is posted before the page says `ready`, which it says anew each time it was
 * hidden and shown; every request gets one answer.
 */
export class RunRecordPanel extends DisposableBase {
  readonly document: RunRecordDocument;
  readonly panel: vscode.WebviewPanel;
  /** The selected row, for commands that work on it. */
  selected: string | null = null;
  private readonly services: PanelServices;
  private readonly pageId = randomUUID();
  private ready = false;
  private attached = false;
  private starting = false;
  /** Grows with each start: an earlier one still under way has nothing to say any more. */
  private starts = 0;
  /** The session's generation this page is attached to. */
  private generation = 0;
  /** What the page remembered when it started. */
  private state: PageState | null = null;
  private silence: NodeJS.Timeout | null = null;
  /** What the preview area shows; posted again when the page starts over. */
  private previewMessage: ToPage | null = null;
  private readonly calls = new Set<AbortController>();

  constructor(document: RunRecordDocument, panel: vscode.WebviewPanel, services: PanelServices) {
    super();
    this.document = document;
    this.panel = panel;
    this.services = services;
    const { session } = document;
    panel.webview.options = { enableScripts: true, localResourceRoots: pageResourceRoots(services.extensionUri) };
    this._register(panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    this._register(panel.onDidChangeViewState(() => this.visibilityChanged()));
    this._register(session.onDidChangeView((view) => this.viewChanged(view)));
    this._register(session.engine.onDidChangeAround((around) => this.postAttached({ type: "around", around })));
    this._register(session.onDidFail((error) => this.post({ type: "failed", error: { message: error.message } })));
    this._register(session.onDidChangeDirty((dirty) => this.postAttached({ type: "dirty", dirty })));
    this.load();
  }

  get visible(): boolean {
    return this.panel.visible;
  }

  /** Shows something in the page's preview area, now or as soon as there is a page. */
  showPreview(message: Extract<ToPage, { type: "preview" | "previewBusy" | "previewRefused" | "previewClosed" }>): void {
    this.previewMessage = message.type === "previewClosed" ? null : message;
    this.postAttached(message);
  }

  /** Starts the page over, from its script on. */
  load(): void {
    this.ready = false;
    this.panel.webview.html = pageHtml(this.panel.webview, this.services.extensionUri);
    this.watchSilence();
  }

  override dispose(): void {
    if (this.isDisposed()) return;
    this.stopWatching();
    this.leave();
    super.dispose();
  }

  private receive(message: unknown): void {
    if (!isToHost(message)) {
      this.services.log.warn(`The page of ${this.document.session.fileName} sent a message of no known type.`);
      return;
    }
    switch (message.type) {
      case "ready":
        void this.start(message.state);
        return;
      case "request":
        void this.answer(message.id, message.request);
        return;
      case "action":
        void this.services.act(this, message.action);
        return;
      case "selected":
        this.selected = message.rowId;
        return;
      case "fault":
        this.services.log.error(`Page of ${this.document.session.fileName}: ${message.message}`);
    }
  }

  private viewChanged(view: OpenedView): void {
    if (this.attached && this.generation === this.document.session.generation) this.post({ type: "opened", view });
    // Could not be read before, and now it can; or the engine opened it anew, and does not know this page.
    else if (this.ready && !this.starting) void this.start(this.state);
  }

  private async start(state: PageState | null): Promise<void> {
    const start = ++this.starts;
    this.stopWatching();
    this.ready = true;
    this.attached = false;
    this.starting = true;
    this.state = state;
    this.selected = state?.selected ?? null;
    try {
      await this.attach(start, state);
    } catch (thrown) {
      if (start !== this.starts) return;
      this.starting = false;
      if (engineErrorOf(thrown).code === "stale") await this.startRecovered(state);
      else this.post({ type: "failed", error: userErrorOf(thrown) });
    } finally {
      if (start === this.starts) this.starting = false;
    }
  }

  private async attach(start: number, state: PageState | null): Promise<void> {
    const { session } = this.document;
    if (session.view === null && session.failure === null) {
      this.post({ type: "loading", fileName: session.fileName, byteLength: await session.fileSize() });
      await session.opened;
    }
    if (session.failure !== null) {
      this.post({ type: "failed", error: { message: session.failure.message } });
      return;
    }
    this.generation = session.generation;
    const around = await session.engine.attach(this.pageId, state);
    // Hidden, shown and started over meanwhile: that start attaches the page anew.
    if (start !== this.starts || session.view === null) return;
    this.attached = true;
    if (!this.ready || this.isDisposed()) {
      this.leave();
      return;
    }
    this.post({ type: "opened", view: session.view });
    this.post({ type: "around", around });
    this.post({ type: "dirty", dirty: session.dirty });
    if (this.previewMessage !== null) this.post(this.previewMessage);
    // Hidden again while it was being attached: nobody sees it.
    if (this.panel.visible) session.watch.shown(this.pageId);
  }

  /** The engine lost the file before it knew the page. */
  private async startRecovered(state: PageState | null): Promise<void> {
    await this.recover();
    // Opening it anew starts the pages; where another page had it opened anew, this one was passed over, as it was starting.
    if (this.ready && !this.attached && !this.starting && !this.isDisposed()) await this.start(state);
  }

  private async answer(id: number, request: PageRequest): Promise<void> {
    const call = new AbortController();
    this.calls.add(call);
    try {
      const value = await this.document.session.engine.ask(this.pageId, request, call.signal);
      this.post({ type: "answer", id, ok: true, value });
    } catch (thrown) {
      const { code, message, detail } = engineErrorOf(thrown);
      if (code === "internal") this.services.log.error(`${request.kind} of ${this.document.session.fileName}: ${detail ?? message}`);
      this.post({ type: "answer", id, ok: false, error: { message } });
      if (code === "stale") await this.recover();
    } finally {
      this.calls.delete(call);
    }
  }

  /** The engine knows nothing of this page any more, since its worker ended: the file is opened anew. */
  private async recover(): Promise<void> {
    const { session } = this.document;
    const { lostChanges } = await session.recover(this.generation);
    if (lostChanges) this.services.onLostChanges(session);
  }

  private visibilityChanged(): void {
    if (this.panel.visible) {
      if (!this.ready) this.watchSilence();
      return;
    }
    // VS Code ends a hidden page; the next one says `ready` again.
    this.ready = false;
    this.stopWatching();
    this.leave();
  }

  /** Gives up the page's part in the engine, and what it still waits for. */
  private leave(): void {
    this.document.session.watch.hidden(this.pageId);
    for (const call of this.calls) call.abort();
    this.calls.clear();
    if (!this.attached) return;
    this.attached = false;
    this.document.session.engine.detach(this.pageId).catch((thrown: unknown) => this.services.log.debug(engineErrorOf(thrown).message));
  }

  private watchSilence(): void {
    this.stopWatching();
    if (!this.panel.visible) return;
    this.silence = setTimeout(() => {
      this.services.log.error(`The page of ${this.document.session.fileName} did not start within ${String(readyWithinMs / 1000)} s.`);
      this.panel.webview.html = failureHtml(this.panel.webview);
    }, readyWithinMs);
  }

  private stopWatching(): void {
    if (this.silence !== null) clearTimeout(this.silence);
    this.silence = null;
  }

  private postAttached(message: ToPage): void {
    if (this.attached) this.post(message);
  }

  private post(message: ToPage): void {
    if (!this.ready || this.isDisposed()) return;
    this.panel.webview.postMessage(message).then(undefined, (thrown: unknown) => {
      this.services.log.warn(`A message to the page of ${this.document.session.fileName} was lost: ${String(thrown)}`);
    });
  }
}

const toHostTypes: ReadonlySet<unknown> = new Set<ToHost["type"]>(["ready", "request", "action", "selected", "fault"]);

/** Told by its type alone: only our own script runs in the page. */
function isToHost(message: unknown): message is ToHost {
  return typeof message === "object" && message !== null && "type" in message && toHostTypes.has(message.type);
}
