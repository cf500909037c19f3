import { ancestors, nodeAt, pathOf, resolvePath } from "../json/cursor.ts";
import { LineIndex } from "../json/LineIndex.ts";
import { scan } from "../json/scan.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { EngineAnswers, EngineRequest, LogChoice, RecordPlace, ResolvedPath, SaveChoices } from "../protocol/engine.ts";
import type { PageAnswer, PageRequest, PageState } from "../protocol/page.ts";
import { readRecord } from "../record/readRecord.ts";
import type { AroundView } from "../view/tables.ts";
import type { OpenedView, SavePreview } from "../view/types.ts";
import { Around } from "./around/Around.ts";
import { childFileFacts } from "./childFileFacts.ts";
import { DocumentState, editorPosition } from "./DocumentState.ts";
import type { EditorPosition } from "./DocumentState.ts";
import { cancelledError, EngineFault } from "./EngineFault.ts";
import type { EnginePorts } from "./EnginePorts.ts";
import { makePreview } from "./makePreview.ts";
import { publishRun } from "./publishRun.ts";
import { PageSession } from "./PageSession.ts";
import { sameBytes } from "./sameBytes.ts";

/** Previews kept at a time: each holds a whole text. */
const PREVIEW_LIMIT = 4;

interface OpenPage {
  readonly session: PageSession;
}

/** A request that is under way: `check` between long steps, so that it can be given up. */
export interface Call {
  readonly signal: AbortSignal;
  /** Lets messages in; rejects when the request was given up meanwhile. */
  check(): Promise<void>;
}

/**
 * One file in the engine: its bytes and what is derived from them, the undo list, the pages that look at it, and prepared saves by their
 * token. Requests that change it must come one at a time; all others see the state of the moment they come.
 */
export class EngineDocument {
  readonly place: RecordPlace;
  readonly #ports: EnginePorts;
  /** Bytes of every edit that undo or redo may go to; 0 is the file as opened. */
  readonly #edits = new Map<number, Uint8Array>();
  readonly #pages = new Map<string, OpenPage>();
  readonly #previews = new Map<string, { readonly before: Uint8Array; readonly after: Uint8Array }>();
  #current = 0;
  #lastEdit = 0;
  #treeVersion = 0;
  /** What the file is known to hold. */
  #onDisk: Uint8Array;
  #state: DocumentState;
  readonly #around: Around;

