import type { RunRecord } from "../record/types.ts";

/** Below which stage each child run stands: indices into `child_runs` by stage, under -1 those whose stage is not known. */
export function placeChildRuns(
  record: Pick<RunRecord, "child_runs">,
  stageByName: ReadonlyMap<string, number>,
): ReadonlyMap<number, readonly number[]> {
  const placed = new Map<number, number[]>();
  record.child_runs.forEach((child, index) => {
    const stage = (child.parent_stage_id === null ? undefined : stageByName.get(child.parent_stage_id)) ?? -1;
    const list = placed.get(stage);
    if (list === undefined) placed.set(stage, [index]);
    else list.push(index);
  });
  return placed;
}
