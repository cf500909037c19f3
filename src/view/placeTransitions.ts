import type { RunRecord } from "../record/types.ts";

/** Where transitions stand among the stages: all are indices into `transitions`, keys are stages. */
export interface PlacedTransitions {
  /** Shown before that stage; under the number of stages those that follow the last one. */
  readonly before: ReadonlyMap<number, readonly number[]>;
  /** Transitions whose target is among the stages. */
  readonly reached: ReadonlySet<number>;
  readonly into: ReadonlyMap<number, readonly number[]>;
  readonly out: ReadonlyMap<number, readonly number[]>;
}

/**
 * A transition stands directly before the stage it leads to: the next visit of its target node after the stage it leaves. One whose
 * target was not reached follows the stage it leaves; one that names no stage of this record follows the last.
 */
export function placeTransitions(record: Pick<RunRecord, "stages" | "transitions">): PlacedTransitions {
  const before = new Map<number, number[]>();
  const into = new Map<number, number[]>();
  const out = new Map<number, number[]>();
  const reached = new Set<number>();
  const add = <K>(map: Map<K, number[]>, key: K, index: number): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [index]);
    else list.push(index);
  };
  const byId = new Map<string, number>();
  const visits = new Map<string, number[]>();
  record.stages.forEach((stage, index) => {
    if (stage.id !== "") byId.set(stage.id, index);
    add(visits, stage.node_id, index);
  });
  record.transitions.forEach((transition, index) => {
    const from = byId.get(transition.from_stage_id ?? "") ?? visits.get(transition.from_node_id ?? "")?.at(-1) ?? -1;
    const to = firstAfter(visits.get(transition.to_node_id) ?? [], from);
    if (from !== -1) add(out, from, index);
    if (to !== null) {
      add(into, to, index);
      reached.add(index);
    }
    add(before, to ?? (from === -1 ? record.stages.length : from + 1), index);
  });
  return { before, reached, into, out };
}

/** First of the rising numbers above `limit`; null when there is none. */
function firstAfter(rising: readonly number[], limit: number): number | null {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return rising[low] ?? null;
}
