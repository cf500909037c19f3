import { LineIndex } from "../json/LineIndex.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { Tape } from "../json/Tape.ts";
import type { RecordReading } from "../record/readRecord.ts";
import { oneLine } from "./plainText.ts";
import { worstProblem } from "./problemView.ts";
import { runHeader } from "./runHeader.ts";
import type { RunTree } from "./RunTree.ts";
import { containerAt, memberAt, textAt } from "./tapeFields.ts";
import type { OpenedView } from "./types.ts";

/** What the view of an opened file needs beside its reading. */
export interface OpenedFacts {
  /** Without folder. */
  readonly fileName: string;
  readonly revision: number;
}

/**
 * The first view of a file. Only a whole record may be normalised or resaved: a broken one would lose what stands after the break.
 *
 * @param tree the tree of the same reading; null for files that are no record
 */
export function openedView(reading: RecordReading, tree: RunTree | null, facts: OpenedFacts): OpenedView {
  const isRecord = reading.state === "record" || reading.state === "broken";
  return {
    state: reading.state,
    fileName: facts.fileName,
    byteLength: reading.tape.bytes.length,
    header: isRecord && tree !== null ? runHeader(tree) : null,
    notice: notice(reading),
    breakOffset: reading.tape.error === undefined ? null : reading.tape.error.offset,
    problemCount: reading.problems.length,
    worstProblem: worstProblem(reading.problems),
    revision: facts.revision,
    editable: reading.state === "record",
  };
}

/** One sentence that says what the file is and what can be done; null for a whole record. */
function notice(reading: RecordReading): string | null {
  const { tape } = reading;
  switch (reading.state) {
    case "record":
      return null;
    case "empty":
      return tape.bytes.length === 0 ? "This file is empty." : "This file holds nothing but blanks.";
    case "broken":
      return `The text breaks at ${place(tape)}: ${reason(tape)}. What stands before is shown; open it as text to repair it.`;
    case "notJson":
      return `This file is not JSON (${reason(tape)} at ${place(tape)}). Open it as text to see what it holds.`;
    case "otherJson":
      return `${otherJson(tape)} Open it as text to see what it holds.`;
  }
}

function place(tape: Tape): string {
  const { line, column } = new LineIndex(tape.bytes).positionAt(tape.error?.offset ?? Math.max(0, tape.invalidUtf8At));
  return `line ${line}, column ${column}`;
}

function reason(tape: Tape): string {
  if (tape.error !== undefined) return tape.error.reason;
  return tape.invalidUtf8At === -1 ? "unreadable text" : "invalid UTF-8";
}

/** Other files the runtime keeps beside records, told by their fields. */
function otherJson(tape: Tape): string {
  if (tape.nodeCount === 0 || tape.kind(0) !== "object") {
    const kind = tape.nodeCount === 0 ? "no value" : tape.kind(0) === "array" ? "a list" : "a single value";
    return `This is JSON, but no run record: it holds ${kind}.`;
  }
  const type = textAt(tape, 0, "_type") ?? "";
  if (textAt(tape, 0, "format") === "harn.flight.v1+json" || type === "flight_recording")
    return "This is a flight recording, not a run record.";
  if (type === "replay_fixture") return "This is a replay fixture, not a run record.";
  if (type.includes("manifest")) return "This is a manifest, not a run record.";
  if (type !== "" && type !== "run_record") return `This is JSON of the type “${oneLine(type, 60)}”, not a run record.`;
  if (containerAt(tape, 0, "transcript", "object") !== NO_NODE && memberAt(tape, 0, "worker_id") !== NO_NODE) {
    return "This looks like a worker snapshot, not a run record.";
  }
  return "This is JSON, but it has none of the fields of a run record.";
}
