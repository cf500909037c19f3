import { NO_NODE } from "../../json/Tape.ts";
import type { RecordReading } from "../../record/readRecord.ts";
import { containerAt, numberAt } from "../tapeFields.ts";
import { TranscriptIndex } from "../TranscriptIndex.ts";

/** What a record's transcripts and recordings already tell of its tool calls and compactions, with the rows of the tree that show it. */
export interface RecordCalls {
  /** Row of a tool call by its id; the first where ids come again. */
  readonly calls: ReadonlyMap<string, string>;
  /** Rows of tool recordings by the id of their call. */
  readonly recordings: ReadonlyMap<string, string>;
  /** Compactions, by `compactionKey`. */
  readonly compactions: ReadonlySet<string>;
}

export const NO_CALLS: RecordCalls = { calls: new Map(), recordings: new Map(), compactions: new Set() };

/** By what a compaction in a log and the same one in a transcript are known: their estimates. */
export function compactionKey(tokensBefore: number | null, tokensAfter: number | null): string {
  return `${tokensBefore} ${tokensAfter}`;
}

/** Gathers them transcript by transcript; each step of the iteration reads one, so that others get their turn between. */
export function* gatherCalls(reading: RecordReading): Generator<void, RecordCalls, undefined> {
  const { record, tape } = reading;
  const index = new TranscriptIndex(reading);
  const calls = new Map<string, string>();
  const compactions = new Set<string>();
  for (let at = 0; at <= record.stages.length; at++) {
    const prefix = at === record.stages.length ? "run" : `stage:${at}`;
    for (const call of index.calls(at)) if (call.id !== null && !calls.has(call.id)) calls.set(call.id, `${prefix}/tool:${call.index}`);
    for (const [, event] of index.compactions(at)) {
      const metadata = containerAt(tape, event, "metadata", "object");
      if (metadata === NO_NODE) continue;
      compactions.add(
        compactionKey(numberAt(tape, metadata, "estimated_tokens_before"), numberAt(tape, metadata, "estimated_tokens_after")),
      );
    }
    yield;
  }
  const recordings = new Map<string, string>();
  record.tool_recordings.forEach(({ tool_use_id: id }, at) => {
    if (id !== "" && !recordings.has(id)) recordings.set(id, `tool:${at}`);
  });
  return { calls, recordings, compactions };
}
