/** What a normalise or a save would write: bytes in, bytes out, nothing touched. */
import { compareBytes } from "../json/compareBytes.ts";
import { isIntegerLiteral, numberText } from "../json/cursor.ts";
import { formatFloat, readFloat } from "../json/floatText.ts";
import { scan } from "../json/scan.ts";
import { compileStruct } from "./codec.ts";
import { Decoder, REFUSED } from "./decode.ts";
import { encodePretty } from "./encode.ts";
import type { EncodeOptions, Fidelity } from "./encode.ts";
import { handoffFromValue } from "./handoffFromValue.ts";
import type { RecordPorts } from "./ports.ts";
import { readRunRecord, readRunRecordAsValue, scanStrictly } from "./readStrictly.ts";
import type { Read, Refused } from "./readStrictly.ts";
import { recordShape } from "./recordShape.ts";
import { loadRunRecord, normalizeRunRecord, saveRunRecord } from "./saveSteps.ts";
import type { KeptParts, StepPart } from "./saveSteps.ts";
import { RunRecord as RunRecordSchema } from "./schema/RunRecord.ts";
import type { RunRecord } from "./types.ts";

export type { Refused } from "./readStrictly.ts";

export interface PrepareOptions {
  readonly fidelity: Fidelity;
  /** Make the derived parts of a record of later shape again by this version's rules. */
  readonly rederive: boolean;
}

export interface Prepared {
  readonly ok: true;
  readonly bytes: Uint8Array;
  /** Sentences about the whole: what was left as it is and why, what will not come to rest. */
  readonly notes: readonly string[];
  readonly rederive: { readonly offered: boolean; readonly on: boolean };
  /** The record as it was encoded, for what is told of a save beside the file. */
  readonly run: RunRecord;
}

/** The record as the runtime loads it, pretty-printed: for comparison, never for writing over a file. */
export async function loadRecordText(bytes: Uint8Array, path: string, ports: RecordPorts): Promise<Prepared | Refused> {
  const read = readRunRecord(bytes);
  if (!read.ok) return read;
  await loadRunRecord(read.value, path, ports);
  return prepared(read.value, { fidelity: "runtime" }, bytes.length, []);
}

/** What normalising would make of a record. */
export function prepareNormalize(bytes: Uint8Array, options: PrepareOptions, ports: RecordPorts): Promise<Prepared | Refused> {
  return prepare(bytes, options, ports, readRunRecordAsValue, (run, kept) => normalizeRunRecord(run, ports, kept));
}

/** What saving under `path` would write; the path's text goes into the record as it is given. */
export function prepareSave(
  bytes: Uint8Array,
  options: PrepareOptions & { readonly path: string },
  ports: RecordPorts,
): Promise<Prepared | Refused> {
  return prepare(bytes, options, ports, readRunRecord, (run, kept) => saveRunRecord(run, options.path, ports, kept));
}

type Steps = (run: RunRecord, kept: KeptParts) => Promise<void>;

async function prepare(
  bytes: Uint8Array,
  options: PrepareOptions,
  ports: RecordPorts,
  readStrictly: (bytes: Uint8Array) => Read<RunRecord>,
  steps: Steps,
): Promise<Prepared | Refused> {
  if (options.fidelity === "lossless") return prepareLossless(bytes, options, ports, steps);
  const read = readStrictly(bytes);
  if (!read.ok) return read;
  await steps(read.value, new Set());
  const result = prepared(read.value, { fidelity: "runtime" }, bytes.length, restlessNotes(read.value, ports));
  return numbersRest(result.bytes) ? result : { ...result, notes: [...result.notes, RESTLESS_NUMBERS] };
}

/** Edits what the tape holds: what a field cannot hold stays, and what depends on it is not derived. */
async function prepareLossless(bytes: Uint8Array, options: PrepareOptions, ports: RecordPorts, steps: Steps): Promise<Prepared | Refused> {
  const tape = scanStrictly(bytes);
  if (!tape.ok) return tape;
  if (tape.value.kind(0) !== "object") {
    return { ok: false, message: "a run record is an object", path: [], offset: tape.value.start(0) };
  }
  const decoder = new Decoder({ source: "text", tolerant: true });
  const decoded = decoder.decode(compileStruct(RunRecordSchema), tape.value, 0);
  if (decoded === REFUSED) throw new Error("an object is read tolerantly in any case");
  const run = decoded as RunRecord;
  const later = recordShape(tape.value) === "later";
  const { kept, notes } = partsToKeep(decoder.foreignRoots);
  if (later && !options.rederive) {
    for (const part of ["observability", "handoffs"] as const) kept.add(part);
    notes.push("The record has the shape of a later runtime: its derived parts are left as they are.");
  }
  await steps(run, kept);
  const moving = new Set<number>();
  const onFloat = (value: number): void => {
    if (!Object.is(readFloat(formatFloat(value)), value)) moving.add(value);
  };
  const encoding: EncodeOptions = { fidelity: "lossless", origins: decoder.origins, omitDefaults: later, onFloat };
  const result = prepared(run, encoding, bytes.length, []);
  if (!kept.has("handoffs")) notes.push(...restlessNotes(run, ports));
  if (moving.size > 0) notes.push(RESTLESS_NUMBERS);
  return { ...result, notes, rederive: { offered: later, on: later && options.rederive } };
}

