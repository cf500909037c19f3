import { formatDuration } from "../formatDuration.ts";
import { momentText } from "../momentText.ts";
import { joinNotes, plural } from "../plainText.ts";
import { UNKNOWN_CELL, durationCell } from "../table/cells.ts";
import type { TableSpec } from "../table/TableSpec.ts";
import type { TableCell } from "../tables.ts";
import type { ToolEntry } from "./toolEntries.ts";

/** The value of a filter for what is not told: begins with a blank, as no text on one line does. */
const NONE = " none";

/** The table of tool calls. */
export const TOOLS_TABLE: TableSpec<ToolEntry> = {
  id: "tools",
  columns: [
    {
      id: "tool",
      title: "Tool",
      align: "start",
      width: 20,
      cell: ({ tool }) => (tool === "" ? { text: "no name", look: "dim" } : { text: tool }),
      sortKey: ({ tool }) => tool || null,
    },
    {
      id: "stage",
      title: "Stage",
      align: "start",
      width: 18,
      cell: ({ stageName }) =>
        stageName === "" ? { ...UNKNOWN_CELL, hint: "The record does not say to which stage it belongs." } : { text: stageName },
      sortKey: ({ stage }) => stage,
    },
    { id: "when", title: "When", align: "start", width: 12, cell: whenCell, sortKey: ({ startMs }) => startMs },
    {
      id: "took",
      title: "Took",
      align: "end",
      width: 9,
      cell: ({ durationMs }) => durationCell(durationMs),
      sortKey: ({ durationMs }) => durationMs,
    },
    {
      id: "status",
      title: "Status",
      align: "start",
      width: 11,
      cell: ({ status }) => status ?? { ...UNKNOWN_CELL, hint: "The recording does not say how the call ended." },
      sortKey: ({ status }) => status?.text ?? null,
    },
    { id: "arguments", title: "Arguments", align: "start", width: 32, cell: argumentsCell },
    {
      id: "result",
      title: "Result",
      align: "start",
      width: 36,
      grows: true,
      cell: ({ result }) => (result === "" ? UNKNOWN_CELL : { text: result }),
    },
  ],
  filters: [
    { id: "tool", title: "Tool", value: ({ tool }) => ({ value: tool || NONE, label: tool || "no name" }) },
    { id: "status", title: "Status", value: ({ status }) => ({ value: status?.text ?? NONE, label: status?.text ?? "not told" }) },
    {
      id: "stage",
      title: "Stage",
      value: ({ stage, stageName }) => ({
        value: stage === null ? (stageName === "" ? NONE : `${NONE} ${stageName}`) : String(stage),
        label: stageName === "" ? "no stage" : stageName,
      }),
    },
  ],
  row: (entry) => ({
    id: entry.id,
    level: 1,
    label: joinNotes([entry.tool || "tool call", entry.status?.text, entry.stageName]),
    icon: "tools",
    treeRow: entry.treeRow,
    opens: false,
  }),
  searchText: (entry) =>
    [entry.tool, entry.stageName, entry.status?.text ?? "", entry.arguments, entry.result, entry.argumentsHash].join("\n"),
};

/** Summaries made, with how many entries they are of: an array may grow. They are asked for with every window. */
const summaries = new WeakMap<readonly ToolEntry[], { readonly count: number; readonly text: string }>();

/** "30 calls of 8 tools · 1 error · 12.4 s in tools". */
export function toolsSummary(entries: readonly ToolEntry[]): string {
  const known = summaries.get(entries);
  if (known?.count === entries.length) return known.text;
  const text = entries.length === 0 ? "" : joinNotes([countText(entries), ...endTexts(entries), timeText(entries)]);
  summaries.set(entries, { count: entries.length, text });
  return text;
}

function countText(entries: readonly ToolEntry[]): string {
  const tools = new Set(entries.map(({ tool }) => tool));
  return `${plural(entries.length, "call")} of ${plural(tools.size, "tool")}`;
}

function endTexts(entries: readonly ToolEntry[]): (string | false)[] {
  const ends = new Map<string, number>();
  for (const { status } of entries) if (status !== null) ends.set(status.text, (ends.get(status.text) ?? 0) + 1);
  const ended = (...texts: readonly string[]): number => texts.reduce((sum, text) => sum + (ends.get(text) ?? 0), 0);
  const errors = ended("error", "failed");
  const denied = ended("denied", "rejected");
  const open = ended("no result");
  return [
    errors > 0 && plural(errors, "error"),
    denied > 0 && `${denied.toLocaleString("en-US")} denied`,
    open > 0 && `${open.toLocaleString("en-US")} without result`,
  ];
}

/** The time while at least one call was under way: calls are made at the same time. Null where no call tells how long it took. */
function timeText(entries: readonly ToolEntry[]): string | null {
  const timed = entries.filter(({ durationMs }) => durationMs !== null && Number.isFinite(durationMs) && durationMs >= 0);
  if (timed.length === 0) return null;
  let ms = 0;
  let end = -Infinity;
  const startOf = ({ startMs }: ToolEntry): number => startMs ?? -Infinity;
  for (const { startMs, durationMs } of timed.sort((a, b) => (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0))) {
    const duration = durationMs ?? 0;
    if (startMs === null) ms += duration;
    else {
      ms += Math.max(0, startMs + duration - Math.max(startMs, end));
      end = Math.max(end, startMs + duration);
    }
  }
  const text = `${formatDuration(ms)} in tools`;
  if (timed.length === entries.length) return text;
  return `${text} (${timed.length.toLocaleString("en-US")} of ${entries.length.toLocaleString("en-US")} timed)`;
}

function whenCell({ startMs }: ToolEntry): TableCell {
  const text = startMs === null ? "" : momentText(startMs);
  if (text === "") return { ...UNKNOWN_CELL, hint: "The record does not tell when." };
  return { text, time: { text, epochMs: startMs } };
}

function argumentsCell({ arguments: head, argumentsHash }: ToolEntry): TableCell {
  if (head !== "") return { text: head, look: "mono" };
  return argumentsHash === "" ? UNKNOWN_CELL : { ...UNKNOWN_CELL, hint: `Of the arguments the record keeps a hash only: ${argumentsHash}` };
}
