import { formatTokens } from "../formatTokens.ts";
import { joinNotes, plural } from "../plainText.ts";
import { UNKNOWN_CELL } from "../table/cells.ts";
import type { ColumnSpec, TableSpec } from "../table/TableSpec.ts";
import type { StatusTone } from "../types.ts";
import type { CompactionEntry, SnapshotState } from "./compactionEntries.ts";

const SNAPSHOTS: Readonly<Record<SnapshotState, { readonly label: string; readonly tone: StatusTone; readonly hint: string }>> = {
  kept: { label: "kept", tone: "success", hint: "The messages that were taken away are kept in the record." },
  missing: { label: "missing", tone: "warning", hint: "A snapshot is named, but the record does not hold it." },
  never: { label: "never taken", tone: "neutral", hint: "The messages that were taken away were not kept." },
};

/** The table of compactions: each once, with the other places that list it. */
export const COMPACTIONS_TABLE: TableSpec<CompactionEntry> = {
  id: "compactions",
  columns: [
    textColumn("stage", "Stage", 18, ({ stageName }) => stageName, true),
    {
      id: "when",
      title: "When",
      align: "start",
      width: 12,
      cell: ({ time }) => (time === null ? { ...UNKNOWN_CELL, hint: "The event's id does not hold its time." } : { text: time.text, time }),
      sortKey: ({ time }) => time?.epochMs ?? null,
    },
    countColumn("before", "Before", ({ before }) => before, formatTokens),
    countColumn("after", "After", ({ after }) => after, formatTokens),
    {
      id: "saved",
      title: "Saved",
      align: "end",
      width: 8,
      cell: (entry) => {
        const share = changeOf(entry);
        if (share === null) return UNKNOWN_CELL;
        const hint = `${formatTokens(Math.abs((entry.before ?? 0) - (entry.after ?? 0)))} tokens ${share > 0 ? "more" : "given up"}`;
        return { text: changeText(share), hint, ...(share > 0 ? { tone: "warning" } : {}) };
      },
      sortKey: (entry) => {
        const share = changeOf(entry);
        return share === null ? null : -share;
      },
    },
    countColumn(
      "archived",
      "Archived",
      ({ archived }) => archived,
      (count) => count.toLocaleString("en-US"),
      ({ archived }) => (archived === null ? undefined : plural(archived, "message")),
    ),
    {
      ...textColumn("mode", "Mode", 9, ({ mode }) => mode),
      cell: ({ mode }) => (mode === "" ? UNKNOWN_CELL : { text: mode, look: "tag" }),
    },
    textColumn("reason", "Reason", 14, ({ reason }) => reason),
    textColumn("strategy", "Strategy", 18, ({ strategy }) => strategy),
    textColumn("instructions", "Instructions", 20, ({ instructions }) => instructions),
    {
      id: "snapshot",
      title: "Snapshot",
      align: "start",
      width: 14,
      cell: ({ snapshot, snapshotId }) => {
        const { label, tone, hint } = SNAPSHOTS[snapshot];
        return { text: label, tone, hint: snapshotId === "" ? hint : `${hint} Its id: ${snapshotId}` };
      },
      sortKey: ({ snapshot }) => SNAPSHOTS[snapshot].label,
    },
    {
      id: "alsoIn",
      title: "Also in",
      align: "start",
      width: 18,
      cell: ({ alsoIn }) => {
        const [first] = alsoIn;
        if (first === undefined) return { text: "" };
        const more = alsoIn.length > 1 ? ` +${alsoIn.length - 1}` : "";
        return { text: `${first}${more}`, look: "dim", hint: `The same event is listed in: ${alsoIn.slice(0, 12).join(", ")}` };
      },
      sortKey: ({ alsoIn }) => alsoIn[0] ?? null,
    },
  ],
  filters: [
    { id: "mode", title: "Mode", value: ({ mode }) => word(mode, "no mode") },
    { id: "strategy", title: "Strategy", value: ({ strategy }) => word(strategy, "no strategy") },
    { id: "snapshot", title: "Snapshot", value: ({ snapshot }) => ({ value: snapshot, label: SNAPSHOTS[snapshot].label }) },
    { id: "stage", title: "Stage", value: ({ stage, stageName }) => ({ value: stage === null ? "run" : String(stage), label: stageName }) },
  ],
  row: (entry) => ({
    id: entry.id,
    level: 1,
    label: joinNotes([`compaction in ${entry.stageName}`, sizesOf(entry)]),
    icon: "fold",
    treeRow: entry.treeRow,
    opens: false,
  }),
  searchText: ({ stageName, mode, reason, strategy, instructions, snapshot, snapshotId, alsoIn, time }) =>
    [stageName, mode, reason, strategy, instructions, SNAPSHOTS[snapshot].label, snapshotId, time?.text ?? "", ...alsoIn].join("\n"),
};

