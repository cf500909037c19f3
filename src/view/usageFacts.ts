import type { NodeId, Tape } from "../json/Tape.ts";
import { NO_NODE } from "../json/Tape.ts";
import type { LlmUsageRecord } from "../record/types.ts";
import { memberAt, numberAt } from "./tapeFields.ts";
import type { CostView } from "./types.ts";

/** What a usage says about model calls. Tokens are null when it counts none and no call was made. */
export interface UsageFacts {
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly calls: number;
  readonly cost: CostView;
}

/**
 * Tokens and cost of a decoded usage. Later shapes know when a price is missing (later versions, cost): `cost_usd` is exact, else
 * `known_cost_usd` with "at least", else the older `total_cost`. Those fields are read from the tape.
 */
export function usageFacts(usage: LlmUsageRecord | null, tape: Tape, node: NodeId): UsageFacts | null {
  if (usage === null) return null;
  return {
    tokensIn: Number(usage.input_tokens),
    tokensOut: Number(usage.output_tokens),
    calls: Number(usage.call_count),
    cost: costOf(tape, node) ?? { usd: usage.total_cost, atLeast: false },
  };
}

function costOf(tape: Tape, node: NodeId): CostView | null {
  if (node === NO_NODE || tape.kind(node) !== "object") return null;
  const exact = numberAt(tape, node, "cost_usd");
  const known = numberAt(tape, node, "known_cost_usd");
  const unpriced = numberAt(tape, node, "unpriced_calls") ?? 0;
  if (exact !== null && unpriced <= 0) return { usd: exact, atLeast: false };
  if (known !== null) return { usd: known, atLeast: unpriced > 0 || memberAt(tape, node, "cost_usd") !== NO_NODE };
  return unpriced > 0 ? { usd: numberAt(tape, node, "total_cost") ?? 0, atLeast: true } : null;
}

/** The sum of several usages; null when there is none. */
export function addUsage(parts: Iterable<UsageFacts | null>): UsageFacts | null {
  let sum: UsageFacts | null = null as UsageFacts | null;
  for (const part of parts) {
    if (part === null) continue;
    sum = {
      tokensIn: (sum?.tokensIn ?? 0) + part.tokensIn,
      tokensOut: (sum?.tokensOut ?? 0) + part.tokensOut,
      calls: (sum?.calls ?? 0) + part.calls,
      cost: { usd: (sum?.cost.usd ?? 0) + part.cost.usd, atLeast: (sum?.cost.atLeast ?? false) || part.cost.atLeast },
    };
  }
  return sum;
}

/** Whether nothing was used: such a usage leaves the columns empty. */
export function isIdle(usage: UsageFacts): boolean {
  return usage.calls === 0 && usage.tokensIn + usage.tokensOut === 0 && usage.cost.usd === 0;
}
