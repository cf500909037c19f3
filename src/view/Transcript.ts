/**
 * What the tree shows of a transcript: its tool calls, each with its result, and its compactions. Transcripts are free JSON (run logs
 * format, the transcript object): every shape is read leniently, from the tape, and nothing is decoded that is not asked for.
 */
import { elements, firstKey, nextKey, stringEquals, valueOf } from "../json/cursor.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { NodeId, Tape } from "../json/Tape.ts";
import { textSlice } from "./longText.ts";
import { containerAt, memberAt, textAt } from "./tapeFields.ts";

/** Most UTF-16 units of an answer that are looked at to tell how it reads. */
const ANSWER_HEAD = 2000;

/** One call of a tool. Nodes are `NO_NODE` where the transcript has no such part. */
export interface TranscriptCall {
  /** Place among the calls of its transcript, from 0. */
  readonly index: number;
  /** The block or entry that calls. */
  readonly node: NodeId;
  readonly id: string | null;
  readonly name: string;
  readonly input: NodeId;
  /** The message that answers it, and the answer itself. */
  readonly result: NodeId;
  readonly content: NodeId;
  /** Ids of the transcript events that tell when the call was made and answered. */
  readonly askedEvent: NodeId;
  readonly answeredEvent: NodeId;
}

export interface TranscriptEvents {
  /** Event nodes of kind `compaction`. */
  readonly compactions: readonly NodeId[];
  /** Ids of the events made from assistant messages and from tool results, in order; `NO_NODE` where the time was lost. */
  readonly asked: readonly NodeId[];
  readonly answered: readonly NodeId[];
}

/** The events of a transcript the tree has a use for; anything that is no transcript has none. */
export function readTranscriptEvents(tape: Tape, transcript: NodeId): TranscriptEvents {
  const array = containerAt(tape, transcript, "events", "array");
  const compactions: NodeId[] = [];
  const asked: NodeId[] = [];
  const answered: NodeId[] = [];
  if (array === NO_NODE) return { compactions, asked, answered };
  for (const event of elements(tape, array)) {
    const kind = discriminator(tape, event);
    if (kind === NO_NODE) continue;
    if (stringEquals(tape, kind, "compaction")) {
      compactions.push(event);
      // A compaction makes the events before it anew: their ids tell its own time, not theirs.
      asked.fill(NO_NODE);
      answered.fill(NO_NODE);
    } else if (stringEquals(tape, kind, "tool_result")) answered.push(memberAt(tape, event, "id"));
    else if (stringEquals(tape, kind, "message") && textAt(tape, event, "role") === "assistant") asked.push(memberAt(tape, event, "id"));
  }
  return { compactions, asked, answered };
}

/** The string node that tells an event's kind, found in one pass over its keys. */
function discriminator(tape: Tape, event: NodeId): NodeId {
  let type = NO_NODE;
  let kind = NO_NODE;
  for (let key = firstKey(tape, event); key !== NO_NODE; key = nextKey(tape, event, key)) {
    const value = valueOf(key);
    if (tape.kind(value) !== "string") continue;
    if (stringEquals(tape, key, "kind")) kind = value;
    else if (stringEquals(tape, key, "type")) type = value;
  }
  return kind === NO_NODE ? type : kind;
}

interface OpenCall {
  readonly node: NodeId;
  readonly id: string | null;
  readonly name: string;
  readonly input: NodeId;
  readonly asker: number;
  result: NodeId;
  content: NodeId;
  answer: number;
}

