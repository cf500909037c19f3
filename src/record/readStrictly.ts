/** Strict reading: accepts what the runtime accepts and nothing else; a refusal says what and where. */
import { JsonWriter } from "../json/JsonWriter.ts";
import { scan } from "../json/scan.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { Tape } from "../json/Tape.ts";
import { writeValue } from "../json/writeValue.ts";
import { compileStruct } from "./codec.ts";
import type { StructCodec } from "./codec.ts";
import { Decoder, REFUSED } from "./decode.ts";
import { expandRawValues, freeValueFault } from "./freeValue.ts";
import { pathOf, resolvePath } from "../json/cursor.ts";
import type { Path } from "./Problem.ts";
import { ReplayFixture as ReplayFixtureSchema } from "./schema/fixture.ts";
import { RunRecord as RunRecordSchema } from "./schema/RunRecord.ts";
import type { ReplayFixture, RunRecord } from "./types.ts";

/** Why a text is refused. */
export interface Refused {
  readonly ok: false;
  /** One sentence without the place. */
  readonly message: string;
  readonly path: Path;
  /** Byte offset in the text given, -1 when the fault has no one place. */
  readonly offset: number;
}

export type Read<T> = { readonly ok: true; readonly value: T } | Refused;

/** A run record as `load` and `save` read it, straight from its text. */
export function readRunRecord(bytes: Uint8Array): Read<RunRecord> {
  return readStruct<RunRecord>(compileStruct(RunRecordSchema), bytes);
}

export function readReplayFixture(bytes: Uint8Array): Read<ReplayFixture> {
  return readStruct<ReplayFixture>(compileStruct(ReplayFixtureSchema), bytes);
}

/**
 * A run record as `normalize` reads it: first as a free value, which takes on the runtime's own value type (keys sorted, the last of
 * repeated keys, integers beyond i64 as floats), then as a record. A fault of the record is placed in the text given where its path leads
 * there.
 */
export function readRunRecordAsValue(bytes: Uint8Array): Read<RunRecord> {
  const tape = scanStrictly(bytes);
  if (!tape.ok) return tape;
  const fault = freeValueFault(tape.value, 0, 0);
  if (fault !== undefined) return refusedAt(tape.value, fault.node, fault.message);
  const expanded = expandRawValues({ tape: tape.value, node: 0 });
  if ("code" in expanded) return refusedAt(tape.value, expanded.node, expanded.message);
  const writer = new JsonWriter("compact", bytes.length);
  writeValue(writer, expanded.tape, expanded.node, { keys: "sorted", numbers: "vm" });
  const record = readRunRecord(writer.finish());
  if (record.ok) return record;
  return { ...record, offset: offsetOfPath(tape.value, record.path) };
}

/** A tape of a text that is JSON by the runtime's reader: valid UTF-8, no byte order mark, nothing after the end. */
export function scanStrictly(bytes: Uint8Array): Read<Tape> {
  const tape = scan(bytes);
  if (tape.invalidUtf8At !== -1) return { ok: false, message: "the text is not valid UTF-8", path: [], offset: tape.invalidUtf8At };
  if (tape.hasBom) return { ok: false, message: "the text begins with a byte order mark, which the runtime refuses", path: [], offset: 0 };
  if (tape.error !== undefined) {
    return { ok: false, message: `the text is not JSON: ${tape.error.reason}`, path: [], offset: tape.error.offset };
  }
  return { ok: true, value: tape };
}

function readStruct<T>(codec: StructCodec, bytes: Uint8Array): Read<T> {
  const tape = scanStrictly(bytes);
  if (!tape.ok) return tape;
  const decoder = new Decoder({ source: "text", tolerant: false });
  const value = decoder.decode(codec, tape.value, 0);
  if (value !== REFUSED) return { ok: true, value: value as T };
  const problem = decoder.problems[0];
  if (problem === undefined) throw new Error("a refusal without a problem");
  return { ok: false, message: problem.message, path: problem.path, offset: problem.start };
}

function refusedAt(tape: Tape, node: number, message: string): Refused {
  return { ok: false, message, path: pathOf(tape, node), offset: tape.start(node) };
}

/** The place of the deepest part of a path that the text has. */
function offsetOfPath(tape: Tape, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = resolvePath(tape, path.slice(0, length));
    if (node !== NO_NODE) return tape.start(node);
  }
  return -1;
}
