import { formatCost } from "../formatCost.ts";
import { formatTokens } from "../formatTokens.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { UNKNOWN_CELL, durationCell, storedTimeCell } from "../table/cells.ts";
import type { TableSpec } from "../table/TableSpec.ts";
import type { TableCell } from "../tables.ts";
import type { ChildEntry } from "./childEntries.ts";

/** Most different statuses a summary counts one by one. */
const STATUS_LIMIT = 5;

/** The table of child runs. A row opens the child's own record where one is named. */
export const CHILDREN_TABLE: TableSpec<ChildEntry> = {
  id: "children",
  columns: [
    {
      id: "name",
      title: "Worker",
      align: "start",
      width: 24,
      cell: ({ name, workerId }) => ({ text: name, ...(workerId === "" ? {} : { hint: workerId }) }),
      sortKey: ({ name }) => name,
    },
    {
      id: "status",
      title: "Status",
      align: "start",
      width: 12,
      cell: ({ status }) => status ?? { text: "no status", look: "dim" },
      sortKey: ({ status }) => status?.text ?? null,
    },
    {
      id: "stage",
      title: "Stage",
      align: "start",
      width: 18,
      cell: ({ stage, stageName }) => {
        if (stageName === "") return UNKNOWN_CELL;
        return stage === null ? { text: stageName, look: "dim", hint: "The record has no such stage." } : { text: stageName };
      },
      sortKey: ({ stage }) => stage,
    },
    {
      id: "task",
      title: "Task",
      align: "start",
      width: 30,
      grows: true,
      cell: ({ task }) => said(task),
      sortKey: ({ task }) => task || null,
    },
    { id: "outcome", title: "Outcome", align: "start", width: 26, cell: outcomeCell, sortKey: ({ outcome }) => outcome || null },
    {
      id: "started",
      title: "Started",
      align: "start",
      width: 12,
      cell: ({ started }) => storedTimeCell(started, 60),
      sortKey: ({ started }) => started?.epochMs ?? null,
    },
    {
      id: "took",
      title: "Took",
      align: "end",
      width: 9,
      cell: ({ durationMs }) => durationCell(durationMs),
      sortKey: ({ durationMs }) => durationMs,
    },
    {
      id: "tokens",
      title: "Tokens",
      align: "end",
      width: 9,
      cell: ({ tokens }) =>
        tokens === null ? UNKNOWN_CELL : { text: formatTokens(tokens), hint: `${tokens.toLocaleString("en-US")} tokens in and out` },
      sortKey: ({ tokens }) => tokens,
    },
    {
      id: "cost",
      title: "Cost",
      align: "end",
      width: 9,
      cell: ({ costUsd }) => (costUsd === null ? UNKNOWN_CELL : { text: formatCost(costUsd) }),
      sortKey: ({ costUsd }) => costUsd,
    },
    {
      id: "record",
      title: "Record",
      align: "start",
      width: 9,
      cell: ({ runPath }) => (runPath === null ? { text: "none", look: "dim" } : { text: "named", hint: oneLine(runPath, 300) }),
      sortKey: ({ runPath }) => (runPath === null ? null : oneLine(runPath, 300)),
    },
    { id: "runId", title: "Run id", align: "start", width: 18, cell: ({ runId }) => code(runId), sortKey: ({ runId }) => runId || null },
    {
      id: "session",
      title: "Session",
      align: "start",
      width: 18,
      cell: ({ session }) => code(session),
      sortKey: ({ session }) => session || null,
    },
  ],
  filters: [
    { id: "status", title: "Status", value: (entry) => ({ value: `is ${statusText(entry)}`, label: statusText(entry) }) },
    {
      id: "stage",
      title: "Stage",
      value: ({ stage, stageName }) => (stage === null ? { value: "none", label: "no stage" } : { value: String(stage), label: stageName }),
    },
  ],
  row: (entry) => ({
    id: entry.id,
    level: 1,
    label: joinNotes([entry.name, statusText(entry)]),
    icon: "type-hierarchy-sub",
    treeRow: entry.treeRow,
    opens: entry.runPath !== null,
  }),
  searchText: (entry) =>
    [
      entry.name,
      entry.workerId,
      statusText(entry),
      entry.stageName,
      entry.task,
      entry.outcome,
      entry.runId,
      entry.session,
      oneLine(entry.runPath ?? "", 300),
    ].join("\n"),
};

/** "24 children · 22 completed · 1 failed · 1 running": the most frequent status first. */
export function childrenSummary(entries: readonly ChildEntry[]): string {
  if (entries.length === 0) return "";
  const counts = new Map<string, number>();
  for (const entry of entries) counts.set(statusText(entry), (counts.get(statusText(entry)) ?? 0) + 1);
  const ordered = [...counts].sort(([, a], [, b]) => b - a);
  const others = ordered.slice(STATUS_LIMIT).reduce((sum, [, count]) => sum + count, 0);
  return joinNotes([
    `${entries.length.toLocaleString("en-US")} ${entries.length === 1 ? "child" : "children"}`,
    ...ordered.slice(0, STATUS_LIMIT).map(([text, count]) => `${count.toLocaleString("en-US")} ${text}`),
    others > 0 && `${others.toLocaleString("en-US")} with another status`,
  ]);
}

/** What of the children needs somebody: those that failed. */
export function childrenAlert(entries: readonly ChildEntry[]): string | null {
  const failed = entries.reduce((count, { status }) => (status?.tone === "failure" ? count + 1 : count), 0);
  return failed === 0 ? null : `${failed.toLocaleString("en-US")} failed`;
}

function statusText({ status }: ChildEntry): string {
  return status?.text ?? "no status";
}

function outcomeCell({ outcome, isError }: ChildEntry): TableCell {
  if (outcome === "") return UNKNOWN_CELL;
  return isError ? { text: outcome, tone: "failure" } : { text: outcome };
}

function said(text: string): TableCell {
  return text === "" ? UNKNOWN_CELL : { text };
}

function code(text: string): TableCell {
  return text === "" ? UNKNOWN_CELL : { text, look: "mono" };
}
