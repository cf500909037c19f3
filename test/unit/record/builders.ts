import { scan } from "../../../src/json/scan.ts";
import type { JsonSlice } from "../../../src/json/JsonSlice.ts";
import type { RecordPorts, Sidecar } from "../../../src/record/ports.ts";
import { readRunRecord } from "../../../src/record/readStrictly.ts";
import type { RunRecord } from "../../../src/record/types.ts";

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** The clock of every test. */
export const NOW = "1790000000";

/** A fixed clock, ids that count up, and the sidecars given by path. */
export function portsWith(sidecars: Readonly<Record<string, Sidecar>> = {}): RecordPorts {
  let made = 0;
  return {
    now: () => NOW,
    newUuid: () => `01900000-0000-7000-8000-${String(++made).padStart(12, "0")}`,
    readSidecar: (path) => Promise.resolve(sidecars[path] ?? { exists: false, bytes: null }),
    activeLog: null,
  };
}

/** A value as a slice of its own text. */
export function slice(value: unknown): JsonSlice {
  return { tape: scan(utf8(JSON.stringify(value))), node: 0 };
}

/** The JavaScript value of a slice. */
export function plain({ tape, node }: JsonSlice): unknown {
  return JSON.parse(textOf(tape.bytes.subarray(tape.start(node), tape.end(node)))) as unknown;
}

/** A record as the runtime reads it from the JSON of `fields`; throws where it would refuse. */
export function recordOf(fields: Readonly<Record<string, unknown>>): RunRecord {
  const read = readRunRecord(utf8(JSON.stringify(fields)));
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

/** The member of the root, as JavaScript. */
export function parsedRoot(bytes: Uint8Array): Record<string, unknown> {
  return JSON.parse(textOf(bytes)) as Record<string, unknown>;
}
