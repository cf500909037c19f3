import type { RunRecord, RunStageRecord } from "../record/types.ts";
import { readTime } from "./readTime.ts";
import { stringMember } from "../record/sliceAccess.ts";

interface Span {
  readonly index: number;
  readonly startMs: number;
  /** Infinity while the stage runs. */
  readonly endMs: number;
}

/** A log's clock and a stage's are read at different moments: so far outside a stage (milliseconds) something may still belong to it. */
const SLACK_MS = 50;

/**
 * Finds the stage something belongs to that does not name one: by the session of the stage's transcript, else by time. Where stages
 * repeat a transcript, and where they overlap, the time decides; of several the one that began last.
 */
export class StageFinder {
  readonly #record: RunRecord;
  readonly #spans: readonly Span[];
  readonly #sessions = new Map<string, number[]>();

  constructor(record: RunRecord) {
    this.#record = record;
    this.#spans = record.stages.flatMap((stage, index) => spanOf(stage, index)).sort((a, b) => a.startMs - b.startMs || a.index - b.index);
    record.stages.forEach((stage, index) => {
      for (const id of sessionIds(stage)) this.#sessions.set(id, [...(this.#sessions.get(id) ?? []), index]);
    });
  }

  /** The stage that went on at that moment (milliseconds since 1970); null when none did. */
  at(ms: number): number | null {
    return this.#latest(ms, 0) ?? this.#latest(ms, SLACK_MS);
  }

  /** The stage of a session, and where several share it the one that went on at `ms`; null when no stage names it. */
  ofSession(sessionId: string, ms: number | null): number | null {
    const stages = this.#sessions.get(sessionId);
    if (stages === undefined || stages.length === 0) return null;
    if (ms === null || stages.length === 1) return stages[0] ?? null;
    const span = this.#spans.findLast(
      (each) => stages.includes(each.index) && each.startMs - SLACK_MS <= ms && ms <= each.endMs + SLACK_MS,
    );
    return span?.index ?? stages[0] ?? null;
  }

  /** By session where a stage names it, else by time. */
  find(sessionId: string | null, ms: number | null): number | null {
    const bySession = sessionId === null ? null : this.ofSession(sessionId, ms);
    return bySession ?? (ms === null ? null : this.at(ms));
  }

  /** A stage's row in the tree. */
  rowId(stage: number | null): string | null {
    return stage === null ? null : `stage:${stage}`;
  }

  /** What a stage is called in a table. */
  name(stage: number | null): string {
    const found = stage === null ? undefined : this.#record.stages[stage];
    return found === undefined ? "" : found.node_id || found.id || `stage ${(stage ?? 0) + 1}`;
  }

  #latest(ms: number, slack: number): number | null {
    return this.#spans.findLast(({ startMs, endMs }) => startMs - slack <= ms && ms <= endMs + slack)?.index ?? null;
  }
}

function spanOf(stage: RunStageRecord, index: number): Span[] {
  const startMs = readTime(stage.started_at);
  if (startMs === null) return [];
  const endMs = stage.finished_at === null ? Infinity : readTime(stage.finished_at);
  return endMs === null ? [] : [{ index, startMs, endMs }];
}

/** The ids a stage's session is known by: its transcript's, and its worker's. */
function sessionIds(stage: RunStageRecord): Set<string> {
  const ids = new Set<string>();
  const transcript = stage.transcript === null ? null : stringMember(stage.transcript, "id");
  if (transcript !== null && transcript !== "") ids.add(transcript);
  return ids;
}
