import type { PageState, ViewId } from "../src/protocol/page.ts";
import { readTableQuery } from "./tableQuery.ts";
import { isTableId } from "./tabs.ts";

/** Most ids remembered of each kind, so that a state stays small however long somebody clicks. */
const idLimit = 2000;
/** Longest id of a table's row that is remembered: ids are made of names in files. */
const rowIdLimit = 2000;

/** What VS Code stored for this page, or null when it is nothing of ours. */
export function readPageState(stored: unknown): PageState | null {
  if (typeof stored !== "object" || stored === null) return null;
  const state = stored as Partial<Record<keyof PageState, unknown>>;
  if (state.version !== 1) return null;
  return {
    version: 1,
    selected: typeof state.selected === "string" ? state.selected : null,
    expanded: ids(state.expanded),
    collapsed: ids(state.collapsed),
    scrollTop: typeof state.scrollTop === "number" && state.scrollTop >= 0 ? state.scrollTop : 0,
    detailWidth: typeof state.detailWidth === "number" && state.detailWidth > 0 ? state.detailWidth : null,
    view: readView(state.view),
    tables: readTables(state.tables),
  };
}

function readView(stored: unknown): ViewId {
  return stored === "problems" || isTableId(stored) ? stored : "tree";
}

function readTables(stored: unknown): PageState["tables"] {
  if (typeof stored !== "object" || stored === null) return {};
  const tables: Record<string, NonNullable<PageState["tables"][keyof PageState["tables"]]>> = {};
  for (const [id, table] of Object.entries(stored)) {
    if (!isTableId(id) || typeof table !== "object" || table === null) continue;
    const { selected, query } = table as { readonly selected?: unknown; readonly query?: unknown };
    tables[id] = {
      selected: typeof selected === "string" && selected.length <= rowIdLimit ? selected : null,
      query: readTableQuery(query),
    };
  }
  return tables;
}

function ids(stored: unknown): string[] {
  return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === "string").slice(0, idLimit) : [];
}

export const freshPageState: PageState = {
  version: 1,
  selected: null,
  expanded: [],
  collapsed: [],
  scrollTop: 0,
  detailWidth: null,
  view: "tree",
  tables: {},
};

/** Notes that rows were opened or closed by the user: an id stands in one of the two lists, the last choice wins, the oldest go first. */
export function noteExpansion(state: PageState, rowIds: readonly string[], expanded: boolean): PageState {
  const touched = new Set(rowIds);
  const without = (list: readonly string[]): string[] => list.filter((id) => !touched.has(id));
  const withThem = (list: readonly string[]): string[] => [...without(list), ...touched].slice(-idLimit);
  return expanded
    ? { ...state, expanded: withThem(state.expanded), collapsed: without(state.collapsed) }
    : { ...state, expanded: without(state.expanded), collapsed: withThem(state.collapsed) };
}