function prepared(run: RunRecord, encoding: EncodeOptions, sizeHint: number, notes: readonly string[]): Prepared {
  const bytes = encodePretty(compileStruct(RunRecordSchema), run, encoding, Math.ceil(sizeHint * 1.1) + 4096);
  return { ok: true, bytes, notes, rederive: { offered: false, on: false }, run };
}

/** The top-level fields a part is made from, its own included. */
const SOURCES: Readonly<Record<StepPart, readonly string[]>> = {
  defaults: ["_type", "id", "started_at", "status", "root_run_id"],
  hitl_questions: ["hitl_questions", "id"],
  child_runs: ["child_runs", "stages"],
  replay_fixture: ["replay_fixture", "id", "workflow_id", "workflow_name", "status", "stages"],
  handoffs: ["handoffs", "artifacts", "id", "workflow_id", "workflow_name", "persisted_path"],
  observability: [
    "observability",
    "id",
    "workflow_id",
    "workflow_name",
    "status",
    "persisted_path",
    "metadata",
    "stages",
    "transitions",
    "child_runs",
    "transcript",
  ],
};

const PART_NAMES: Readonly<Record<StepPart, string>> = {
  defaults: "missing ids, status and times are not filled in",
  hitl_questions: "questions are not merged",
  child_runs: "child runs are not completed",
  replay_fixture: "no replay fixture is made",
  handoffs: "handoffs are not brought in step with their artifacts",
  observability: "the observability is not derived",
};

function partsToKeep(foreign: ReadonlySet<string>): { kept: Set<StepPart>; notes: string[] } {
  const kept = new Set<StepPart>();
  const notes: string[] = [];
  for (const [part, sources] of Object.entries(SOURCES) as [StepPart, readonly string[]][]) {
    const at = sources.find((source) => foreign.has(source));
    if (at === undefined) continue;
    kept.add(part);
    notes.push(`\`${at}\` holds something its type cannot: it stays as it is, and ${PART_NAMES[part]}.`);
  }
  return { kept, notes };
}

const RESTLESS_NUMBERS =
  "The runtime's reader moves some of the numbers that are written at every load: a second save would change them once more.";
const RESTLESS_HANDOFFS =
  "A handoff artifact has no id in its data: the runtime makes a new handoff from it at every load and save, and so will the next one.";
const RESTLESS_ORDER = "A handoff had no id and gets one: the next save sorts it among the handoffs of the same time by that id.";

/** What of the handoffs the next save would change again (run record format, surprises). */
function restlessNotes(run: RunRecord, ports: RecordPorts): string[] {
  const notes: string[] = [];
  const known = new Set(run.handoffs.map(({ id }) => id));
  const restless = run.artifacts.some((artifact) => {
    const found = artifact.kind === "handoff" && artifact.data !== null ? handoffFromValue(artifact.data, ports) : null;
    return found !== null && !known.has(found.id);
  });
  if (restless) notes.push(RESTLESS_HANDOFFS);
  const unsorted = run.handoffs.some((handoff, place) => {
    const before = run.handoffs[place - 1] ?? handoff;
    return (compareBytes(before.created_at, handoff.created_at) || compareBytes(before.id, handoff.id)) > 0;
  });
  if (unsorted) notes.push(RESTLESS_ORDER);
  return notes;
}

/** Whether every number reads back as the text it was written with. */
function numbersRest(bytes: Uint8Array): boolean {
  const tape = scan(bytes);
  for (let node = 0; node < tape.nodeCount; node++) {
    if (tape.kind(node) !== "number" || isIntegerLiteral(tape, node)) continue;
    const text = numberText(tape, node);
    const value = readFloat(text);
    if (value === undefined || formatFloat(value) !== text) return false;
  }
  return true;
}
