import { formatCost } from "../formatCost.ts";
import { formatDuration } from "../formatDuration.ts";
import { formatTokens } from "../formatTokens.ts";
import { joinNotes, plural } from "../plainText.ts";
import { outcomeOf, retriesText, turnDuration } from "./TurnRow.ts";
import type { TurnsTableRow } from "./TurnRow.ts";

/** "26 turns · 78.6k in · 3.4k out · 41 % cached · $0.27 · 1m 32s of model time · 2 retries". */
export function turnsSummary(rows: readonly TurnsTableRow[]): string {
  const sum = {
    turns: 0,
    in: 0,
    out: 0,
    cachedOf: 0,
    cached: 0,
    cost: 0,
    priced: 0,
    unpriced: 0,
    ms: 0,
    errors: 0,
    retries: 0,
    open: 0,
    others: 0,
  };
  for (const row of rows) {
    if (row.kind === "other") {
      sum.others++;
      continue;
    }
    const { answer, errors, retryOf } = row.turn;
    sum.turns++;
    sum.ms += turnDuration(row.turn) ?? 0;
    sum.errors += errors.length;
    sum.retries += (retryOf === null ? 0 : 1) + (answer === null ? 0 : errors.length);
    if (outcomeOf(row.turn) === "open") sum.open++;
    if (answer === null) continue;
    sum.in += answer.tokensIn ?? 0;
    sum.out += answer.tokensOut ?? 0;
    if (answer.cacheRead !== null && answer.tokensIn !== null) {
      sum.cachedOf += answer.tokensIn;
      sum.cached += answer.cacheRead;
    }
    if (answer.costUsd === null) sum.unpriced++;
    else {
      sum.priced++;
      sum.cost += answer.costUsd;
    }
  }
  if (sum.turns === 0 && sum.others === 0) return "";
  return joinNotes([
    plural(sum.turns, "turn"),
    sum.in > 0 && `${formatTokens(sum.in)} in`,
    sum.out > 0 && `${formatTokens(sum.out)} out`,
    sum.cached > 0 && `${Math.min(100, Math.round((sum.cached / sum.cachedOf) * 100))} % cached`,
    sum.priced > 0 && formatCost(sum.cost, sum.unpriced > 0),
    sum.ms > 0 && `${formatDuration(sum.ms)} of model time`,
    sum.errors > 0 && plural(sum.errors, "error"),
    sum.retries > 0 && retriesText(sum.retries),
    sum.open > 0 && `${sum.open.toLocaleString("en-US")} without answer`,
    sum.others > 0 && plural(sum.others, "line") + " of unknown type",
  ]);
}

/** How many turns failed for good; null for none. */
export function turnsAlert(rows: readonly TurnsTableRow[]): string | null {
  const failed = rows.reduce((count, row) => (row.kind === "turn" && outcomeOf(row.turn) === "error" ? count + 1 : count), 0);
  return failed === 0 ? null : `${failed.toLocaleString("en-US")} failed`;
}
