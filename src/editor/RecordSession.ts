import { basename } from "node:path";
import * as vscode from "vscode";
import type { EngineError, RecordPlace } from "../protocol/engine.ts";
import type { OpenedView } from "../view/types.ts";
import type { AroundWatch } from "./AroundWatch.ts";
import type { Backup } from "./backup.ts";
import { DisposableBase } from "./DisposableBase.ts";
import { type Engine, engineErrorOf } from "./Engine.ts";
import { EngineDocument } from "./EngineDocument.ts";
import { checkStamp, type FileStamp, fileStamp, sameStamp } from "./fileStamp.ts";
import { inTurn } from "./inTurn.ts";
import type { LogChoices } from "./logChoice.ts";
import { placePath, recordPlace } from "./recordPlace.ts";
import { RecordSurroundings } from "./RecordSurroundings.ts";
import type { SessionLog } from "./SessionLog.ts";
import type { ViewType } from "./viewTypes.ts";

/** An edit as undo and redo need it: the engine's numbers before and after, and the reading of the file they belong to. */
export interface EditStep {
  readonly before: number;
  readonly after: number;
  readonly reading: number;
}

/** What all sessions share. */
export interface SessionServices {
  readonly engine: Engine;
  readonly logs: LogChoices;
  readonly log: vscode.LogOutputChannel;
}

/**
 * One file in the engine, whichever view type opened it and in however many tabs. Holds what the host must know of it: the last
 * view, which edit is current and which is saved, and how the file looked when it was read. What changes bytes goes one at a time.
 */
export class RecordSession extends DisposableBase {
  readonly uri: vscode.Uri;
  readonly engine: EngineDocument;
  readonly fileName: string;
  /** Settles, never rejects, when the first reading is done: then there is a `view` or a `failure`. */
  readonly opened: Promise<void>;
  view: OpenedView | null = null;
  /** The view type whose document holds the unsaved changes, while there are any: VS Code keeps a dirty mark for each view type. */
  dirtyIn: ViewType | null = null;
  failure: EngineError | null = null;
  /** Grows each time the engine opened the file anew: pages attached to an earlier one are unknown to it. */
  generation = 0;
  private place: RecordPlace | null = null;
  private current = 0;
  private saved = 0;
  /** Grows when a reading of the file ended the engine's undo history. */
  private reading = 0;
  private backup: Backup | null;
  private stamp: FileStamp | null = null;
  /** Looks at what lies around the record while somebody sees it. */
  readonly watch: AroundWatch;
  readonly eventLog: SessionLog;
  private readonly exclusively = inTurn();
  private readonly viewEvents = this._register(new vscode.EventEmitter<OpenedView>());
  private readonly failureEvents = this._register(new vscode.EventEmitter<EngineError>());
  private readonly dirtyEvents = this._register(new vscode.EventEmitter<boolean>());
  readonly onDidChangeView = this.viewEvents.event;
  readonly onDidFail = this.failureEvents.event;
  readonly onDidChangeDirty = this.dirtyEvents.event;

  constructor(services: SessionServices, uri: vscode.Uri, backup: Backup | null) {
    super();
    this.uri = uri;
    this.engine = new EngineDocument(services.engine, uri.toString());
    this.fileName = basename(uri.path);
    this.backup = backup;
    const { watch, eventLog } = this._register(new RecordSurroundings(services, uri, this.engine));
    this.watch = watch;
    this.eventLog = eventLog;
    this.opened = this.exclusively(() => this.open());
  }

  get isFile(): boolean {
    return this.uri.scheme === "file";
  }

  get dirty(): boolean {
    return this.backup !== null || this.current !== this.saved;
  }

  /** Where the record lies; for one that is still opening, waits. */
  async whereabouts(): Promise<RecordPlace> {
    this.place ??= await recordPlace(this.uri);
    return this.place;
  }

  /** Bytes of the record: as last read, else of the file; 0 when neither is known. */
  async fileSize(): Promise<number> {
    return this.view?.byteLength ?? (await fileStamp(this.uri))?.size ?? 0;
  }

  /** Waits until nothing is under way that changes bytes or writes them. */
  settled(): Promise<void> {
    return this.exclusively(() => Promise.resolve());
  }

  /** Makes a preview's bytes the document's. */
  apply(token: string): Promise<EditStep> {
    return this.exclusively(async () => {
      const before = this.current;
      const { edit, view } = await this.engine.apply(token);
      this.current = edit;
      this.show(view);
      return { before, after: edit, reading: this.reading };
    });
  }

  /** Undo or redo. False when the file was read anew since the edit was made, so that the edit no longer exists. */
  goto(step: EditStep, edit: number): Promise<boolean> {
    return this.exclusively(async () => {
      if (step.reading !== this.reading) return false;
      const view = await this.engine.goto(edit);
      this.current = edit;
      this.show(view);
      return true;
    });
  }

  /** Writes a preview's bytes to another file; the document itself stays as it is. */
  writePreviewTo(token: string, target: vscode.Uri): Promise<void> {
    return this.exclusively(async () => {
      const back = this.current;
      await this.engine.apply(token);
      try {
        await this.put(target, false);
      } finally {
        this.show(await this.engine.goto(back));
      }
    });
  }

