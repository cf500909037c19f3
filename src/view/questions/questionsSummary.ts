import { formatDuration } from "../formatDuration.ts";
import { joinNotes } from "../plainText.ts";
import type { QuestionFacts, QuestionState, RunTimes } from "./QuestionFacts.ts";

/** How many requests ended how, in the order in which it is said. */
const GROUPS: readonly { readonly word: string; readonly states: readonly QuestionState[] }[] = [
  { word: "answered", states: ["answered", "approved", "executed", "accepted"] },
  { word: "denied", states: ["denied"] },
  { word: "not accepted", states: ["responded"] },
  { word: "timed out", states: ["timedOut"] },
  { word: "cancelled", states: ["cancelled"] },
  { word: "never answered", states: ["neverAnswered"] },
  { word: "not known", states: ["notKnown"] },
  { word: "open", states: ["open"] },
];

/** "5 asked · 3 answered · 1 timed out · 1 open · people were waited for 4m 53s of 6m 41s". */
export function questionsSummary(facts: readonly QuestionFacts[], run: RunTimes, nowMs: number): string {
  if (facts.length === 0) return "Nobody was asked anything.";
  const counts = GROUPS.map(({ word, states }) => {
    const count = facts.filter(({ state }) => states.includes(state)).length;
    return count === 0 ? null : `${count.toLocaleString("en-US")} ${word}`;
  });
  return joinNotes([`${facts.length.toLocaleString("en-US")} asked`, ...counts, waitedSentence(facts, run, nowMs)]);
}

function waitedSentence(facts: readonly QuestionFacts[], run: RunTimes, nowMs: number): string | null {
  const waited = waitedInAll(facts, run, nowMs);
  if (waited === null) return null;
  const endMs = run.endMs ?? (run.isOver ? null : nowMs);
  const whole = run.startMs === null || endMs === null || endMs < run.startMs ? "" : ` of ${formatDuration(endMs - run.startMs)}`;
  return `people were waited for ${formatDuration(waited)}${whole}`;
}

/**
 * Milliseconds of the run in which at least one person was waited for: requests that were open at the same time count once. What only
 * fell into the run's time may be another run's, and does not count. Null when of no request it is known.
 */
export function waitedInAll(facts: readonly QuestionFacts[], run: RunTimes, nowMs: number): number | null {
  const first = run.startMs ?? -Infinity;
  const last = run.endMs ?? Infinity;
  const spans = facts.flatMap(({ entry, state, askedMs, endedMs }) => {
    const end = endedMs ?? (state === "open" ? nowMs : null);
    if (askedMs === null || end === null || entry.belongs === "time") return [];
    return [{ from: Math.max(askedMs, first), to: Math.min(end, last) }];
  });
  if (spans.length === 0) return null;
  let sum = 0;
  let reached = -Infinity;
  for (const { from, to } of spans.sort((a, b) => a.from - b.from)) {
    if (to <= reached) continue;
    sum += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return sum;
}
