import { formatCost } from "../formatCost.ts";
import { formatDuration } from "../formatDuration.ts";
import { formatTokens } from "../formatTokens.ts";
import { joinNotes, oneLine } from "../plainText.ts";
import { timeView } from "../readTime.ts";
import { UNKNOWN_CELL, storedTimeCell } from "../table/cells.ts";
import type { TableSpec } from "../table/TableSpec.ts";
import type { TableCell } from "../tables.ts";
import { noStageHint, outcomeOf, turnDuration, turnStart, turnStatus } from "./TurnRow.ts";
import type { TurnRow, TurnsTableRow } from "./TurnRow.ts";

const NAME_LIMIT = 80;
const SAID_LIMIT = 160;
const EMPTY: TableCell = { text: "" };
const OUTCOMES = { ok: "answered", retried: "tried again", error: "error", open: "no answer yet" } as const;

/** The table of model turns. Lines of types that are not known stand at its end. */
export const TURNS_TABLE: TableSpec<TurnsTableRow> = {
  id: "turns",
  columns: [
    {
      id: "number",
      title: "#",
      align: "end",
      width: 4,
      ...ofTurn(
        (row) => ({ text: String(row.number) }),
        (row) => row.number,
      ),
    },
    {
      id: "time",
      title: "Time",
      align: "start",
      width: 12,
      cell: timeCell,
      sortKey: (row) => (row.kind === "turn" ? turnStart(row.turn) : null),
    },
    {
      id: "stage",
      title: "Stage",
      align: "start",
      width: 16,
      ...ofTurn(
        (row) => (row.stage === null ? { ...UNKNOWN_CELL, hint: noStageHint(row) } : { text: oneLine(row.stageName, NAME_LIMIT) }),
        ({ stage }) => stage,
      ),
    },
    {
      id: "model",
      title: "Model",
      align: "start",
      width: 20,
      cell: (row) =>
        row.kind === "other"
          ? { text: oneLine(row.line.type, NAME_LIMIT) || "no type", look: "tag" }
          : row.turn.model === ""
            ? UNKNOWN_CELL
            : { text: oneLine(row.turn.model, NAME_LIMIT), hint: `Provider: ${oneLine(row.turn.provider, NAME_LIMIT) || "not told"}` },
      sortKey: (row) => (row.kind === "turn" ? row.turn.model : null),
    },
    { id: "said", title: "Said", align: "start", width: 30, grows: true, cell: saidCell },
    countColumn("in", "In", (row) => row.turn.answer?.tokensIn ?? null),
    countColumn("out", "Out", (row) => row.turn.answer?.tokensOut ?? null),
    countColumn(
      "cached",
      "Cached",
      (row) => row.turn.answer?.cacheRead ?? null,
      ({ turn }) =>
        turn.answer === null || turn.answer.cacheWrite === null
          ? undefined
          : `${formatTokens(turn.answer.cacheWrite)} tokens written to the cache`,
    ),
    {
      id: "cost",
      title: "Cost",
      align: "end",
      width: 8,
      ...ofTurn(
        ({ turn }) =>
          turn.answer === null
            ? EMPTY
            : turn.answer.costUsd === null
              ? { ...UNKNOWN_CELL, hint: "No price is known for this model." }
              : { text: formatCost(turn.answer.costUsd) },
        ({ turn }) => turn.answer?.costUsd ?? null,
      ),
    },
    {
      id: "latency",
      title: "Latency",
      align: "end",
      width: 8,
      ...ofTurn(
        ({ turn }) => {
          const ms = turnDuration(turn);
          return ms === null ? (turn.answer === null ? EMPTY : UNKNOWN_CELL) : { text: formatDuration(ms) };
        },
        ({ turn }) => turnDuration(turn),
      ),
    },
    {
      id: "stop",
      title: "Stop",
      align: "start",
      width: 10,
      ...ofTurn(
        ({ turn }) =>
          turn.answer === null
            ? { text: oneLine(turn.errors.at(-1)?.reason ?? "", 40), look: "dim" }
            : turn.answer.stopReason === ""
              ? UNKNOWN_CELL
              : { text: oneLine(turn.answer.stopReason, 40) },
        ({ turn }) => turn.answer?.stopReason ?? turn.errors.at(-1)?.reason ?? null,
      ),
    },
    {
      id: "tools",
      title: "Tools",
      align: "start",
      width: 8,
      ...ofTurn(
        ({ turn }) => ({ text: toolsText(turn), hint: toolNames(turn.answer?.toolCalls ?? []) }),
        ({ turn }) => turn.answer?.toolCallCount ?? null,
      ),
    },
    {
      id: "status",
      title: "Status",
      align: "start",
      width: 12,
      cell: (row) => (row.kind === "turn" ? turnStatus(row) : { text: "unknown line", look: "dim" }),
      sortKey: (row) => (row.kind === "turn" ? turnStatus(row).text : null),
    },
  ],
  filters: [
    {
      id: "stage",
      title: "Stage",
      value: (row) =>
        row.kind === "other"
          ? null
          : row.stage === null
            ? { value: "none", label: "no stage" }
            : { value: String(row.stage), label: oneLine(row.stageName, NAME_LIMIT) },
    },
    {
      id: "model",
      title: "Model",
      value: (row) =>
        row.kind === "other" ? null : { value: row.turn.model || "–", label: oneLine(row.turn.model, NAME_LIMIT) || "not told" },
    },
    {
      id: "outcome",
      title: "Outcome",
      value: (row) => {
        if (row.kind === "other") return null;
        const outcome = outcomeOf(row.turn);
        return { value: outcome, label: OUTCOMES[outcome] };
      },
    },
    {
      id: "tools",
      title: "Tools",
      value: (row) => {
        if (row.kind === "other" || row.turn.answer === null) return null;
        return row.turn.answer.toolCallCount > 0
          ? { value: "with", label: "with tool calls" }
          : { value: "without", label: "without tool calls" };
      },
    },
    {
      id: "lineType",
      title: "Line type",
      value: (row) =>
        row.kind === "turn" ? null : { value: row.line.type || "–", label: oneLine(row.line.type, NAME_LIMIT) || "no type" },
    },
  ],
  row: (row) =>
    row.kind === "other"
      ? {
          id: row.id,
          level: 1,
          label: `line ${row.line.ref.line} of type ${oneLine(row.line.type, NAME_LIMIT) || "unknown"}`,
          icon: "json",
          treeRow: null,
          opens: false,
        }
      : {
          id: row.id,
          level: 1,
          label: joinNotes([`turn ${row.number}`, oneLine(row.turn.model, NAME_LIMIT), turnStatus(row).text]),
          icon: "comment-discussion",
          treeRow: row.stage === null ? null : `stage:${row.stage}/${row.id}`,
          opens: false,
        },
  searchText: (row) =>
    row.kind === "other"
      ? row.line.type
      : [
          row.turn.model,
          row.turn.provider,
          row.stageName,
          row.turn.answer?.head ?? "",
          ...(row.turn.answer?.toolCalls ?? []).map(({ name }) => name),
          ...row.turn.errors.map(({ reason, message }) => `${reason} ${message}`),
          row.turn.callId ?? "",
        ].join("\n"),
};

