import type { ViewId } from "../src/protocol/page.ts";
import type { AroundView, TableId, TableTab } from "../src/view/tables.ts";

/** A tab of the bar above the views. */
export interface ViewTab {
  readonly id: ViewId;
  readonly title: string;
  /** Shown as a badge; null for none. */
  readonly count: number | null;
  /** Shown instead of the count, in the colour of warnings. */
  readonly alert: string | null;
}

/** The tables' names, in the order of their tabs. */
export const tableTitles: Readonly<Record<TableId, string>> = {
  questions: "Questions",
  turns: "Turns",
  daemon: "Daemon",
  sessions: "Sessions",
  compactions: "Compactions",
  children: "Children",
  handoffs: "Handoffs",
  tools: "Tools",
  files: "Files",
};

/** The names of all views. */
export const viewTitles: Readonly<Record<ViewId, string>> = { tree: "Tree", ...tableTitles, problems: "Problems" };

/** Whether a text names a table: what is remembered may be of another version. */
export function isTableId(text: unknown): text is TableId {
  return typeof text === "string" && Object.hasOwn(tableTitles, text);
}

/** The tabs there are. `wanted` has one even while nothing is known of its table yet. */
export function viewTabs(around: AroundView | null, problemCount: number, wanted: ViewId): ViewTab[] {
  const known = new Map<string, TableTab>((around?.tabs ?? []).map((tab) => [tab.id, tab]));
  const tabs: ViewTab[] = [{ id: "tree", title: viewTitles.tree, count: null, alert: null }];
  for (const id of Object.keys(tableTitles).filter(isTableId)) {
    const tab = known.get(id);
    if (tab !== undefined || id === wanted) tabs.push({ id, title: tableTitles[id], count: tab?.count ?? null, alert: tab?.alert ?? null });
  }
  if (problemCount > 0) tabs.push({ id: "problems", title: viewTitles.problems, count: problemCount, alert: null });
  return tabs;
}

/**
 * Which tabs fit beside each other: their indices. When not all do, there is a menu of `menuWidth` for the others, and the selected tab
 * takes the last place rather than to hide in it. All widths are CSS pixels.
 */
export function fittingTabs(widths: readonly number[], room: number, menuWidth: number, selected: number): number[] {
  const all = widths.map((_, at) => at);
  if (widths.reduce((sum, width) => sum + width, 0) <= room) return all;
  const left = room - menuWidth;
  const fitting = (order: readonly number[], space: number): number[] => {
    const taken: number[] = [];
    let used = 0;
    for (const at of order) {
      used += widths[at] ?? 0;
      if (used > space) break;
      taken.push(at);
    }
    return taken;
  };
  const first = fitting(all, left);
  if (first.includes(selected)) return first;
  const others = all.filter((at) => at !== selected);
  return [...fitting(others, left - (widths[selected] ?? 0)), selected].sort((a, b) => a - b);
}