/** The tool calls of a transcript in the order they were made, with the times its events tell. */
export function readTranscriptCalls(tape: Tape, transcript: NodeId, events: TranscriptEvents): TranscriptCall[] {
  const messages = containerAt(tape, transcript, "messages", "array");
  if (messages === NO_NODE) return [];
  const calls: OpenCall[] = [];
  const nameless: OpenCall[] = [];
  let nextNameless = 0;
  // Ids may come again in later turns: an answer goes to the latest call of that id that still waits.
  const waiting = new Map<string, OpenCall[]>();
  let askers = 0;
  let answers = 0;
  const answer = (id: string | null, result: NodeId, content: NodeId): void => {
    const call = id === null ? nameless[nextNameless++] : waiting.get(id)?.pop();
    if (call === undefined) return;
    call.result = result;
    call.content = content;
    call.answer = answers;
  };
  for (const message of elements(tape, messages)) {
    const role = textAt(tape, message, "role");
    if (role === "assistant") {
      for (const [node, name, input] of callBlocks(tape, message)) {
        const call: OpenCall = {
          node,
          id: textAt(tape, node, "id"),
          name,
          input,
          asker: askers,
          result: NO_NODE,
          content: NO_NODE,
          answer: -1,
        };
        calls.push(call);
        const open = call.id === null ? nameless : (waiting.get(call.id) ?? []);
        if (call.id !== null && open.length === 0) waiting.set(call.id, open);
        open.push(call);
      }
      askers++;
    } else if (role === "tool_result" || role === "tool") {
      answer(textAt(tape, message, "tool_use_id") ?? textAt(tape, message, "tool_call_id"), message, memberAt(tape, message, "content"));
      answers++;
    } else if (role === "user") {
      // Some providers answer in blocks of a user message.
      for (const block of elements(tape, containerOrSelf(tape, message))) {
        if (textAt(tape, block, "type") === "tool_result")
          answer(textAt(tape, block, "tool_use_id"), block, memberAt(tape, block, "content"));
      }
    }
  }
  const timed = events.asked.length === askers && events.answered.length === answers;
  return calls.map(({ asker, answer: answeredBy, ...call }, index) => ({
    ...call,
    index,
    askedEvent: timed ? (events.asked[asker] ?? NO_NODE) : NO_NODE,
    answeredEvent: timed ? (events.answered[answeredBy] ?? NO_NODE) : NO_NODE,
  }));
}

function containerOrSelf(tape: Tape, message: NodeId): NodeId {
  const content = containerAt(tape, message, "content", "array");
  return content === NO_NODE ? message : content;
}

/** Calls in a message: blocks of type `tool_use` (or `tool_call`), and entries of `tool_calls`. */
function* callBlocks(tape: Tape, message: NodeId): Generator<readonly [node: NodeId, name: string, input: NodeId]> {
  const content = containerAt(tape, message, "content", "array");
  if (content !== NO_NODE) {
    for (const block of elements(tape, content)) {
      const type = memberAt(tape, block, "type");
      if (type === NO_NODE || tape.kind(type) !== "string") continue;
      if (stringEquals(tape, type, "tool_use") || stringEquals(tape, type, "tool_call")) {
        const input = memberAt(tape, block, "input");
        yield [block, textAt(tape, block, "name") ?? "", input === NO_NODE ? memberAt(tape, block, "arguments") : input];
      }
    }
  }
  const list = containerAt(tape, message, "tool_calls", "array");
  if (list === NO_NODE) return;
  for (const entry of elements(tape, list)) {
    if (tape.kind(entry) !== "object") continue;
    const inner = containerAt(tape, entry, "function", "object");
    const holder = inner === NO_NODE ? entry : inner;
    const input = memberAt(tape, holder, "arguments");
    yield [entry, textAt(tape, holder, "name") ?? "", input === NO_NODE ? memberAt(tape, holder, "input") : input];
  }
}

/** How an answer reads: the runtime prints `[error from NAME]` before a failure, and refusals are JSON with an `error`. */
export function callOutcome(tape: Tape, call: TranscriptCall): "none" | "returned" | "failed" | "denied" {
  if (call.result === NO_NODE) return "none";
  const flag = memberAt(tape, call.result, "is_error");
  if (flag !== NO_NODE && tape.kind(flag) === "true") return "failed";
  const text = contentHead(tape, call.content);
  if (/^\s*\[error from /.test(text)) return "failed";
  if (/^\s*\{/.test(text) && /"error"\s*:\s*"permission_denied"/.test(text)) return "denied";
  return /^\s*\{\s*"error"\s*:\s*[^n\s]/.test(text) ? "failed" : "returned";
}

/** Beginning of an answer's text: of the string itself, or of its first text block. */
export function contentHead(tape: Tape, content: NodeId): string {
  if (content === NO_NODE) return "";
  if (tape.kind(content) === "string") return headOf(tape, content);
  if (tape.kind(content) !== "array") return "";
  for (const block of elements(tape, content)) {
    const node = tape.kind(block) === "object" ? memberAt(tape, block, "text") : block;
    if (node !== NO_NODE && tape.kind(node) === "string") return headOf(tape, node);
  }
  return "";
}

/** The beginning of a string: one of a hundred megabytes is not decoded for it. */
function headOf(tape: Tape, node: NodeId): string {
  return textSlice(tape, node, "string", 0, ANSWER_HEAD).text;
}
