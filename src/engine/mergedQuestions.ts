/** What an event log does to the questions of a record that is about to be saved, for those who are asked to agree. */
import type { EventLog } from "../eventlog/EventLog.ts";
import type { LogRead } from "../eventlog/LogEvent.ts";
import { activeEventLog } from "../eventlog/questionsFromLog.ts";
import type { ActiveEventLog } from "../record/ports.ts";
import type { RunHitlQuestionRecord } from "../record/types.ts";
import { plural } from "../view/plainText.ts";
import type { FoundLog } from "./around/FoundLog.ts";
import { quoted } from "./quoted.ts";

/** An event log as one save sees it: asked once for each run, whatever is written to it meanwhile. */
export interface QuestionSource {
  /** Null where no log is active. */
  readonly activeLog: ActiveEventLog | null;
  /**
   * Sentences about the questions of a record before and after the merge; none where the log had no part in them. What the runtime passes
   * over in silence (a log it cannot read has no questions) is said.
   */
  notes(before: readonly RunHitlQuestionRecord[], after: readonly RunHitlQuestionRecord[]): readonly string[];
}

/** The questions that the log which was found holds. */
export function questionSource(found: FoundLog | null): QuestionSource {
  const view = found?.view ?? null;
  if (found === null || view === null) {
    // Absent or turned off, there is nothing to be missed.
    const missed = found?.state === "unreadable" || found?.state === "outside" ? [`No questions are merged. ${found.note}`] : [];
    return { activeLog: null, notes: () => missed };
  }
  const name = quoted(found.shown ?? found.path ?? "");
  const faults = new Set<string>();
  const log = activeEventLog(watched(view.log, (message) => faults.add(message)));
  const asked = new Map<string, Promise<readonly RunHitlQuestionRecord[]>>();
  return {
    activeLog: {
      async questionsOf(runId) {
        const known = asked.get(runId) ?? log.questionsOf(runId);
        asked.set(runId, known);
        return known;
      },
    },
    notes: (before, after) => [
      ...mergeNotes(before, after, name),
      ...[...faults].map(
        (message) => `Not all questions of the event log ${name} could be read, and only those that were are merged: ${message}`,
      ),
    ],
  };
}

function mergeNotes(before: readonly RunHitlQuestionRecord[], after: readonly RunHitlQuestionRecord[], name: string): string[] {
  const stored = new Map(before.map((question) => [question.request_id, question]));
  const added = after.filter(({ request_id }) => !stored.has(request_id)).length;
  const changed = after.filter((question) => {
    const known = stored.get(question.request_id);
    return known !== undefined && !isSame(known, question);
  }).length;
  const notes: string[] = [];
  if (added > 0) notes.push(`${plural(added, "question")} ${added === 1 ? "comes" : "come"} from the event log ${name}.`);
  if (changed > 0) {
    notes.push(`${plural(changed, "question")} ${changed === 1 ? "is" : "are"} told otherwise by the event log ${name}, which wins.`);
  }
  const isMoved = before.length !== after.length - added || before.some(({ request_id }, at) => after[at]?.request_id !== request_id);
  if (notes.length === 0 && isMoved) {
    notes.push(`The questions are joined by their ids and put in the order of their times, as the event log ${name} is active.`);
  }
  return notes;
}

function isSame(a: RunHitlQuestionRecord, b: RunHitlQuestionRecord): boolean {
  return a.prompt === b.prompt && a.agent === b.agent && a.trace_id === b.trace_id && a.asked_at === b.asked_at;
}

/** The same log; `onFault` hears why a read failed. */
function watched(log: EventLog, onFault: (message: string) => void): EventLog {
  return {
    backend: log.backend,
    async readRange(topic, from, limit): Promise<LogRead> {
      const read = await log.readRange(topic, from, limit);
      if (!read.ok) onFault(/[.!?]$/.test(read.message) ? read.message : `${read.message}.`);
      return read;
    },
    topics: () => log.topics(),
    append: (topic, event) => log.append(topic, event),
    close: () => log.close(),
  };
}