  private constructor(place: RecordPlace, ports: EnginePorts, state: DocumentState, log: LogChoice, tell: (view: AroundView) => void) {
    this.place = place;
    this.#ports = ports;
    this.#state = state;
    this.#around = new Around(place, ports, state, log, (view) => {
      this.#refreshTrees();
      tell(view);
    });
    state.tree.around = this.#around;
    this.#onDisk = state.bytes;
    this.#edits.set(0, state.bytes);
  }

  /** Reads the file at `place.path`, or takes `content` for it. `tell` hears what is found around it. */
  static async open(
    { place, content, log }: Extract<EngineRequest, { kind: "open" }>,
    ports: EnginePorts,
    call: Call,
    tell: (view: AroundView) => void,
  ): Promise<EngineDocument> {
    const bytes = content ?? (await ports.readFile(place.path, call.signal));
    return new EngineDocument(place, ports, await derive(bytes, ports.fileName(place.path), 1, call), log, tell);
  }

  /** Gives up what is read around the record. */
  async close(): Promise<void> {
    await this.#around.close();
  }

  get view(): OpenedView {
    return this.#state.view;
  }

  /** Reads again. Where the bytes are the document's present ones nothing changes; else the undo list begins anew. */
  async reload(content: Uint8Array | null, call: Call): Promise<OpenedView> {
    const bytes = content ?? (await this.#ports.readFile(this.place.path, call.signal));
    if (!sameBytes(bytes, this.#state.bytes)) {
      await this.#become(bytes, call);
      this.#edits.clear();
      this.#edits.set(0, bytes);
      this.#current = 0;
      this.#lastEdit = 0;
    }
    this.#onDisk = bytes;
    return this.view;
  }

  attach(page: string, state: PageState | null): AroundView {
    this.#pages.set(page, { session: this.#session(this.#state, state) });
    return this.#around.view;
  }

  async setLog(log: LogChoice): Promise<void> {
    await this.#around.setLog(log);
  }

  async look(): Promise<void> {
    await this.#around.look();
  }

  /** What the runtime does with a record's action graph when it saves the record. */
  async publish(targetPath: string): Promise<EngineAnswers["publish"]> {
    const own = await this.#ports.isSameFile(targetPath, this.place.path);
    return publishRun(targetPath, own ? this.#state.reading : null, this.#ports, await this.#around.logFound());
  }

  /** The log that waits for the user's permission. */
  outsideLog(): { readonly path: string } | null {
    const { log } = this.#around;
    return log?.state === "outside" && log.path !== null ? { path: log.path } : null;
  }

  async besidePath(rowId: string): Promise<ResolvedPath> {
    return (await this.#around.filePath(rowId)) ?? this.resolvePath("");
  }

  detach(page: string): void {
    this.#pages.delete(page);
  }

  async answerPage(page: string, request: PageRequest): Promise<PageAnswer> {
    const open = this.#pages.get(page);
    if (open === undefined) throw new EngineFault({ code: "stale", message: "This page is not known to the engine any more. Reload it." });
    return open.session.answer(request);
  }

  async preview(choices: SaveChoices, call: Call): Promise<SavePreview> {
    const state = this.#state;
    if (!state.view.editable) throw notEditableFault(state);
    const { preview, bytes } = await makePreview(state, this.place, choices, this.#ports, await this.#around.logFound(), () =>
      call.check(),
    );
    if (state !== this.#state) throw stalePreviewFault();
    this.#previews.set(preview.token, { before: state.bytes, after: preview.unchanged ? state.bytes : bytes });
    for (const token of this.#previews.keys()) {
      if (this.#previews.size <= PREVIEW_LIMIT) break;
      this.#previews.delete(token);
    }
    return preview;
  }

  /** A copy of one of the two texts of a preview. */
  previewText(token: string, side: "before" | "after"): Uint8Array {
    const preview = this.#previews.get(token);
    if (preview === undefined) throw stalePreviewFault();
    return preview[side].slice();
  }

  dropPreview(token: string): void {
    this.#previews.delete(token);
  }

  async apply(token: string, call: Call): Promise<EngineAnswers["apply"]> {
    const preview = this.#previews.get(token);
    if (preview?.before !== this.#state.bytes) throw stalePreviewFault();
    await this.#become(preview.after, call);
    // A new edit ends what could be redone.
    for (const edit of this.#edits.keys()) if (edit > this.#current) this.#edits.delete(edit);
    this.#lastEdit++;
    this.#current = this.#lastEdit;
    this.#edits.set(this.#current, preview.after);
    return { edit: this.#current, view: this.view };
  }

  async goto(edit: number, call: Call): Promise<OpenedView> {
    const bytes = this.#edits.get(edit);
    if (bytes === undefined)
      throw new EngineFault({ code: "stale", message: "That edit is not known any more: the file was read anew since." });
    await this.#become(bytes, call);
    this.#current = edit;
    return this.view;
  }

  async write(targetPath: string, expectUnchanged: boolean, signal: AbortSignal): Promise<{ path: string }> {
    const { bytes } = this.#state;
    const own = await this.#ports.isSameFile(targetPath, this.place.path);
    // Of another file nothing was read: unchanged means that there is none.
    const expected = expectUnchanged ? { expected: own ? this.#onDisk : null } : {};
    const path = await this.#ports.writeFile(targetPath, bytes, { ...expected, signal });
    if (own) this.#onDisk = bytes;
    return { path };
  }

  /** A copy of the current bytes. */
  bytes(): Uint8Array {
    return this.#state.bytes.slice();
  }

  offsetOf(rowId: string): number {
    const { tree, tape } = this.#state;
    const row = tree.find(rowId);
    const node = row === null ? NO_NODE : tree.node(row);
    return node === NO_NODE ? -1 : tape.start(node);
  }

  /**
   * Where a byte of the document stands in the file's text. With unsaved edits that text is another one: then it is the same value's place
   * there, or that of the innermost container of it that is there.
   */
  positionOf(offset: number): EditorPosition {
    const { tape, lines } = this.#state;
    if (this.#onDisk === tape.bytes) return editorPosition(tape, lines, offset);
    const saved = scan(this.#onDisk);
    const node = nodeAt(tape, offset);
    const around = node === NO_NODE ? [] : ancestors(tape, node);
    for (const place of around.reverse()) {
      const there = resolvePath(saved, pathOf(tape, place));
      if (there !== NO_NODE) return editorPosition(saved, new LineIndex(saved.bytes), saved.start(there));
    }
    return { line: 0, character: 0 };
  }

  /** Where a child run's own record is. */
  async childPath(rowId: string): Promise<ResolvedPath> {
    const source = this.#state.tree.find(rowId)?.source;
    const stored = source?.kind === "childRun" ? source.child.run_path : null;
    return this.resolvePath(stored ?? "");
  }

  async resolvePath(stored: string): Promise<ResolvedPath> {
    return this.#ports.resolveStoredPath(stored, this.place);
  }

  /** Makes other bytes the document's; nothing changes when it rejects. */
  async #become(bytes: Uint8Array, call: Call): Promise<void> {
    if (bytes === this.#state.bytes) return;
    const state = await derive(bytes, this.#state.view.fileName, this.#state.view.revision + 1, call);
    this.#state = state;
    this.#previews.clear();
    state.tree.around = this.#around;
    this.#around.setState(state);
    for (const [page, { session }] of this.#pages) this.#pages.set(page, { session: this.#session(state, session.toggled) });
  }

  #session(state: DocumentState, toggled: Pick<PageState, "expanded" | "collapsed"> | null): PageSession {
    const fileOf = async (runPath: string | null): ReturnType<typeof childFileFacts> => childFileFacts(runPath, this.place, this.#ports);
    return new PageSession(state.tree, toggled, { fileOf, around: this.#around }, state.lines);
  }

  /** Rows may have come to the trees of the pages. */
  #refreshTrees(): void {
    const { treeVersion } = this.#around;
    if (treeVersion === this.#treeVersion) return;
    this.#treeVersion = treeVersion;
    this.#state.tree.aroundChanged();
    for (const { session } of this.#pages.values()) session.aroundChanged();
  }
}

/** Everything that follows from the bytes, step by step. */
async function derive(bytes: Uint8Array, fileName: string, revision: number, call: Call): Promise<DocumentState> {
  await call.check();
  const tape = scan(bytes);
  await call.check();
  const reading = readRecord(tape);
  await call.check();
  return new DocumentState(reading, fileName, revision);
}

/** A call that gives up once its signal says so. */
export function callOf(signal: AbortSignal, ports: Pick<EnginePorts, "pause">): Call {
  return {
    signal,
    async check() {
      await ports.pause();
      if (signal.aborted) throw new EngineFault(cancelledError());
    },
  };
}

function stalePreviewFault(): EngineFault {
  return new EngineFault({ code: "stale", message: "The record has changed since this preview was made. Ask for it again." });
}

function notEditableFault({ view, tape }: DocumentState): EngineFault {
  const offset = tape.error?.offset ?? (tape.invalidUtf8At === -1 ? undefined : tape.invalidUtf8At);
  return new EngineFault({
    code: "refused",
    message: view.notice ?? "This file is no whole run record.",
    ...(offset === undefined ? {} : { offset }),
  });
}
