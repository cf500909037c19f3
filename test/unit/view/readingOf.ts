import { scan } from "../../../src/json/scan.ts";
import { readRecord } from "../../../src/record/readRecord.ts";
import type { RecordReading } from "../../../src/record/readRecord.ts";
import { RunTree } from "../../../src/view/RunTree.ts";

/** The reading of a text, of bytes, or of a value written as JSON. */
export function readingOf(source: unknown): RecordReading {
  if (source instanceof Uint8Array) return readRecord(scan(source));
  return readRecord(scan(new TextEncoder().encode(typeof source === "string" ? source : JSON.stringify(source, null, 2))));
}

/** The tree of a record given by the fields that matter; it is told to be a run record. */
export function treeOf(record: Record<string, unknown>): RunTree {
  return new RunTree(readingOf({ _type: "run_record", ...record }));
}
