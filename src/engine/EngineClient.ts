import { Worker } from "node:worker_threads";
import type { EngineAnswers, EngineError, EngineRequest, FromEngine, ToEngine } from "../protocol/engine.ts";
import type { AroundView } from "../view/tables.ts";
import { cancelledError, toEngineError } from "./EngineFault.ts";

/** The end of a worker thread this side holds. */
export interface EngineWorker {
  post(message: ToEngine, transfer: readonly ArrayBuffer[]): void;
  /** Ends the thread; no more is heard of it. */
  terminate(): void;
}

/** What a worker tells. `gone` comes at most once, with the reason, and nothing after it. */
export interface EngineWorkerEvents {
  readonly message: (message: FromEngine) => void;
  readonly gone: (reason: string) => void;
}

export type StartEngineWorker = (events: EngineWorkerEvents) => EngineWorker;

export interface EngineClientOptions {
  readonly startWorker: StartEngineWorker;
  readonly log: (level: "info" | "warn" | "error", message: string) => void;
  /** Hears of what is found around a document, as it is found. */
  readonly around?: (doc: string, around: AroundView) => void;
}

export interface RequestOptions {
  /**
   * Gives the request up. One that only reads is rejected at once, one that changes something when the engine has said what became of it.
   */
  readonly signal?: AbortSignal;
  /** The request's `content` is handed over: the caller does not use it again. */
  readonly transfer?: boolean;
}

/** A request that failed, with the error as the engine gave it. */
export class EngineRequestError extends Error {
  readonly error: EngineError;

  constructor(error: EngineError) {
    super(error.message);
    this.name = "EngineRequestError";
    this.error = error;
  }
}

interface Pending {
  readonly kind: EngineRequest["kind"];
  readonly resolve: (value: never) => void;
  readonly reject: (error: EngineRequestError) => void;
}

/** Requests that leave something behind: their outcome must be known even when nobody waits for it any more. */
const CHANGING: ReadonlySet<EngineRequest["kind"]> = new Set([
  "open",
  "reload",
  "close",
  "attach",
  "detach",
  "apply",
  "goto",
  "write",
  "publish",
]);

/**
 * The extension host's end of the engine. The worker starts with the first request. Every request settles: with its answer, or by
 * rejecting with an `EngineRequestError`. When the worker ends by itself, all requests under way are rejected as `internal` and the next
 * one starts a new worker, which knows no document: its answer `stale` asks the caller to open the document again.
 */
export class EngineClient {
  readonly #options: EngineClientOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: EngineWorker | null = null;
  #nextId = 1;
  #disposed = false;

  constructor(options: EngineClientOptions) {
    this.#options = options;
  }

  async request<R extends EngineRequest>(request: R, options: RequestOptions = {}): Promise<EngineAnswers[R["kind"]]> {
    const { signal } = options;
    if (this.#disposed || signal?.aborted === true) throw new EngineRequestError(cancelledError());
    const id = this.#nextId++;
    let giveUp: (() => void) | undefined;
    try {
      return await new Promise<EngineAnswers[R["kind"]]>((resolve, reject) => {
        this.#pending.set(id, { kind: request.kind, resolve, reject });
        giveUp = () => this.#cancel(id);
        signal?.addEventListener("abort", giveUp, { once: true });
        this.#send({ type: "request", id, request }, transferOf(request, options));
      });
    } catch (cause) {
      // The worker could not be started, or the message not be sent.
      throw cause instanceof EngineRequestError ? cause : new EngineRequestError(toEngineError(cause));
    } finally {
      this.#pending.delete(id);
      if (giveUp !== undefined) signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Ends the worker; what is under way is rejected as `cancelled`, and so is everything asked later. */
  dispose(): void {
    this.#disposed = true;
    const worker = this.#worker;
    this.#worker = null;
    worker?.terminate();
    this.#rejectAll(cancelledError());
  }

  #send(message: ToEngine, transfer: readonly ArrayBuffer[]): void {
    this.#worker ??= this.#start();
    this.#worker.post(message, transfer);
  }

  #start(): EngineWorker {
    const worker: EngineWorker = this.#options.startWorker({
      message: (message) => this.#receive(message),
      gone: (reason) => {
        if (this.#worker !== worker) return;
        this.#worker = null;
        this.#options.log("error", `The engine's worker ended: ${reason}`);
        this.#rejectAll({
          code: "internal",
          message: "Run Record Viewer's engine stopped unexpectedly. It starts again with the next action.",
          detail: reason,
        });
      },
    });
    return worker;
  }

  #receive(message: FromEngine): void {
    if (message.type === "log") {
      this.#options.log(message.level, message.message);
      return;
    }
    if (message.type === "around") {
      this.#options.around?.(message.doc, message.around);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return; // given up meanwhile
    this.#pending.delete(message.id);
    if (message.ok) pending.resolve(message.value as never);
    else pending.reject(new EngineRequestError(message.error));
  }

  #cancel(id: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#worker?.post({ type: "cancel", id }, []);
    if (CHANGING.has(pending.kind)) return;
    this.#pending.delete(id);
    pending.reject(new EngineRequestError(cancelledError()));
  }

  #rejectAll(error: EngineError): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(new EngineRequestError(error));
  }
}

function transferOf(request: EngineRequest, options: RequestOptions): ArrayBuffer[] {
  if (options.transfer !== true || !("content" in request) || request.content === null) return [];
  const { buffer, byteLength } = request.content;
  // A view of a larger buffer (a small Node Buffer, say) shares it with others.
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

/** Starts the engine in a worker thread of Node; `script` is the absolute path of the worker bundle. */
export function nodeEngineWorker(script: string): StartEngineWorker {
  return (events) => {
    const worker = new Worker(script, { name: "run-record-engine" });
    let over = false;
    const gone = (reason: string): void => {
      if (over) return;
      over = true;
      events.gone(reason);
    };
    worker.on("message", (message: FromEngine) => {
      if (!over) events.message(message);
    });
    worker.on("messageerror", (error) => gone(`a message could not be read: ${error.message}`));
    worker.on("error", (error) => gone(error instanceof Error ? (error.stack ?? error.message) : String(error)));
    worker.on("exit", (code) => gone(`exit code ${code}`));
    // Nothing is lost when the host ends while the engine is idle.
    worker.unref();
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      terminate: () => {
        over = true;
        void worker.terminate();
      },
    };
  };
}
