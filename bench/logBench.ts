import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statfsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256Hex } from "../src/engine/ports/fileEventLogPort.ts";
import { FileLogView } from "../src/engine/ports/FileLogView.ts";
import { nodeFileSystem } from "../src/engine/ports/nodeFileSystem.ts";
import { nodeSqlite } from "../src/engine/ports/nodeSqlite.ts";
import { SqliteLogView } from "../src/engine/ports/SqliteLogView.ts";
import type { LogView, TopicCursor } from "../src/eventlog/LogView.ts";
import { LONG_TOPIC, writeDatabase, writeTopicFile } from "./bigLog.ts";
import { median } from "./median.ts";
import { newerNode } from "./newerNode.ts";

const MEGABYTE = 1_000_000;
const GIGABYTE = 1000 * MEGABYTE;
/** Events asked for at a time. */
const PAGE = 500;
const ROUNDS = 7;
/** What a first look may take of the time in which the file's bytes are read once, without a glance at them. Below this size the start outweighs both. */
const TIME_LIMIT = 0.25;
const LIMIT_FROM = 500 * MEGABYTE;
/** Growth of the process while all of a log is read by pages, in bytes: no log is held. */
const MEMORY_LIMIT = 200 * MEGABYTE;

/**
 * Looks at logs of these sizes in MB (1000 unless told: some five million events) as the viewer does: topics, first page, last page, one event; against
 * reading the same file once. Runs again in a newer Node where this one has no SQLite. Answers false when a limit is missed.
 */
export async function logBench(sizes: readonly number[] = [1000]): Promise<boolean> {
  const newer = newerNode();
  if (newer !== null && newer !== process.execPath) {
    const child = spawnSync(newer, ["--no-warnings", fileURLToPath(import.meta.url), "log", ...sizes.map(String)], { stdio: "inherit" });
    return child.status === 0;
  }
  let kept = true;
  for (const size of sizes) kept = (await benchOne(size * MEGABYTE)) && kept;
  return kept;
}

async function benchOne(bytes: number): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "log-bench-"));
  try {
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < bytes * 1.5) {
      console.error(`not run: ${((bytes * 1.5) / GIGABYTE).toFixed(1)} GB must be free in ${folder}`);
      return false;
    }
    const ports = { fs: nodeFileSystem, nowMs: () => 0n, sha256: sha256Hex };
    const topic = join(folder, "events", "topics", `${LONG_TOPIC}.jsonl`);
    const lines = writeTopicFile(topic, bytes);
    const kept = await look("topic file", topic, lines, () => new FileLogView(join(folder, "events"), ports));
    rmSync(topic);

    const host = nodeSqlite();
    if (host === null) {
      console.log("\nSQLite log: not run, no Node with SQLite was found");
      return kept;
    }
    const database = join(folder, "events.sqlite");
    const rows = writeDatabase(host, database, bytes);
    const memory = (): Promise<never> => Promise.reject(new Error("not needed"));
    return (await look("SQLite log", database, rows, () => new SqliteLogView(database, { ...ports, host, memory }))) && kept;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function look(what: string, path: string, events: number, open: () => LogView): Promise<boolean> {
  const size = statSync(path).size;
  const whole = await timed(3, () => Promise.resolve(readOnce(path)));
  const view = open();
  const opened = await view.readLast(LONG_TOPIC, 1);
  const lastId = opened.ok ? (opened.events[0]?.id ?? 0n) : 0n;
  const middle = lastId / 2n;
  await view.close();

  const steps: readonly (readonly [name: string, step: (view: LogView) => Promise<unknown>])[] = [
    ["topics", async (fresh) => must((await fresh.topics()).ok)],
    ["first page", async (fresh) => must((await read(fresh, null)).events.length === PAGE)],
    ["last page", async (fresh) => must((await last(fresh)).events.at(-1)?.id === lastId)],
    ["mark", async (fresh) => must((await fresh.mark(LONG_TOPIC)) !== "-")],
  ];
  console.log(`\n${what} of ${(size / MEGABYTE).toFixed(0)} MB, ${events} events (median of ${ROUNDS}, each with a view just opened)`);
  console.log(`  read the file once  ${ms(whole)}`);
  let kept = true;
  for (const [name, step] of steps) {
    const time = await timed(ROUNDS, async () => {
      const fresh = open();
      await step(fresh);
      await fresh.close();
    });
    const ratio = time / whole;
    if (ratio > TIME_LIMIT && size >= LIMIT_FROM) kept = false;
    console.log(`  ${name.padEnd(18)}  ${ms(time)}   / reading once = ${ratio.toFixed(4)} (limit ${TIME_LIMIT})`);
  }
  const searched = await timed(1, async () => {
    const fresh = open();
    must((await fresh.readOne(LONG_TOPIC, middle, null))?.id === middle);
    await fresh.close();
  });
  console.log(`  middle event by id  ${ms(searched)}   / reading once = ${(searched / whole).toFixed(4)}`);
  const { time, growth, seen } = await readAll(open());
  must(BigInt(seen) === lastId);
  if (growth > MEMORY_LIMIT) kept = false;
  console.log(
    `  all pages of ${seen} events: ${(seen / time).toFixed(0)} events a ms, the process grew by ${(growth / MEGABYTE).toFixed(0)} MB at most (limit ${MEMORY_LIMIT / MEGABYTE})`,
  );
  if (!kept) console.log("  LIMIT MISSED");
  return kept;
}

async function readAll(view: LogView): Promise<{ readonly time: number; readonly growth: number; readonly seen: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  let seen = 0;
  const begun = performance.now();
  let cursor: TopicCursor | null = null;
  for (;;) {
    const page = await view.read(LONG_TOPIC, cursor, 2000);
    if (!page.ok) throw new Error(page.message);
    seen += page.events.length;
    most = Math.max(most, process.memoryUsage.rss());
    cursor = page.next;
    if (page.done) break;
  }
  await view.close();
  return { time: performance.now() - begun, growth: most - before, seen };
}

async function read(view: LogView, cursor: TopicCursor | null) {
  const page = await view.read(LONG_TOPIC, cursor, PAGE);
  if (!page.ok) throw new Error(page.message);
  return page;
}

async function last(view: LogView) {
  const page = await view.readLast(LONG_TOPIC, PAGE);
  if (!page.ok) throw new Error(page.message);
  return page;
}

/** The file's bytes, one megabyte after the other. */
function readOnce(path: string): number {
  const file = openSync(path, "r");
  const chunk = new Uint8Array(1 << 20);
  let sum = 0;
  try {
    for (let got = readSync(file, chunk); got > 0; got = readSync(file, chunk)) sum += got;
  } finally {
    closeSync(file);
  }
  return sum;
}

/** Median milliseconds. */
async function timed(rounds: number, task: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await task();
    times.push(performance.now() - begun);
  }
  return median(times);
}

function must(holds: boolean): void {
  if (!holds) throw new Error("what was read is not what was written");
}

function ms(time: number): string {
  return `${time.toFixed(1).padStart(9)} ms`;
}
