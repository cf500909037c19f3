import * as vscode from "vscode";
import type { EngineAnswers, LogChoice, RecordPlace, ResolvedPath, SaveChoices } from "../protocol/engine.ts";
import type { PageAnswer, PageRequest, PageState } from "../protocol/page.ts";
import type { OpenedView, SavePreview } from "../view/types.ts";
import type { AroundView } from "../view/tables.ts";
import type { Engine } from "./Engine.ts";

/** The engine's requests about one document. Each rejects with the engine's error. */
export class EngineDocument {
  private readonly engine: Engine;
  private readonly doc: string;

  constructor(engine: Engine, doc: string) {
    this.engine = engine;
    this.doc = doc;
  }

  open(place: RecordPlace, content: Uint8Array | null, log: LogChoice): Promise<OpenedView> {
    return this.engine.request({ kind: "open", doc: this.doc, place, content, log });
  }

  reload(content: Uint8Array | null): Promise<OpenedView> {
    return this.engine.request({ kind: "reload", doc: this.doc, content });
  }

  close(): Promise<null> {
    return this.engine.request({ kind: "close", doc: this.doc });
  }

  attach(page: string, state: PageState | null): Promise<AroundView> {
    return this.engine.request({ kind: "attach", doc: this.doc, page, state });
  }

  detach(page: string): Promise<null> {
    return this.engine.request({ kind: "detach", doc: this.doc, page });
  }

  ask(page: string, request: PageRequest, signal: AbortSignal): Promise<PageAnswer> {
    return this.engine.request({ kind: "page", doc: this.doc, page, request }, { signal });
  }

  preview(choices: SaveChoices, signal: AbortSignal): Promise<SavePreview> {
    return this.engine.request({ kind: "preview", doc: this.doc, choices }, { signal });
  }

  previewText(token: string, side: "before" | "after"): Promise<Uint8Array> {
    return this.engine.request({ kind: "previewText", doc: this.doc, token, side });
  }

  dropPreview(token: string): Promise<null> {
    return this.engine.request({ kind: "dropPreview", doc: this.doc, token });
  }

  apply(token: string): Promise<EngineAnswers["apply"]> {
    return this.engine.request({ kind: "apply", doc: this.doc, token });
  }

  goto(edit: number): Promise<OpenedView> {
    return this.engine.request({ kind: "goto", doc: this.doc, edit });
  }

  write(targetPath: string, expectUnchanged: boolean): Promise<EngineAnswers["write"]> {
    return this.engine.request({ kind: "write", doc: this.doc, targetPath, expectUnchanged });
  }

  bytes(): Promise<Uint8Array> {
    return this.engine.request({ kind: "bytes", doc: this.doc });
  }

  offsetOf(rowId: string): Promise<number> {
    return this.engine.request({ kind: "offsetOf", doc: this.doc, rowId });
  }

  async positionOf(offset: number): Promise<vscode.Position> {
    const { line, character } = await this.engine.request({ kind: "positionOf", doc: this.doc, offset });
    return new vscode.Position(line, character);
  }

  setLog(log: LogChoice): Promise<null> {
    return this.engine.request({ kind: "setLog", doc: this.doc, log });
  }

  look(): Promise<null> {
    return this.engine.request({ kind: "look", doc: this.doc });
  }

  outsideLog(): Promise<EngineAnswers["outsideLog"]> {
    return this.engine.request({ kind: "outsideLog", doc: this.doc });
  }

  besidePath(rowId: string): Promise<ResolvedPath> {
    return this.engine.request({ kind: "besidePath", doc: this.doc, rowId });
  }

  publish(targetPath: string): Promise<EngineAnswers["publish"]> {
    return this.engine.request({ kind: "publish", doc: this.doc, targetPath });
  }

  /** Hears of what is found around this document. */
  onDidChangeAround(listener: (around: AroundView) => void): vscode.Disposable {
    return this.engine.onDidChangeAround(({ doc, around }) => {
      if (doc === this.doc) listener(around);
    });
  }

  resolvePath(stored: string): Promise<ResolvedPath> {
    return this.engine.request({ kind: "resolvePath", doc: this.doc, stored });
  }

  /** The record of another run, by its id. */
  findRun(folders: readonly string[], runId: string): Promise<EngineAnswers["findRun"]> {
    return this.engine.request({ kind: "findRun", folders, runId });
  }

  childPath(rowId: string): Promise<ResolvedPath> {
    return this.engine.request({ kind: "childPath", doc: this.doc, rowId });
  }
}
