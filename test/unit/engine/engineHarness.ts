import { DEFAULT_LOG_CHOICE } from "../../../src/protocol/engine.ts";
import { basename, dirname, join, resolve } from "node:path";
import { expect } from "vitest";
import { Engine } from "../../../src/engine/Engine.ts";
import type { EnginePorts } from "../../../src/engine/EnginePorts.ts";
import { nodeEnginePorts } from "../../../src/engine/ports/nodeEnginePorts.ts";
import type { EngineAnswers, EngineError, EngineRequest, RecordPlace, SaveChoices } from "../../../src/protocol/engine.ts";
import type { PageAnswers, PageRequest } from "../../../src/protocol/page.ts";

const SQL_WASM = resolve("node_modules/sql.js/dist/sql-wasm.wasm");

/** An engine on the real disk, with short ways to ask it about one document `d` on one page `p`. */
export interface EngineHarness {
  readonly engine: Engine;
  readonly log: string[];
  ask<R extends EngineRequest>(request: R, signal?: AbortSignal): Promise<EngineAnswers[R["kind"]]>;
  /** The error of a request that must fail. */
  failure(request: EngineRequest, signal?: AbortSignal): Promise<EngineError>;
  open(path: string, content?: Uint8Array | null): Promise<EngineAnswers["open"]>;
  page<R extends PageRequest>(request: R): Promise<PageAnswers[R["kind"]]>;
}

export function engineHarness(changes: Partial<EnginePorts> = {}): EngineHarness {
  const log: string[] = [];
  const engine = new Engine({ ...nodeEnginePorts((level, message) => log.push(`${level} ${message}`), SQL_WASM), ...changes });
  const never = new AbortController().signal;
  const harness: EngineHarness = {
    engine,
    log,
    async ask(request, signal = never) {
      const result = await engine.handle(request, signal);
      if (!result.ok) throw Object.assign(new Error(`${request.kind}: ${result.error.code}: ${result.error.message}`), result.error);
      return result.value;
    },
    async failure(request, signal = never) {
      const result = await engine.handle(request, signal);
      if (result.ok) throw new Error(`${request.kind} was not refused`);
      expect(result.error.message).toMatch(/[.!]$/);
      return result.error;
    },
    open: async (path, content = null) => harness.ask({ kind: "open", doc: "d", place: placeOf(path), content, log: DEFAULT_LOG_CHOICE }),
    async page<R extends PageRequest>(request: R) {
      await harness.ask({ kind: "attach", doc: "d", page: "p", state: null });
      return (await harness.ask({ kind: "page", doc: "d", page: "p", request })) as PageAnswers[R["kind"]];
    },
  };
  return harness;
}

/** A record's place: its folder is the workspace, or the one above `.harn-runs`. */
export function placeOf(path: string): RecordPlace {
  const folder = dirname(path);
  const base = basename(folder) === ".harn-runs" ? dirname(folder) : folder;
  return { path, baseFolder: base, workspaceFolder: base };
}

export function choicesFor(path: string, changes: Partial<SaveChoices> = {}): SaveChoices {
  return {
    operation: "resave",
    fidelity: "lossless",
    rederive: false,
    targetPath: path,
    persistedPath: join(".harn-runs", basename(path)),
    ...changes,
  };
}

/** A small record with a stage, a child run and a field no runtime knows. */
export function sampleRecord(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    _type: "run_record",
    id: "run_1",
    workflow_id: "wf",
    task: "do it",
    status: "completed",
    started_at: "1750000000",
    finished_at: "1750000010",
    stages: [
      {
        id: "stage_1",
        node_id: "plan",
        kind: "stage",
        status: "completed",
        outcome: "success",
        started_at: "1750000001",
        finished_at: "1750000005",
        attempts: [{ attempt: 1, status: "completed", outcome: "success", started_at: "1750000001" }],
      },
    ],
    child_runs: [
      {
        worker_id: "w1",
        worker_name: "helper",
        parent_stage_id: "stage_1",
        task: "help",
        status: "completed",
        run_path: ".harn-runs/child.json",
      },
    ],
    x_team: { cost: 1.5 },
    ...changes,
  };
}

export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
