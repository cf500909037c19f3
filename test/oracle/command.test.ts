import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../esbuild.config.ts";
import { difference, jobOf, PACKS, readPack, writeCaseFiles } from "./oracleCase.ts";
import type { Answer } from "./oracleCase.ts";

/** The command as it is shipped, `dist/cli.js batch`, fed with all cases at once. */
const root = realpathSync(mkdtempSync(join(tmpdir(), "run-record-batch-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const packs = PACKS.map((pack) => {
  const cases = readPack(pack);
  return { pack, cases: cases.map((oracleCase, index) => ({ name: oracleCase.name, oracleCase, cwd: join(root, pack, String(index)) })) };
});
const jobs = packs.flatMap(({ cases }) => cases);
let answers = new Map<string, Answer>();

beforeAll(async () => {
  for (const { oracleCase, cwd } of jobs) writeCaseFiles(cwd, oracleCase);
  const lines = jobs.map(({ oracleCase, cwd }) => JSON.stringify(jobOf(oracleCase, cwd)));
  const printed = await run(await commandFile(), ["batch"], `${lines.join("\n")}\n`);
  const answered = printed.split("\n").filter((line) => line !== "");
  expect(answered).toHaveLength(jobs.length);
  answers = new Map(jobs.map(({ cwd }, index) => [cwd, JSON.parse(answered[index]!) as Answer]));
});

describe.each(packs)("$pack", ({ cases }) => {
  it.each(cases)("$name", ({ oracleCase, cwd }) => {
    expect(difference(oracleCase, answers.get(cwd)!, cwd)).toBeNull();
  });
});

/** `dist/cli.js`, or, where that is missing or older than the source, a bundle of today made the same way. */
async function commandFile(): Promise<string> {
  const shipped = join(import.meta.dirname, "../../dist/cli.js");
  if (existsSync(shipped) && statSync(shipped).mtimeMs > newestSource(join(import.meta.dirname, "../../src"))) return shipped;
  const outfile = join(root, "cli.mjs");
  copyFileSync(join(import.meta.dirname, "../../node_modules/sql.js/dist/sql-wasm.wasm"), join(root, "sql-wasm.wasm"));
  await build({ ...bundle("cli", true), outfile, absWorkingDir: join(import.meta.dirname, "../..") });
  return outfile;
}

function newestSource(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

async function run(script: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "inherit"], env: { PATH: process.env["PATH"] } });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString());
      else reject(new Error(`the command ended with exit code ${String(code)}`));
    });
    child.stdin.end(input);
  });
}