  /** Writes the current bytes to the record's own file. `expectUnchanged`: rejects with `changedOnDisk` when somebody else wrote it since. */
  save(expectUnchanged: boolean): Promise<void> {
    return this.exclusively(async () => {
      // Other file systems, and files under a restored backup, are compared by size and time: their old bytes are not at hand.
      if (expectUnchanged && (this.backup !== null || !this.isFile)) await checkStamp(this.uri, this.baseStamp);
      await this.put(this.uri, expectUnchanged && this.backup === null);
      this.stamp = await fileStamp(this.uri);
      this.backup = null;
      this.saved = this.current;
      this.tellDirty();
    });
  }

  /** Writes the current bytes to another file, and leaves the document with its own. */
  saveTo(target: vscode.Uri): Promise<void> {
    return this.exclusively(() => this.put(target, false));
  }

  /** Whether the unsaved changes come from a backup, and were not saved since. */
  get restored(): boolean {
    return this.backup !== null;
  }

  /** How the file looked when it was read or written last. For a restored document: when its backup was made. */
  get baseStamp(): FileStamp | null {
    return this.backup?.stamp ?? this.stamp;
  }

  /** Whether the file looks otherwise than when it was read or written last; `absent` when it is gone. */
  async outsideChange(): Promise<"same" | "changed" | "absent"> {
    const now = await fileStamp(this.uri);
    if (now === null) return "absent";
    return sameStamp(now, this.stamp) ? "same" : "changed";
  }

  /** Leaves the file's present look as it is: "keep mine". The next save still compares contents. */
  async acceptOutsideChange(): Promise<void> {
    this.stamp = await fileStamp(this.uri);
  }

  /** Drops unsaved changes: back to the saved edit, or, where the file is no longer that, to what the file holds now. */
  async revert(): Promise<void> {
    if (this.backup !== null || (await this.outsideChange()) !== "same") return this.reload();
    return this.exclusively(async () => {
      const view = await this.engine.goto(this.saved);
      this.current = this.saved;
      this.show(view);
    });
  }

  /** Opens the file anew when the engine lost it (its worker ended). Unsaved changes went with it, which the answer tells. */
  recover(seen: number): Promise<{ readonly lostChanges: boolean }> {
    return this.exclusively(async () => {
      if (seen !== this.generation) return { lostChanges: false };
      const lostChanges = this.dirty;
      this.startOver();
      await this.open();
      return { lostChanges };
    });
  }

  /** Reads the file again and drops unsaved changes. */
  reload(): Promise<void> {
    return this.exclusively(async () => {
      if (this.view === null) return this.open();
      const stamp = await fileStamp(this.uri);
      const revision = this.view.revision;
      const view = await this.reloaded(await this.contentForEngine());
      // Its worker ended and knows the file no more.
      if (view === null) {
        this.startOver();
        return this.open();
      }
      this.stamp = stamp;
      this.backup = null;
      if (view.revision === revision) this.saved = this.current;
      else this.startOver();
      this.show(view);
      this.watch.lookNow();
    });
  }

  override dispose(): void {
    if (this.isDisposed()) return;
    // The engine may be gone already at shutdown; there is nobody left to tell then.
    this.exclusively(() => this.engine.close()).catch(() => undefined);
    super.dispose();
  }

  private async open(): Promise<void> {
    this.generation++;
    try {
      this.failure = null;
      const place = await this.whereabouts();
      this.stamp = await fileStamp(this.uri);
      const content = this.backup?.content ?? (await this.contentForEngine());
      this.show(await this.engine.open(place, content, this.eventLog.choice));
    } catch (thrown) {
      this.failure = engineErrorOf(thrown);
      this.failureEvents.fire(this.failure);
    }
  }

  /** Null where the engine knows nothing of this file. */
  private async reloaded(content: Uint8Array | null): Promise<OpenedView | null> {
    try {
      return await this.engine.reload(content);
    } catch (thrown) {
      if (engineErrorOf(thrown).code === "stale") return null;
      throw thrown;
    }
  }

  /** The engine's undo history begins anew, with what the file holds as its edit 0. */
  private startOver(): void {
    this.backup = null;
    this.reading++;
    this.current = 0;
    this.saved = 0;
  }

  private async contentForEngine(): Promise<Uint8Array | null> {
    return this.isFile ? null : vscode.workspace.fs.readFile(this.uri);
  }

  private async put(target: vscode.Uri, expectUnchanged: boolean): Promise<void> {
    if (target.scheme === "file") {
      await this.engine.write(placePath(target), expectUnchanged);
    } else {
      await vscode.workspace.fs.writeFile(target, await this.engine.bytes());
    }
  }

  private show(view: OpenedView): void {
    this.view = view;
    this.viewEvents.fire(view);
    this.tellDirty();
  }

  private tellDirty(): void {
    if (!this.dirty) this.dirtyIn = null;
    this.dirtyEvents.fire(this.dirty);
  }
}
