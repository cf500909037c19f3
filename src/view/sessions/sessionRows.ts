/** Rows the tree gains from the timelines: what the record itself does not tell. */
import type { AroundRow } from "../aroundRows.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { plainFacts } from "../rows/RowSource.ts";
import { statusView } from "../statusTone.ts";
import { compactionKey } from "./RecordCalls.ts";
import type { RecordCalls } from "./RecordCalls.ts";
import { entryTook, plus, statusWords } from "./TimelineEntry.ts";
import type { SessionFacts, TimelineEntry } from "./TimelineEntry.ts";

export interface TreePlaces {
  readonly calls: RecordCalls;
  /** Whether another row of the tree shows that request, or that handoff, already. */
  isShown(entry: TimelineEntry): boolean;
  stageOf(entry: TimelineEntry): number | null;
  /** Rows made before: one is made anew when events came to its entry. */
  readonly made: WeakMap<TimelineEntry, { readonly eventCount: number; readonly row: AroundRow }>;
}

const NOTABLE: ReadonlySet<string> = new Set(["warning", "feedback", "worker", "handoff", "human"]);

/** The rows by stage; null for what belongs to none. Tool calls and compactions come in only where no transcript has them. */
export function sessionRows(sessions: readonly SessionFacts[], places: TreePlaces): Map<number | null, AroundRow[]> {
  const rows = new Map<number | null, AroundRow[]>();
  for (const { entries } of sessions) {
    for (const entry of entries) {
      if (!isNotable(entry, places)) continue;
      const stage = places.stageOf(entry);
      const there = rows.get(stage);
      const row = knownRow(entry, places.made);
      if (there === undefined) rows.set(stage, [row]);
      else there.push(row);
    }
  }
  return rows;
}

function isNotable(entry: TimelineEntry, places: TreePlaces): boolean {
  const { calls } = places;
  if (entry.family === "tool") return entry.join === null || !(calls.calls.has(entry.join.id) || calls.recordings.has(entry.join.id));
  if (entry.family === "compaction")
    return entry.tokensBefore !== null && !calls.compactions.has(compactionKey(entry.tokensBefore, entry.tokensAfter));
  return NOTABLE.has(entry.family) && !places.isShown(entry);
}

function knownRow(entry: TimelineEntry, made: TreePlaces["made"]): AroundRow {
  const known = made.get(entry);
  if (known?.eventCount === entry.eventCount) return known.row;
  const row = treeRow(entry);
  made.set(entry, { eventCount: entry.eventCount, row });
  return row;
}

function treeRow(entry: TimelineEntry): AroundRow {
  return {
    ...plainFacts(entry.label, oneLine(joinNotes([entry.error, entry.text]), 200)),
    id: entry.id,
    kind: entry.family === "tool" ? "toolCall" : "agentEvent",
    status:
      entry.status === null
        ? entry.family === "warning"
          ? { text: "warning", tone: "warning" }
          : null
        : statusView(statusWords(entry.status)),
    startMs: entry.startMs,
    durationMs: entryTook(entry),
    tokens: plus(entry.tokensIn, entry.tokensOut),
    cost: entry.costUsd === null ? null : { usd: entry.costUsd, atLeast: false },
  };
}

/** Whether rows of the tree would read the same. */
export function sameRows(
  before: ReadonlyMap<number | null, readonly AroundRow[]>,
  after: ReadonlyMap<number | null, readonly AroundRow[]>,
): boolean {
  if (before.size !== after.size) return false;
  for (const [stage, rows] of after) {
    const old = before.get(stage);
    if (old?.length !== rows.length) return false;
    const isSame = rows.every(({ id, label, note, durationMs, status }, at) => {
      const other = old[at];
      return (
        other?.id === id &&
        other.label === label &&
        other.note === note &&
        other.durationMs === durationMs &&
        other.status?.text === status?.text
      );
    });
    if (!isSame) return false;
  }
  return true;
}
