/** Tolerant reading: shows whatever can be shown of anything, and says what is wrong with it. */
import { findMember, firstElement, stringText } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { materializeChildRunsFromStageMetadata } from "./childRuns.ts";
import { compileStruct, defaultStruct } from "./codec.ts";
import { Decoder, REFUSED } from "./decode.ts";
import type { Problem } from "./Problem.ts";
import { recordShape } from "./recordShape.ts";
import type { RecordShape } from "./recordShape.ts";
import { RunRecord as RunRecordSchema } from "./schema/RunRecord.ts";
import type { RunRecord } from "./types.ts";

export type ReadState =
  /** A run record, whole. */
  | "record"
  /** A run record up to where its text breaks. */
  | "broken"
  /** JSON, but no run record. */
  | "otherJson"
  | "notJson"
  | "empty";

export interface RecordReading {
  readonly tape: Tape;
  readonly state: ReadState;
  /**
   * For viewing only: defaults where the file has nothing usable, and the child runs that stages tell of added to the listed ones. Those
   * that were added have no origin.
   */
  readonly record: RunRecord;
  /** Most severe first, then by place. */
  readonly problems: readonly Problem[];
  readonly shape: RecordShape;
  /** The node a decoded struct was read from, `NO_NODE` for one that was derived. */
  originOf(value: object): NodeId;
}

/** Reads whatever a tape holds. Never throws. */
export function readRecord(tape: Tape): RecordReading {
  const state = readState(tape);
  const problems = textProblems(tape);
  const codec = compileStruct(RunRecordSchema);
  if (state !== "record" && state !== "broken") {
    const record = defaultStruct(codec) as unknown as RunRecord;
    return { tape, state, record, problems, shape: "current", originOf: () => NO_NODE };
  }
  const decoder = new Decoder({ source: "text", tolerant: true });
  const decoded = decoder.decode(codec, tape, 0);
  const record = (decoded === REFUSED ? defaultStruct(codec) : decoded) as RunRecord;
  materializeChildRunsFromStageMetadata(record);
  return {
    tape,
    state,
    record,
    problems: [...problems, ...decoder.problems, ...unlistedProblem(decoder, tape)].sort(bySeverityThenPlace),
    shape: recordShape(tape),
    originOf: (value) => {
      const origin = decoder.origins.get(value);
      return origin?.tape === tape ? origin.node : NO_NODE;
    },
  };
}

/** Keys of which a run record has at least one, whatever its age. */
const TELLING_KEYS = ["stages", "workflow_id", "child_runs", "transitions", "checkpoints", "pending_nodes"];

function readState(tape: Tape): ReadState {
  if (tape.nodeCount === 0) return isBlankText(tape.bytes) ? "empty" : "notJson";
  if (!looksLikeRecord(tape)) return tape.error === undefined ? "otherJson" : "notJson";
  return tape.error === undefined ? "record" : "broken";
}

function looksLikeRecord(tape: Tape): boolean {
  const kind = tape.kind(0);
  // Records may be written as a list of their fields; only one that names its type is taken for one here.
  if (kind === "array") return isText(tape, firstElement(tape, 0), "run_record");
  if (kind !== "object") return false;
  const type = findMember(tape, 0, "_type");
  if (type !== NO_NODE && tape.kind(type) === "string" && stringText(tape, type) !== "") return isText(tape, type, "run_record");
  return TELLING_KEYS.some((key) => findMember(tape, 0, key) !== NO_NODE);
}

function isText(tape: Tape, node: NodeId, text: string): boolean {
  return node !== NO_NODE && tape.kind(node) === "string" && stringText(tape, node) === text;
}

function isBlankText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

/** What is wrong with the text as such. */
export function textProblems(tape: Tape): Problem[] {
  const problems: Problem[] = [];
  if (tape.hasBom) {
    problems.push({
      severity: "error",
      code: "byteOrderMark",
      path: [],
      start: 0,
      end: 3,
      message: "the text begins with a byte order mark, which the runtime refuses",
    });
  }
  if (tape.error !== undefined) {
    const { offset, reason } = tape.error;
    problems.push({
      severity: "error",
      code: "syntax",
      path: [],
      start: offset,
      end: Math.min(offset + 1, tape.bytes.length),
      message: `the text is not JSON from here on: ${reason}`,
    });
  }
  if (tape.invalidUtf8At !== -1) {
    const start = tape.invalidUtf8At;
    problems.push({ severity: "error", code: "invalidUtf8", path: [], start, end: start + 1, message: "the text is not valid UTF-8" });
  }
  return problems;
}

/** Says that there are more faults than are listed. */
function unlistedProblem({ unlisted }: Decoder, tape: Tape): Problem[] {
  if (unlisted === 0) return [];
  const message = `${unlisted} more faults are not listed`;
  return [{ severity: "info", code: "unlisted", path: [], start: 0, end: Math.min(1, tape.bytes.length), message }];
}

const SEVERITIES = ["error", "warning", "info"] as const;

function bySeverityThenPlace(a: Problem, b: Problem): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.start - b.start;
}
