import type { Tape } from "../json/Tape.ts";
import type { RecordChange } from "../record/recordChanges.ts";
import { cutText, oneLine } from "./plainText.ts";
import { shortPath } from "./shortPath.ts";
import { CHANGE_LIMIT } from "./types.ts";
import type { ChangeGroup, ChangeView, SavePreview } from "./types.ts";
import { valueSummary } from "./valueSummary.ts";

/** Changes between two texts. */
export interface ChangeSet {
  readonly changes: readonly RecordChange[];
  readonly before: Tape;
  readonly after: Tape;
}

/** Most UTF-16 units of a reason. */
const WHY_LIMIT = 300;
/** Most UTF-16 units of all changes together. */
const TEXT_LIMIT = 700_000;

const GROUPS: readonly ChangeGroup[] = ["filled", "merged", "derived", "rewritten", "lost", "runtimeOnly"];
const WORST_FIRST: readonly ChangeView["change"][] = ["removed", "changed", "added"];

/**
 * A preview of what a save would do. Changes stand in the order of their groups, within a group the worst first; of very many the
 * preview carries the first `CHANGE_LIMIT`, and none of the losses is cut before a change of another group.
 */
export function previewView(sets: readonly ChangeSet[], facts: Omit<SavePreview, "changes" | "totals">): SavePreview {
  const totals: Record<ChangeGroup, number> = { filled: 0, merged: 0, derived: 0, rewritten: 0, lost: 0, runtimeOnly: 0 };
  const all = sets.flatMap((set) => set.changes.map((change, index) => ({ change, set, index })));
  for (const { change } of all) totals[change.group]++;
  const kept = all.length <= CHANGE_LIMIT ? all : atMost(all, totals);
  kept.sort(
    (a, b) =>
      GROUPS.indexOf(a.change.group) - GROUPS.indexOf(b.change.group) ||
      WORST_FIRST.indexOf(a.change.change) - WORST_FIRST.indexOf(b.change.change) ||
      sets.indexOf(a.set) - sets.indexOf(b.set) ||
      a.index - b.index,
  );
  return { ...facts, changes: fitting(kept.map(({ change, set }) => changeView(change, set))), totals };
}

/** The changes as they are, or each of them shorter when together they would be too long for one message. */
function fitting(views: readonly ChangeView[]): readonly ChangeView[] {
  const units = views.reduce(
    (sum, view) => sum + view.path.length + (view.before?.length ?? 0) + (view.after?.length ?? 0) + view.why.length,
    0,
  );
  if (units <= TEXT_LIMIT) return views;
  const cut = (text: string | null): string | null => (text === null ? null : cutText(text, 60));
  return views.map((view) => ({
    ...view,
    path: cutText(view.path, 100),
    before: cut(view.before),
    after: cut(view.after),
    why: cutText(view.why, 120),
  }));
}

/** As many as fit: losses first, then every group its share. */
function atMost<C extends { readonly change: RecordChange }>(all: readonly C[], totals: Readonly<Record<ChangeGroup, number>>): C[] {
  const room = new Map<ChangeGroup, number>();
  let left = CHANGE_LIMIT;
  const inOrder = [...GROUPS].sort((a, b) => Number(b === "lost") - Number(a === "lost") || totals[a] - totals[b]);
  inOrder.forEach((group, index) => {
    const share = group === "lost" ? left : Math.floor(left / (inOrder.length - index));
    const taken = Math.min(totals[group], share);
    room.set(group, taken);
    left -= taken;
  });
  const worst = [...all].sort((a, b) => WORST_FIRST.indexOf(a.change.change) - WORST_FIRST.indexOf(b.change.change));
  return worst.filter(({ change }) => {
    const more = room.get(change.group) ?? 0;
    room.set(change.group, more - 1);
    return more > 0;
  });
}

function changeView(change: RecordChange, { before, after }: ChangeSet): ChangeView {
  return {
    group: change.group,
    change: change.change,
    path: shortPath(change.path),
    before: valueSummary(before, change.before, change.path),
    after: valueSummary(after, change.after, change.path),
    why: oneLine(change.why, WHY_LIMIT),
  };
}
