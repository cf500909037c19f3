import { elements } from "../../json/cursor.ts";
import { NO_NODE } from "../../json/Tape.ts";
import type { NodeId, Tape } from "../../json/Tape.ts";
import type { ToolCallRecord } from "../../record/types.ts";
import { textSlice } from "../longText.ts";
import { oneLine } from "../plainText.ts";
import { toolCallRow, toolRecordingRow } from "../rows/toolCallRow.ts";
import type { RowFacts } from "../rows/RowSource.ts";
import type { RunTree } from "../RunTree.ts";
import type { StageFinder } from "../StageFinder.ts";
import { memberAt, textAt } from "../tapeFields.ts";
import type { TranscriptCall } from "../Transcript.ts";
import type { StatusView } from "../types.ts";

/** One tool call. Texts are short and on one line; null is not told. */
export interface ToolEntry {
  readonly id: string;
  readonly treeRow: string;
  readonly tool: string;
  /** Null where it belongs to the run itself, or where its stage is not known. */
  readonly stage: number | null;
  /** Empty where the stage is not known. */
  readonly stageName: string;
  readonly startMs: number | null;
  readonly durationMs: number | null;
  readonly status: StatusView | null;
  readonly arguments: string;
  readonly result: string;
  /** Set where the record keeps of the arguments nothing but this. */
  readonly argumentsHash: string;
  /** The row of the record's own recording of a call that a transcript tells. */
  readonly recordingRow: string | null;
}

const NAME_LIMIT = 80;
/** Most UTF-16 units of arguments and of a result. */
const HEAD_LIMIT = 200;
const RUN_TRANSCRIPT = "run transcript";

/** How many entries there will be, at most. */
export function toolEntryCount(tree: RunTree): number {
  return tree.transcripts.totals().calls + tree.reading.record.tool_recordings.length;
}

/**
 * The tool calls of a record: those of each transcript in the order they were made, then those that only the record's own list tells. A
 * call that both tell is one entry; the recording gives what the transcript lacks.
 */
export function* toolEntries(tree: RunTree, stages: StageFinder): Generator<ToolEntry, void, undefined> {
  const { record } = tree.reading;
  const recordings = new Recordings(record.tool_recordings);
  const names = new Map<string, string>();
  for (let index = 0; index <= record.stages.length; index++) {
    const stage = index === record.stages.length ? null : index;
    const stageName = stage === null ? RUN_TRANSCRIPT : oneLine(stages.name(stage), NAME_LIMIT);
    for (const call of tree.transcripts.calls(index)) {
      const treeRow = `${stage === null ? "run" : `stage:${stage}`}/tool:${call.index}`;
      // One text for all calls of a tool: tables compare and count it again and again.
      const tool = names.get(call.name) ?? oneLine(call.name, NAME_LIMIT);
      names.set(call.name, tool);
      yield callEntry(call, { treeRow, stage, stageName, tool }, recordings.take(call), tree);
    }
  }
  for (const index of recordings.left()) {
    const recording = record.tool_recordings[index];
    if (recording !== undefined) yield recordingEntry(recording, `tool:${index}`, tree, stages);
  }
}

function callEntry(
  call: TranscriptCall,
  place: Pick<ToolEntry, "treeRow" | "stage" | "stageName" | "tool">,
  recorded: { readonly index: number; readonly recording: ToolCallRecord } | null,
  tree: RunTree,
): ToolEntry {
  const facts = toolCallRow(call, tree);
  const more: RowFacts | null = recorded === null ? null : toolRecordingRow(recorded.recording, tree);
  const hasResult = call.result !== NO_NODE;
  return {
    id: `@tool:${place.treeRow}`,
    ...place,
    startMs: facts.startMs ?? more?.startMs ?? null,
    durationMs: facts.durationMs ?? more?.durationMs ?? null,
    status: hasResult ? facts.status : (more?.status ?? facts.status),
    arguments: facts.note,
    result:
      hasResult || recorded === null
        ? withoutFrame(resultHead(tree.tape, call.content), call.name)
        : oneLine(recorded.recording.result, HEAD_LIMIT),
    argumentsHash: "",
    recordingRow: recorded === null ? null : `tool:${recorded.index}`,
  };
}

function recordingEntry(recording: ToolCallRecord, treeRow: string, tree: RunTree, stages: StageFinder): ToolEntry {
  const { startMs, durationMs, status } = toolRecordingRow(recording, tree);
  const stage = startMs === null ? null : stages.at(startMs);
  return {
    id: `@tool:${treeRow}`,
    treeRow,
    tool: oneLine(recording.tool_name, NAME_LIMIT),
    stage,
    stageName: oneLine(stages.name(stage), NAME_LIMIT),
    startMs,
    durationMs,
    status,
    arguments: "",
    result: oneLine(recording.result, HEAD_LIMIT),
    argumentsHash: oneLine(recording.args_hash, NAME_LIMIT),
    recordingRow: null,
  };
}

/** The beginning of an answer: of its text, of its first text block, or of its JSON. Never more of it is read: it may be of any length. */
function resultHead(tape: Tape, content: NodeId): string {
  if (content === NO_NODE) return "";
  const kind = tape.kind(content);
  const text = kind === "string" ? content : kind === "array" ? firstText(tape, content) : NO_NODE;
  const [node, format] = text === NO_NODE ? ([content, "json"] as const) : ([text, "string"] as const);
  return oneLine(textSlice(tape, node, format, 0, HEAD_LIMIT * 2).text, HEAD_LIMIT);
}

/** The runtime prints `[result of NAME]` before an answer: the row says both already. */
function withoutFrame(head: string, name: string): string {
  const frame = `[result of ${name}]`;
  return head.startsWith(frame) ? head.slice(frame.length).trim() : head;
}

function firstText(tape: Tape, array: NodeId): NodeId {
  for (const block of elements(tape, array)) {
    if (tape.kind(block) === "string") return block;
    if (textAt(tape, block, "text") !== null) return memberAt(tape, block, "text");
  }
  return NO_NODE;
}

/** The record's own list of tool calls, to be asked for the one that tells of a call: ids may come again, in the same order. */
class Recordings {
  readonly #all: readonly ToolCallRecord[];
  /** Places in the list, by id and name. */
  readonly #waiting = new Map<string, { readonly places: number[]; next: number }>();
  readonly #taken = new Set<number>();

  constructor(all: readonly ToolCallRecord[]) {
    this.#all = all;
    all.forEach(({ tool_use_id: id, tool_name: name }, index) => {
      if (id === "") return;
      const key = `${id}\n${name}`;
      const known = this.#waiting.get(key);
      if (known === undefined) this.#waiting.set(key, { places: [index], next: 0 });
      else known.places.push(index);
    });
  }

  take({ id, name }: TranscriptCall): { readonly index: number; readonly recording: ToolCallRecord } | null {
    const waiting = id === null || id === "" ? undefined : this.#waiting.get(`${id}\n${name}`);
    const index = waiting?.places[waiting.next];
    const recording = index === undefined ? undefined : this.#all[index];
    if (waiting === undefined || index === undefined || recording === undefined) return null;
    waiting.next++;
    this.#taken.add(index);
    return { index, recording };
  }

  /** Places of those nobody asked for. */
  left(): number[] {
    return [...this.#all.keys()].filter((index) => !this.#taken.has(index));
  }
}
