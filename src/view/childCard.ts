import type { ChildFacts } from "./childFacts.ts";
import { formatDuration } from "./formatDuration.ts";
import { textSlice } from "./longText.ts";
import { oneLine } from "./plainText.ts";
import { timeSpan, timeView } from "./readTime.ts";
import { statusTone } from "./statusTone.ts";
import type { ChildCard, DetailField, FilePresence, TimeView } from "./types.ts";

/** Most UTF-16 units of one value of a card. */
const VALUE_LIMIT = 400;

const NOTES: Readonly<Record<FilePresence, string>> = {
  present: "The child's record is there.",
  absent: "The child's record file is missing.",
  unreadable: "The child's record file cannot be read.",
  outside: "The child's record lies outside of the workspace: you are asked before it is opened.",
  unnamed: "No record file is named for this child run.",
};

/** What is known of the file a child run names. */
export interface ChildFileFacts {
  readonly record: FilePresence;
  /** A sentence instead of the usual one. */
  readonly note?: string;
}

/** The hover card of a child run. All texts are on one line and shortened; times keep their own text. */
export function childCard(facts: ChildFacts, file: ChildFileFacts): ChildCard {
  const fields: DetailField[] = [];
  const add = (name: string, text: string | null, time?: TimeView | null): void => {
    const value = text === null ? "" : oneLine(text, VALUE_LIMIT);
    if (value !== "") fields.push({ name, value, ...(time === undefined || time === null ? {} : { time }) });
  };
  add("worker", facts.workerName);
  add("worker id", facts.workerId);
  add("task", facts.task);
  add("parent stage", facts.parentStage);
  add("session", facts.sessionId);
  add("mutation scope", facts.mutationScope);
  add("approval policy", facts.approvalPolicy);
  add("started", facts.startedAt, timeView(facts.startedAt));
  add("finished", facts.finishedAt, timeView(facts.finishedAt));
  const duration = timeSpan(facts.startedAt, facts.finishedAt);
  add("duration", duration === null ? null : formatDuration(duration));
  add("run id", facts.runId);
  add("run path", facts.runPath);
  add("snapshot", facts.snapshotPath);
  if (facts.request !== null) add("request", textSlice(facts.request.tape, facts.request.node, "json", 0, VALUE_LIMIT * 4).text);
  return {
    title: oneLine(facts.workerName, 120) || oneLine(facts.workerId, 120) || "child run",
    status: { text: facts.status === "" ? "no status" : oneLine(facts.status, 80), tone: statusTone(facts.status) },
    fields,
    record: file.record,
    recordNote: file.note ?? NOTES[file.record],
  };
}
