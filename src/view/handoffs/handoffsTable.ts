import { joinNotes, oneLine, plural } from "../plainText.ts";
import { UNKNOWN_CELL, storedTimeCell } from "../table/cells.ts";
import type { ColumnSpec, TableSpec } from "../table/TableSpec.ts";
import type { TableCell } from "../tables.ts";
import type { HandoffEntry } from "./handoffEntries.ts";

const HINT_LIMIT = 600;

/** The table of handoffs: who left what to whom, and what stayed open. */
export const HANDOFFS_TABLE: TableSpec<HandoffEntry> = {
  id: "handoffs",
  columns: [
    { id: "from", title: "From", align: "start", width: 18, cell: ({ from }) => said(from), sortKey: ({ from }) => from || null },
    {
      id: "to",
      title: "To",
      align: "start",
      width: 24,
      cell: ({ to, toKind }) => (to === "" ? { text: "unknown", look: "dim" } : { text: joinNotes([to, toKind !== to && toKind]) }),
      sortKey: ({ to }) => to || null,
    },
    {
      id: "kind",
      title: "Kind",
      align: "start",
      width: 12,
      cell: ({ kind }) => (kind === "" ? UNKNOWN_CELL : { text: kind, look: "tag" }),
      sortKey: ({ kind }) => kind || null,
    },
    {
      id: "status",
      title: "Status",
      align: "start",
      width: 12,
      cell: ({ status }) => status ?? { ...UNKNOWN_CELL, hint: "The record does not say what became of it." },
      sortKey: ({ status }) => status?.text ?? null,
    },
    {
      id: "task",
      title: "Task",
      align: "start",
      width: 36,
      grows: true,
      cell: ({ task, reason }) => (task === "" ? said(reason) : { text: task, ...(reason === "" ? {} : { hint: `Reason: ${reason}` }) }),
      sortKey: ({ task, reason }) => task || reason || null,
    },
    countColumn(
      "questions",
      "Open questions",
      ({ openQuestionCount }) => openQuestionCount,
      ({ openQuestions }) => openQuestions,
    ),
    countColumn(
      "artifacts",
      "Artifacts",
      ({ artifactCount }) => artifactCount,
      ({ artifacts }) => artifacts,
    ),
    {
      id: "created",
      title: "Created",
      align: "start",
      width: 12,
      cell: ({ created }) => storedTimeCell(created, 60),
      sortKey: ({ created }) => created?.epochMs ?? null,
    },
  ],
  filters: [
    { id: "target", title: "To", value: ({ to }) => (to === "" ? { value: "none", label: "unknown" } : { value: `is ${to}`, label: to }) },
    {
      id: "kind",
      title: "Kind",
      value: ({ kind }) => (kind === "" ? { value: "none", label: "no kind" } : { value: `is ${kind}`, label: kind }),
    },
  ],
  row: (entry) => ({
    id: entry.id,
    level: 1,
    label: joinNotes([`handoff to ${entry.to || "unknown"}`, entry.from !== "" && `from ${entry.from}`]),
    icon: "arrow-swap",
    treeRow: entry.treeRow,
    opens: false,
  }),
  searchText: ({ from, to, toKind, kind, status, task, reason, openQuestions, artifacts }) =>
    [from, to, toKind, kind, status?.text ?? "", task, reason, ...openQuestions, ...artifacts].join("\n"),
};

/** "3 handoffs · 1 to a human · 4 open questions". */
export function handoffsSummary(entries: readonly HandoffEntry[]): string {
  if (entries.length === 0) return "";
  const toHumans = entries.filter(({ toKind }) => toKind.toLowerCase() === "human").length;
  const open = entries.reduce((sum, { openQuestionCount }) => sum + openQuestionCount, 0);
  return joinNotes([
    plural(entries.length, "handoff"),
    toHumans > 0 && `${toHumans.toLocaleString("en-US")} to ${toHumans === 1 ? "a human" : "humans"}`,
    open > 0 && plural(open, "open question"),
  ]);
}

function said(text: string): TableCell {
  return text === "" ? UNKNOWN_CELL : { text };
}

/** How many there are; which, on hover. */
function countColumn(
  id: string,
  title: string,
  count: (entry: HandoffEntry) => number,
  list: (entry: HandoffEntry) => readonly string[],
): ColumnSpec<HandoffEntry> {
  return {
    id,
    title,
    align: "end",
    width: title.length + 2,
    cell: (entry) => {
      const all = count(entry);
      if (all === 0) return { text: "0", look: "dim" };
      const names = list(entry).join(" · ");
      const more = all > list(entry).length ? ` · and ${all - list(entry).length} more` : "";
      return { text: all.toLocaleString("en-US"), hint: oneLine(names, HINT_LIMIT) + more };
    },
    sortKey: count,
  };
}
