import { formatDuration } from "../formatDuration.ts";
import { joinNotes, plural } from "../plainText.ts";
import type { TableSpec } from "../table/TableSpec.ts";
import type { TableCell } from "../tables.ts";
import type { ToolEntry } from "./toolEntries.ts";

const UNKNOWN: TableCell = { text: "–", look: "dim" };
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
        stageName === "" ? { ...UNKNOWN, hint: "The record does not say to which stage it belongs." } : { text: stageName },
      sortKey: ({ stage }) => stage,
    },
    { id: "when", title: "When", align: "start", width: 12, cell: whenCell, sortKey: ({ startMs }) => startMs },
    {
      id: "took",
      title: "Took",
      align: "end",
      width: 9,
      cell: ({ durationMs }) => (durationMs === null ? UNKNOWN : { text: formatDuration(durationMs) }),
      sortKey: ({ durationMs }) => durationMs,
    },
    {
      id: "status",
      title: "Status",
      align: "start",
      width: 11,
      cell: ({ status }) => status ?? { ...UNKNOWN, hint: "The recording does not say how the call ended." },
      sortKey: ({ status }) => status?.text ?? null,
    },
    { id: "arguments", title: "Arguments", align: "start", width: 32, cell: argumentsCell },
    {
      id: "result",
      title: "Result",
      align: "start",
      width: 36,
      grows: true,
      cell: ({ result }) => (result === "" ? UNKNOWN : { text: result }),
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

/** "30 calls of 8 tools · 1 error · 12.4 s in tools". */
export function toolsSummary(entries: readonly ToolEntry[]): string {
  if (entries.length === 0) return "";
  const tools = new Set<string>();
  const ends = new Map<string, number>();
  let timed = 0;
  let ms = 0;
  for (const { tool, status, durationMs } of entries) {
    tools.add(tool);
    if (status !== null && status.tone !== "success") ends.set(status.text, (ends.get(status.text) ?? 0) + 1);
    if (durationMs === null || !Number.isFinite(durationMs) || durationMs < 0) continue;
    timed++;
    ms += durationMs;
  }
  const ended = (text: string): number => ends.get(text) ?? 0;
  const refused = ended("denied") + ended("rejected");
  return joinNotes([
    `${plural(entries.length, "call")} of ${plural(tools.size, "tool")}`,
    ended("error") + ended("failed") > 0 && plural(ended("error") + ended("failed"), "error"),
    refused > 0 && `${refused.toLocaleString("en-US")} denied`,
    ended("no result") > 0 && `${ended("no result").toLocaleString("en-US")} without result`,
    timed > 0 && timedText(ms, timed, entries.length),
  ]);
}

function timedText(ms: number, timed: number, all: number): string {
  const text = `${formatDuration(ms)} in tools`;
  return timed === all ? text : `${text} (${timed.toLocaleString("en-US")} of ${all.toLocaleString("en-US")} timed)`;
}

function whenCell({ startMs }: ToolEntry): TableCell {
  const date = startMs === null ? null : new Date(startMs);
  if (startMs === null || date === null || Number.isNaN(date.getTime())) return { ...UNKNOWN, hint: "The record does not tell when." };
  const text = date.toISOString();
  return { text, time: { text, epochMs: startMs } };
}

function argumentsCell({ arguments: head, argumentsHash }: ToolEntry): TableCell {
  if (head !== "") return { text: head, look: "mono" };
  return argumentsHash === "" ? UNKNOWN : { ...UNKNOWN, hint: `Of the arguments the record keeps a hash only: ${argumentsHash}` };
}
