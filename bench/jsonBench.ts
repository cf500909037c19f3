import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseTree } from "jsonc-parser";
import { compactText } from "../src/json/writeValue.ts";
import { findMember } from "../src/json/cursor.ts";
import { JsonWriter } from "../src/json/JsonWriter.ts";
import { LineIndex } from "../src/json/LineIndex.ts";
import { scan } from "../src/json/scan.ts";
import { writeValue } from "../src/json/writeValue.ts";
import { bigRecord } from "./bigRecord.ts";
import { median } from "./median.ts";

const MEGABYTE = 1_000_000;

/** `parseTree` makes some six objects a value: at 200 MB its tree does not fit Node's default heap. */
const PARSE_TREE_LIMIT = 50 * MEGABYTE;

/** What the tape must hold, as ratios within one run. */
const TIME_LIMIT = 1;
const INDEX_LIMIT = 2.5;

/** Below this size the peak is told, but a process's own pages outweigh the tape's. */
const PEAK_FROM = 10 * MEGABYTE;

/**
 * Times the tape of every node against `JSON.parse(buffer.toString())` and jsonc-parser's `parseTree` of the same bytes, and measures its
 * memory. Answers false when a limit is missed.
 */
export function jsonBench(sizes: readonly number[] = [1, 20, 200]): boolean {
  let kept = true;
  for (const size of sizes) kept = benchOne(size) && kept;
  return kept;
}

function benchOne(megabytes: number): boolean {
  const bytes = Buffer.from(bigRecord(megabytes * MEGABYTE, 7).buffer as ArrayBuffer);
  const rounds = megabytes <= 1 ? 41 : megabytes <= 20 ? 11 : 3;
  const tape = scan(bytes);
  if (tape.error !== undefined || tape.invalidUtf8At !== -1)
    throw new Error(`the record of ${megabytes} MB is no JSON: ${tape.error?.reason ?? "UTF-8"}`);

  const [scanned, parsed, tree] = alternate(rounds, [
    () => scan(bytes),
    () => JSON.parse(bytes.toString()) as unknown,
    ...(bytes.length <= PARSE_TREE_LIMIT ? [() => parseTree(bytes.toString())] : []),
  ]);
  const ratio = (scanned ?? 0) / (parsed ?? 1);
  const index = tape.indexBytes / bytes.length;
  const peak = peakOfScan(bytes) / bytes.length;

  console.log(
    `\nrecord of ${(bytes.length / MEGABYTE).toFixed(1)} MB, ${tape.nodeCount} nodes, ${(bytes.length / tape.nodeCount).toFixed(1)} bytes a node (median of ${rounds})`,
  );
  console.log(`  tape                ${ms(scanned)}   ${(bytes.length / MEGABYTE / ((scanned ?? 1) / 1000)).toFixed(0)} MB/s`);
  console.log(`  JSON.parse          ${ms(parsed)}   tape / JSON.parse = ${ratio.toFixed(2)} (limit ${TIME_LIMIT.toFixed(2)})`);
  if (tree === undefined)
    console.log(`  parseTree           not run above ${PARSE_TREE_LIMIT / MEGABYTE} MB: its tree exceeds the default heap`);
  else console.log(`  parseTree           ${ms(tree)}   tape / parseTree = ${((scanned ?? 0) / tree).toFixed(2)}`);
  console.log(
    `  index               ${index.toFixed(2)} bytes a byte of text, ${peak.toFixed(2)} at the peak of scanning (limit ${INDEX_LIMIT})`,
  );

  const [spans, pretty, lines] = alternate(Math.min(rounds, 3), [
    () => compactText(tape, findMember(tape, 0, "trace_spans")),
    () => {
      const writer = new JsonWriter("pretty", bytes.length);
      writeValue(writer, tape, 0, { keys: "source", numbers: "source" });
      return writer.finish();
    },
    () => new LineIndex(bytes).positionAt(bytes.length),
  ]);
  console.log(`  write all, pretty   ${ms(pretty)}   trace_spans compact and sorted ${ms(spans).trim()}, line index ${ms(lines).trim()}`);

  const kept = ratio <= TIME_LIMIT && index < INDEX_LIMIT && (peak < INDEX_LIMIT || bytes.length < PEAK_FROM);
  if (!kept) console.log("  LIMIT MISSED");
  return kept;
}

/** Median milliseconds of each task, the tasks taking turns so that a busy machine slows all alike. */
function alternate(rounds: number, tasks: readonly (() => unknown)[]): number[] {
  const times = tasks.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, task] of tasks.entries()) {
      const begun = performance.now();
      task();
      times[at]?.push(performance.now() - begun);
    }
  }
  return times.map(median);
}

function ms(time: number | undefined): string {
  return `${(time ?? 0).toFixed(1).padStart(9)} ms`;
}

/** Growth of the most memory a fresh process (this bundle, started again) ever held, in bytes, by scanning this text. */
function peakOfScan(bytes: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), "json-bench-"));
  try {
    const file = join(folder, "record.json");
    writeFileSync(file, bytes);
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "json-peak", file], { encoding: "utf8" });
    if (child.status !== 0) throw new Error(`the process that measures memory failed: ${child.stderr}`);
    return Number(child.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The other end of `peakOfScan`: prints the growth in bytes. */
export function jsonPeak(file: string): void {
  const bytes = readFileSync(file);
  // The compiled scanner is not part of the index.
  const warmUp = new TextEncoder().encode(`[${'{"a":["é\\n",1.5e3,true,null]},'.repeat(20_000)}0]`);
  for (let round = 0; round < 5; round++) scan(warmUp);
  const before = process.resourceUsage().maxRSS;
  const tape = scan(bytes);
  const growth = process.resourceUsage().maxRSS - before;
  process.stdout.write(String(tape.nodeCount > 0 ? growth * 1024 : 0));
}
