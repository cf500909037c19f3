import type { RunRecord, RunStageRecord } from "../record/types.ts";
import { readTime } from "./readTime.ts";
import { memberOf, stringMember } from "../record/sliceAccess.ts";

interface Span {
  readonly index: number;
  readonly startMs: number;
  /** Infinity while the stage runs. */
  readonly endMs: number;
}

/** A log's clock and a stage's are read at different moments: so far outside a stage (milliseconds) something may still belong to it. */
const SLACK_MS = 50;

/** Spans in the order in which they begin, to be asked which of them holds a moment. */
class Spans {
  readonly #spans: readonly Span[];
  /** The latest end among a span and all before it. */
  readonly #ends: readonly number[];

  constructor(spans: readonly Span[]) {
    this.#spans = [...spans].sort((a, b) => a.startMs - b.startMs || a.index - b.index);
    let latest = -Infinity;
    this.#ends = this.#spans.map(({ endMs }) => (latest = Math.max(latest, endMs)));
  }

  /** The stage of the span that holds the moment, of several that which began last; null when none does. */
  at(ms: number, slack: number): number | null {
    let low = 0;
    let high = this.#spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#spans[middle]?.startMs ?? Infinity) - slack <= ms) low = middle + 1;
      else high = middle;
    }
    for (let at = low - 1; at >= 0 && ms <= (this.#ends[at] ?? -Infinity) + slack; at--) {
      const span = this.#spans[at];
      if (span !== undefined && ms <= span.endMs + slack) return span.index;
    }
    return null;
  }
}

/** The stages that name a session. */
interface Session {
  readonly stages: number[];
  /** Made when the session is first asked about. */
  spans: Spans | null;
}

/**
 * Finds the stage something belongs to that does not name one: by the session of the stage's transcript, else by time. Where stages
 * repeat a transcript, and where they overlap, the time decides; of several the one that began last.
 */
export class StageFinder {
  readonly #record: RunRecord;
  #visits: readonly number[] | null = null;
  readonly #spans: Spans;
  readonly #sessions = new Map<string, Session>();

  constructor(record: RunRecord) {
    this.#record = record;
    this.#spans = new Spans(record.stages.flatMap((stage, index) => spanOf(stage, index)));
    record.stages.forEach((stage, index) => {
      for (const id of sessionIds(stage)) {
        const session = this.#sessions.get(id);
        if (session === undefined) this.#sessions.set(id, { stages: [index], spans: null });
        else session.stages.push(index);
      }
    });
  }

  /** The stage that went on at that moment (milliseconds since 1970); null when none did. */
  at(ms: number): number | null {
    return this.#spans.at(ms, 0) ?? this.#spans.at(ms, SLACK_MS);
  }

  /** The stage of a session, and where several share it the one that went on at `ms`; null when no stage names it. */
  ofSession(sessionId: string, ms: number | null): number | null {
    const session = this.#sessions.get(sessionId);
    const first = session?.stages[0];
    if (session === undefined || first === undefined) return null;
    if (ms === null || session.stages.length === 1) return first;
    session.spans ??= new Spans(session.stages.flatMap((index) => spanOf(this.#record.stages[index], index)));
    return session.spans.at(ms, 0) ?? session.spans.at(ms, SLACK_MS) ?? first;
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

  /** What a stage is called in a table; of a node visited more than once which visit, as in `rollback (2)`. */
  name(stage: number | null): string {
    const found = stage === null ? undefined : this.#record.stages[stage];
    if (stage === null || found === undefined) return "";
    const name = found.node_id || found.id || `stage ${stage + 1}`;
    const visit = this.#visit(stage);
    return visit === 1 ? name : `${name} (${visit})`;
  }

  /** The how-manieth stage of its node a stage is, from 1. */
  #visit(stage: number): number {
    if (this.#visits === null) {
      const counts = new Map<string, number>();
      this.#visits = this.#record.stages.map(({ node_id }) => {
        const count = node_id === "" ? 1 : (counts.get(node_id) ?? 0) + 1;
        counts.set(node_id, count);
        return count;
      });
    }
    return this.#visits[stage] ?? 1;
  }
}

function spanOf(stage: RunStageRecord | undefined, index: number): Span[] {
  if (stage === undefined) return [];
  const startMs = readTime(stage.started_at);
  if (startMs === null) return [];
  const endMs = stage.finished_at === null ? Infinity : readTime(stage.finished_at);
  return endMs === null ? [] : [{ index, startMs, endMs }];
}

/** The ids a stage's session is known by: its transcript's, and that of the worker that did it. */
function sessionIds(stage: RunStageRecord): Set<string> {
  const worker = stage.metadata.get("worker");
  const ids = [stringMember(stage.transcript, "id"), stringMember(memberOf(worker, "provenance"), "session_id")];
  return new Set(ids.flatMap((id) => (id === null || id === "" ? [] : [id])));
}