/** "3 of 12": calls made of tools offered. */
export function toolsText({ answer, toolsOffered }: TurnRow["turn"]): string {
  if (answer === null) return toolsOffered === null ? "" : `– of ${toolsOffered.toLocaleString("en-US")}`;
  const made = answer.toolCallCount.toLocaleString("en-US");
  return toolsOffered === null ? made : `${made} of ${toolsOffered.toLocaleString("en-US")}`;
}

/** Names of tools, each once, with how often it was called. */
export function toolNames(calls: readonly { readonly name: string }[]): string {
  const counts = new Map<string, number>();
  for (const { name } of calls) counts.set(name, (counts.get(name) ?? 0) + 1);
  return oneLine([...counts].map(([name, count]) => (count === 1 ? name || "without name" : `${name} × ${count}`)).join(", "), 400);
}

function ofTurn(
  cell: (row: TurnRow) => TableCell,
  sortKey: (row: TurnRow) => number | string | null,
): { readonly cell: (row: TurnsTableRow) => TableCell; readonly sortKey: (row: TurnsTableRow) => number | string | null } {
  return { cell: (row) => (row.kind === "turn" ? cell(row) : EMPTY), sortKey: (row) => (row.kind === "turn" ? sortKey(row) : null) };
}

function countColumn(
  id: string,
  title: string,
  count: (row: TurnRow) => number | null,
  hint?: (row: TurnRow) => string | undefined,
): TableSpec<TurnsTableRow>["columns"][number] {
  return {
    id,
    title,
    align: "end",
    width: 7,
    ...ofTurn((row) => {
      const value = count(row);
      if (value === null) return row.turn.answer === null ? EMPTY : UNKNOWN_CELL;
      const said = hint?.(row);
      return { text: formatTokens(value), hint: said ?? `${value.toLocaleString("en-US")} tokens` };
    }, count),
  };
}

function timeCell(row: TurnsTableRow): TableCell {
  const text =
    row.kind === "other" ? row.line.timestamp : row.turn.requestedAt || (row.turn.answer?.timestamp ?? row.turn.errors[0]?.timestamp ?? "");
  return storedTimeCell(timeView(text), 40);
}

/** What the model said; where it only called tools, which; where it failed, why. */
function saidCell(row: TurnsTableRow): TableCell {
  if (row.kind === "other") return { text: `line ${row.line.ref.line} of the transcript`, look: "dim" };
  const { answer, errors } = row.turn;
  const error = errors.at(-1);
  if (answer === null) return error === undefined ? EMPTY : { text: oneLine(error.message, SAID_LIMIT), tone: "failure" };
  const said = oneLine(answer.head, SAID_LIMIT);
  if (said !== "") return { text: said };
  return answer.toolCallCount > 0 ? { text: toolNames(answer.toolCalls), look: "mono" } : { text: "nothing", look: "dim" };
}
