import { describe, expect, it } from "vitest";
import { EngineClient, EngineRequestError } from "../../../src/engine/EngineClient.ts";
import type { EngineWorkerEvents } from "../../../src/engine/EngineClient.ts";
import type { EngineError, EngineRequest, ToEngine } from "../../../src/protocol/engine.ts";

/** A worker that only notes what it is sent; the test answers in its place. */
class FakeWorker {
  readonly sent: ToEngine[] = [];
  readonly transferred: ArrayBuffer[] = [];
  readonly events: EngineWorkerEvents;
  terminated = false;
  constructor(events: EngineWorkerEvents) {
    this.events = events;
  }
  post(message: ToEngine, transfer: readonly ArrayBuffer[]): void {
    this.sent.push(message);
    this.transferred.push(...transfer);
  }
  terminate(): void {
    this.terminated = true;
  }
}

function clientWithWorkers(): { client: EngineClient; workers: FakeWorker[]; log: string[] } {
  const workers: FakeWorker[] = [];
  const log: string[] = [];
  const client = new EngineClient({
    startWorker: (events) => {
      const worker = new FakeWorker(events);
      workers.push(worker);
      return worker;
    },
    log: (level, message) => log.push(`${level} ${message}`),
  });
  return { client, workers, log };
}

async function errorOf(promise: Promise<unknown>): Promise<EngineError> {
  try {
    await promise;
  } catch (cause) {
    expect(cause).toBeInstanceOf(EngineRequestError);
    return (cause as EngineRequestError).error;
  }
  throw new Error("nothing was rejected");
}

const offsetOf: EngineRequest & { kind: "offsetOf" } = { kind: "offsetOf", doc: "d", rowId: "stage:0" };
const write: EngineRequest = { kind: "write", doc: "d", targetPath: "/x", expectUnchanged: true };

describe("EngineClient", () => {
  it("starts its worker with the first request, one for all", async () => {
    const { client, workers } = clientWithWorkers();
    expect(workers).toHaveLength(0);
    const first = client.request(offsetOf);
    const second = client.request(offsetOf);
    expect(workers).toHaveLength(1);
    workers[0]!.events.message({ type: "answer", id: 2, ok: true, value: 22 });
    workers[0]!.events.message({ type: "answer", id: 1, ok: true, value: 11 });
    expect(await Promise.all([first, second])).toEqual([11, 22]);
  });

  it("rejects with the engine's own error", async () => {
    const { client, workers } = clientWithWorkers();
    const request = client.request(offsetOf);
    const error: EngineError = { code: "stale", message: "Open it again." };
    workers[0]!.events.message({ type: "answer", id: 1, ok: false, error });
    expect(await errorOf(request)).toEqual(error);
  });

  it("rejects everything under way when the worker ends, and starts another for the next request", async () => {
    const { client, workers, log } = clientWithWorkers();
    const requests = [client.request(offsetOf), client.request(write), client.request({ kind: "latest", folders: [] })];
    workers[0]!.events.gone("exit code 134");
    for (const request of requests) expect(await errorOf(request)).toMatchObject({ code: "internal", detail: "exit code 134" });
    expect(log).toEqual([expect.stringContaining("exit code 134")]);

    const next = client.request(offsetOf);
    expect(workers).toHaveLength(2);
    // What the first one still says is heard no more.
    workers[0]!.events.gone("again");
    workers[1]!.events.message({ type: "answer", id: 4, ok: true, value: 7 });
    expect(await next).toBe(7);
  });

  it("gives up a reading request at once, and tells the worker", async () => {
    const { client, workers } = clientWithWorkers();
    const abort = new AbortController();
    const request = client.request(offsetOf, { signal: abort.signal });
    abort.abort();
    expect((await errorOf(request)).code).toBe("cancelled");
    expect(workers[0]!.sent.at(-1)).toEqual({ type: "cancel", id: 1 });
    // A late answer is nobody's.
    workers[0]!.events.message({ type: "answer", id: 1, ok: true, value: 1 });
  });

  it("waits for the outcome of a cancelled write", async () => {
    const { client, workers } = clientWithWorkers();
    const abort = new AbortController();
    const request = client.request(write, { signal: abort.signal });
    abort.abort();
    expect(workers[0]!.sent.at(-1)).toEqual({ type: "cancel", id: 1 });
    workers[0]!.events.message({ type: "answer", id: 1, ok: true, value: { path: "/x" } });
    expect(await request).toEqual({ path: "/x" });
  });

  it("does not even start for a request that was given up before", async () => {
    const { client, workers } = clientWithWorkers();
    expect((await errorOf(client.request(offsetOf, { signal: AbortSignal.abort() }))).code).toBe("cancelled");
    expect(workers).toHaveLength(0);
  });

  it("rejects everything when disposed, also later", async () => {
    const { client, workers } = clientWithWorkers();
    const request = client.request(write);
    client.dispose();
    expect((await errorOf(request)).code).toBe("cancelled");
    expect(workers[0]!.terminated).toBe(true);
    expect((await errorOf(client.request(offsetOf))).code).toBe("cancelled");
    expect(workers).toHaveLength(1);
  });

  it("rejects when the worker cannot be started or the message not be sent", async () => {
    const cannotStart = new EngineClient({
      startWorker: () => {
        throw new Error("no such file: worker.cjs");
      },
      log: () => undefined,
    });
    expect(await errorOf(cannotStart.request(offsetOf))).toMatchObject({
      code: "internal",
      detail: expect.stringContaining("worker.cjs") as string,
    });
    const cannotSend = new EngineClient({
      startWorker: () => ({
        post: () => {
          throw new DOMException("could not be cloned", "DataCloneError");
        },
        terminate: () => undefined,
      }),
      log: () => undefined,
    });
    expect((await errorOf(cannotSend.request(offsetOf))).code).toBe("internal");
  });

  it("hands content over only when told to, and never a part of a shared buffer", async () => {
    const { client, workers } = clientWithWorkers();
    const own = new Uint8Array(8);
    const part = new Uint8Array(new ArrayBuffer(16), 4, 8);
    const requests = [own, part].map(async (content) => client.request({ kind: "reload", doc: "d", content }, { transfer: true }));
    requests.push(client.request({ kind: "reload", doc: "d", content: new Uint8Array(8) }));
    expect(workers[0]!.transferred).toEqual([own.buffer]);
    client.dispose();
    await Promise.allSettled(requests);
  });

  it("passes the engine's log on", () => {
    const { client, workers, log } = clientWithWorkers();
    client.request(offsetOf).catch(() => undefined);
    workers[0]!.events.message({ type: "log", level: "warn", message: "a thing" });
    expect(log).toEqual(["warn a thing"]);
    client.dispose();
  });
});
