import type { RunRecord } from "../../record/types.ts";
import { questionRowId } from "../questions/QuestionFacts.ts";
import type { RecordCalls } from "./RecordCalls.ts";
import type { EntryLinks } from "./sessionDetail.ts";
import type { TimelineEntry } from "./TimelineEntry.ts";

const NONE: EntryLinks = { call: null, recording: null, handoff: null, question: null, child: null };

/** What else tells of the same thing as an entry of a session: rows of the tree, or of the table of questions. */
export function entryLinks(
  { join }: Pick<TimelineEntry, "join">,
  record: Pick<RunRecord, "child_runs" | "handoffs">,
  calls: RecordCalls,
): EntryLinks {
  switch (join?.kind) {
    case "tool":
      return { ...NONE, call: calls.calls.get(join.id) ?? null, recording: calls.recordings.get(join.id) ?? null };
    case "request":
      return { ...NONE, question: questionRowId(join.id) };
    case "worker":
      return {
        ...NONE,
        child: rowAt(
          "child",
          record.child_runs.findIndex(({ worker_id: id }) => id === join.id),
        ),
      };
    case "handoff":
      return {
        ...NONE,
        handoff: rowAt(
          "handoff",
          record.handoffs.findIndex(({ id }) => id === join.id),
        ),
      };
    case undefined:
      return NONE;
  }
}

function rowAt(kind: string, index: number): string | null {
  return index === -1 ? null : `${kind}:${index}`;
}
