import type { EngineAnswers, EngineError, EngineRequest } from "../protocol/engine.ts";
import type { AroundView } from "../view/tables.ts";
import { callOf, EngineDocument } from "./EngineDocument.ts";
import type { Call } from "./EngineDocument.ts";
import { EngineFault, toEngineError } from "./EngineFault.ts";
import type { EnginePorts } from "./EnginePorts.ts";
import { HoverCards } from "./hoverCard.ts";
import { latestRecord } from "./latestRecord.ts";
import { recordOfRun } from "./recordOfRun.ts";

/** What became of a request. */
export type EngineResult<K extends EngineRequest["kind"] = EngineRequest["kind"]> =
  { readonly ok: true; readonly value: EngineAnswers[K] } | { readonly ok: false; readonly error: EngineError };

/** One document's place in the engine: what changes it goes one at a time. */
interface Slot {
  document: EngineDocument | null;
  /** Settles, never rejects, when what was asked before is done. */
  turn: Promise<void>;
}

/**
 * Owns the open documents and answers requests. Knows nothing of threads and files but through its ports, so that it runs in a worker as
 * well as in-process.
 */
export class Engine {
  readonly #ports: EnginePorts;
  readonly #tell: (doc: string, around: AroundView) => void;
  readonly #slots = new Map<string, Slot>();
  readonly #hovers: HoverCards;

  /** @param tell hears of what is found around a document, as it is found */
  constructor(ports: EnginePorts, tell: (doc: string, around: AroundView) => void = () => undefined) {
    this.#ports = ports;
    this.#tell = tell;
    this.#hovers = new HoverCards(ports);
  }

  /** Answers one request. Never rejects: every failure is a value. */
  async handle<R extends EngineRequest>(request: R, signal: AbortSignal): Promise<EngineResult<R["kind"]>> {
    try {
      const value = await this.#answer(request, callOf(signal, this.#ports));
      return { ok: true, value: value as EngineAnswers[R["kind"]] };
    } catch (cause) {
      const error = toEngineError(cause);
      if (error.code === "internal") this.#ports.log("error", `${request.kind}: ${error.detail ?? error.message}`);
      return { ok: false, error };
    }
  }

  async #answer(request: EngineRequest, call: Call): Promise<EngineAnswers[EngineRequest["kind"]]> {
    switch (request.kind) {
      case "open":
        return this.#inTurn(request.doc, async (slot) => {
          await this.#giveUp(slot);
          slot.document = await EngineDocument.open(request, this.#ports, call, (around) => this.#tell(request.doc, around));
          return slot.document.view;
        });
      case "close":
        return this.#inTurn(request.doc, async (slot) => {
          await this.#giveUp(slot);
          return null;
        });
      case "reload":
        return this.#changing(request.doc, (document) => document.reload(request.content, call));
      case "apply":
        return this.#changing(request.doc, (document) => document.apply(request.token, call));
      case "goto":
        return this.#changing(request.doc, (document) => document.goto(request.edit, call));
      case "write":
        return this.#changing(request.doc, (document) => document.write(request.targetPath, request.expectUnchanged, call.signal));
      case "preview":
        return (await this.#document(request.doc)).preview(request.choices, call);
      case "attach":
        return (await this.#document(request.doc)).attach(request.page, request.state);
      case "detach":
        this.#slots.get(request.doc)?.document?.detach(request.page);
        return null;
      case "page":
        return (await this.#document(request.doc)).answerPage(request.page, request.request);
      case "setLog":
        await (await this.#document(request.doc)).setLog(request.log);
        return null;
      case "look":
        await (await this.#document(request.doc)).look();
        return null;
      case "outsideLog":
        return (await this.#document(request.doc)).outsideLog();
      case "besidePath":
        return (await this.#document(request.doc)).besidePath(request.rowId);
      case "publish":
        return (await this.#document(request.doc)).publish(request.targetPath);
      case "previewText":
        return (await this.#document(request.doc)).previewText(request.token, request.side);
      case "dropPreview":
        this.#slots.get(request.doc)?.document?.dropPreview(request.token);
        return null;
      case "bytes":
        return (await this.#document(request.doc)).bytes();
      case "offsetOf":
        return (await this.#document(request.doc)).offsetOf(request.rowId);
      case "positionOf":
        return (await this.#document(request.doc)).positionOf(request.offset);
      case "childPath":
        return (await this.#document(request.doc)).childPath(request.rowId);
      case "resolvePath":
        return (await this.#document(request.doc)).resolvePath(request.stored);
      case "hover":
        return this.#hovers.answer(request, call);
      case "latest":
        return latestRecord(request.folders, this.#ports, call);
      case "findRun":
        return recordOfRun(request.folders, request.runId, this.#ports, call);
    }
  }

  async #giveUp(slot: Slot): Promise<void> {
    const { document } = slot;
    slot.document = null;
    await document?.close();
  }

  /** The document; waits for one that is being opened. */
  async #document(doc: string): Promise<EngineDocument> {
    const slot = this.#slots.get(doc);
    if (slot !== undefined && slot.document === null) await slot.turn;
    const document = slot?.document ?? null;
    if (document === null) throw notOpenFault();
    return document;
  }

  async #changing<T>(doc: string, change: (document: EngineDocument) => Promise<T>): Promise<T> {
    return this.#inTurn(doc, async ({ document }) => {
      if (document === null) throw notOpenFault();
      return change(document);
    });
  }

  /** Runs `task` when all that was asked before of the same document is done. */
  async #inTurn<T>(doc: string, task: (slot: Slot) => Promise<T>): Promise<T> {
    const slot = this.#slots.get(doc) ?? { document: null, turn: Promise.resolve() };
    this.#slots.set(doc, slot);
    const result = slot.turn.then(async () => task(slot));
    const turn = result.then(
      () => undefined,
      () => undefined,
    );
    slot.turn = turn;
    try {
      return await result;
    } finally {
      // An empty place that nobody waits for is given up.
      if (slot.turn === turn && slot.document === null && this.#slots.get(doc) === slot) this.#slots.delete(doc);
    }
  }
}

function notOpenFault(): EngineFault {
  return new EngineFault({ code: "stale", message: "This file is not open in the engine any more. Open it again." });
}
