import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { newerNode } from "../../../bench/newerNode.ts";
import { openLog, runJob, runView } from "./sqliteJob.ts";
import type { SqliteJob, SqliteJobAnswer, ViewJob } from "./sqliteJob.ts";

/** One of the two SQLites a log is read with. */
export interface SqliteHost {
  readonly name: string;
  readonly hasSqlite: boolean;
  /** False where this machine has no Node with SQLite: its tests are shown as skipped. */
  readonly available: boolean;
  run(job: Omit<SqliteJob, "wasm">): Promise<SqliteJobAnswer>;
  view(job: Omit<ViewJob, "wasm">): Promise<unknown[]>;
}

export const SQL_WASM = resolve("node_modules/sql.js/dist/sql-wasm.wasm");

const node = newerNode();
/** Answers to a `ViewJob` with a list, to other jobs with an answer. */
type Newer = (job: SqliteJob | ViewJob) => Promise<unknown>;
let newer: Promise<Newer> | null = null;

/** Bundles the script and starts it once; it ends with the test process, whose end closes its input. */
async function startNewer(): Promise<Newer> {
  const script = resolve("node_modules/.cache", `sqliteJob.${process.pid}.mjs`);
  await build({
    stdin: { contents: 'import { main } from "./sqliteJob.ts"; await main();', resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["sql.js"],
    outfile: script,
    logLevel: "error",
  });
  const child = spawn(node ?? "", [script], { stdio: "pipe" });
  let complaints = "";
  child.stderr.on("data", (part: Buffer) => (complaints += part.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  process.once("exit", () => rmSync(script, { force: true }));
  return async (job) => {
    child.stdin.write(`${JSON.stringify(job)}\n`);
    const line = await lines.next();
    // A warning of Node's about its SQLite would end up in a user's terminal.
    if (line.done === true || complaints !== "") throw new Error(`the script ended, or complains: ${complaints}`);
    return JSON.parse(line.value) as unknown;
  };
}

export const sqliteHosts: readonly SqliteHost[] = [
  {
    name: "sql.js",
    hasSqlite: false,
    available: true,
    async run(job) {
      const log = openLog({ ...job, wasm: SQL_WASM }, null);
      try {
        return await runJob({ ...job, wasm: SQL_WASM }, log);
      } finally {
        await log.close();
      }
    },
    view: (job) => runView({ ...job, wasm: SQL_WASM }, null),
  },
  {
    name: "node:sqlite",
    hasSqlite: true,
    available: node !== null,
    async run(job) {
      newer ??= startNewer();
      return (await (
        await newer
      )({ ...job, wasm: SQL_WASM })) as SqliteJobAnswer;
    },
    async view(job) {
      newer ??= startNewer();
      return (await (
        await newer
      )({ ...job, wasm: SQL_WASM })) as unknown[];
    },
  },
];
