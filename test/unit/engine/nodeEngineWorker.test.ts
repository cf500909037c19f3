import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it, onTestFinished } from "vitest";
import { bundle } from "../../../esbuild.config.ts";
import type { EngineRequestError } from "../../../src/engine/EngineClient.ts";
import { EngineClient, nodeEngineWorker } from "../../../src/engine/EngineClient.ts";
import { choicesFor, jsonText, placeOf, sampleRecord } from "./engineHarness.ts";
import { testFolder } from "./testFolder.ts";

function clientOf(script: string): { client: EngineClient; log: string[] } {
  const log: string[] = [];
  const client = new EngineClient({ startWorker: nodeEngineWorker(script), log: (level, message) => log.push(`${level} ${message}`) });
  onTestFinished(() => client.dispose());
  return { client, log };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (cause) {
    return (cause as EngineRequestError).error.code;
  }
  throw new Error("nothing was rejected");
}

/** Keeps the test's process busy while a worker works: the worker itself does not. */
function stayAlive(): void {
  const timer = setInterval(() => undefined, 1000);
  onTestFinished(() => clearInterval(timer));
}

describe("the engine in a thread of its own", () => {
  it("opens, previews, applies and writes, with the bundle that is shipped", async () => {
    stayAlive();
    const outfile = join(testFolder(), "worker.cjs");
    await build({ ...bundle("worker", true), outfile, absWorkingDir: join(import.meta.dirname, "../../.."), metafile: false });
    const { client, log } = clientOf(outfile);
    const path = join(testFolder({ ".harn-runs/a.json": jsonText(sampleRecord()) }), ".harn-runs/a.json");
    expect((await client.request({ kind: "open", doc: "d", place: placeOf(path), content: null, log: DEFAULT_LOG_CHOICE })).state).toBe(
      "record",
    );
    await client.request({ kind: "attach", doc: "d", page: "p", state: null });
    const { token } = await client.request({ kind: "preview", doc: "d", choices: choicesFor(path) });
    const promised = await client.request({ kind: "previewText", doc: "d", token, side: "after" });
    await client.request({ kind: "apply", doc: "d", token });
    // What was handed over is still the engine's: the answers are copies.
    expect(await client.request({ kind: "bytes", doc: "d" })).toEqual(promised);
    expect(await client.request({ kind: "bytes", doc: "d" })).toEqual(promised);
    expect(await client.request({ kind: "write", doc: "d", targetPath: path, expectUnchanged: true })).toEqual({ path });

    const content = new Uint8Array(Buffer.from(jsonText(sampleRecord({ id: "handed over" }))));
    const view = await client.request({ kind: "reload", doc: "d", content }, { transfer: true });
    expect(view.header?.runId).toBe("handed over");
    expect(content.length).toBe(0);
    expect(await codeOf(client.request({ kind: "bytes", doc: "none" }))).toBe("stale");
    expect(log).toEqual([]);
  });

  it.each([
    ["is not there", null],
    ["ends at once", "process.exit(3)"],
    ["throws", "throw new Error('broken build')"],
    ["ends at the first message", "require('node:worker_threads').parentPort.on('message', () => process.exit(1))"],
  ])("whose script %s rejects what is asked, every time", async (_, script) => {
    stayAlive();
    const folder = testFolder(script === null ? {} : { "worker.cjs": script });
    const { client, log } = clientOf(join(folder, "worker.cjs"));
    expect(await codeOf(client.request({ kind: "latest", folders: [] }))).toBe("internal");
    expect(await codeOf(client.request({ kind: "latest", folders: [] }))).toBe("internal");
    expect(log.length).toBeGreaterThan(0);
  });
});