/** "4 · 61.3k tokens given up · 2 snapshots kept, 1 missing, 1 never taken". */
export function compactionsSummary(entries: readonly CompactionEntry[]): string {
  if (entries.length === 0) return "";
  let given: number | null = null;
  const snapshots: Record<SnapshotState, number> = { kept: 0, missing: 0, never: 0 };
  for (const { before, after, snapshot } of entries) {
    if (before !== null && after !== null) given = (given ?? 0) + before - after;
    snapshots[snapshot]++;
  }
  const told = (["kept", "missing", "never"] as const).filter((state) => snapshots[state] > 0);
  return joinNotes([
    entries.length.toLocaleString("en-US"),
    given !== null && `${formatTokens(given)} tokens given up`,
    told
      .map((state, at) => {
        const count = at === 0 ? plural(snapshots[state], "snapshot") : snapshots[state].toLocaleString("en-US");
        return `${count} ${SNAPSHOTS[state].label}`;
      })
      .join(", "),
  ]);
}

/** By how much the context grew or shrank: −0.87 where 87 % of it were given up. Null where that cannot be told. */
function changeOf({ before, after }: CompactionEntry): number | null {
  return before === null || after === null || before <= 0 ? null : (after - before) / before;
}

/** `−87 %`. */
function changeText(share: number): string {
  const percent = Math.round(Math.abs(share) * 100);
  return `${share > 0 ? "+" : "−"}${percent > 9999 ? "> 9,999" : percent.toLocaleString("en-US")} %`;
}

function sizesOf({ before, after }: CompactionEntry): string {
  if (before === null && after === null) return "";
  return `${before === null ? "?" : formatTokens(before)} → ${after === null ? "?" : formatTokens(after)} tokens`;
}

function word(text: string, otherwise: string): { readonly value: string; readonly label: string } {
  return text === "" ? { value: "none", label: otherwise } : { value: `is ${text}`, label: text };
}

function textColumn(
  id: string,
  title: string,
  width: number,
  text: (entry: CompactionEntry) => string,
  grows = false,
): ColumnSpec<CompactionEntry> {
  return {
    id,
    title,
    align: "start",
    width,
    ...(grows ? { grows } : {}),
    cell: (entry) => (text(entry) === "" ? UNKNOWN_CELL : { text: text(entry) }),
    sortKey: (entry) => text(entry) || null,
  };
}

function countColumn(
  id: string,
  title: string,
  count: (entry: CompactionEntry) => number | null,
  format: (count: number) => string,
  hint: (entry: CompactionEntry) => string | undefined = (entry) => {
    const value = count(entry);
    return value === null ? undefined : `${value.toLocaleString("en-US")} tokens, estimated`;
  },
): ColumnSpec<CompactionEntry> {
  return {
    id,
    title,
    align: "end",
    width: 9,
    cell: (entry) => {
      const value = count(entry);
      const said = hint(entry);
      return value === null ? UNKNOWN_CELL : { text: format(value), ...(said === undefined ? {} : { hint: said }) };
    },
    sortKey: count,
  };
}
