import type { RunRecord } from "../record/types.ts";
import { readTime } from "./readTime.ts";
import type { RowWindow } from "./types.ts";

/**
 * From the first to the last moment the record tells of its run, its stages, child runs and questions, in milliseconds since 1970; null
 * when it tells none. Moments at or before 1970 are unset clocks and do not stretch it.
 */
export function timeAxis(record: RunRecord): RowWindow["axis"] {
  let startMs = Infinity;
  let endMs = -Infinity;
  const take = (text: string | null): void => {
    const ms = text === null || text === "" ? null : readTime(text);
    if (ms === null || ms <= 0) return;
    startMs = Math.min(startMs, ms);
    endMs = Math.max(endMs, ms);
  };
  take(record.started_at);
  take(record.finished_at);
  for (const part of [...record.stages, ...record.child_runs]) {
    take(part.started_at);
    take(part.finished_at);
  }
  for (const transition of record.transitions) take(transition.timestamp);
  for (const question of record.hitl_questions) take(question.asked_at);
  return startMs <= endMs ? { startMs, endMs } : null;
}
