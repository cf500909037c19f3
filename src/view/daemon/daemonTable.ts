import type { DaemonLine } from "../../eventlog/sidecar/ModelTurn.ts";
import type { NodeId, Tape } from "../../json/Tape.ts";
import { boundSections } from "../boundSections.ts";
import { longText } from "../longText.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { readTime, timeView } from "../readTime.ts";
import { structSections } from "../structFields.ts";
import { storedTimeCell } from "../table/cells.ts";
import type { TableSpec } from "../table/TableSpec.ts";
import type { RowDetail, StatusTone } from "../types.ts";

const NAME_LIMIT = 80;
const SUMMARY_LIMIT = 200;

/** How the kinds the runtime writes are coloured; others stay neutral. */
const TONES = new Map<string, StatusTone>([
  ["spawned", "running"],
  ["triggered", "running"],
  ["resumed", "running"],
  ["snapshotted", "neutral"],
  ["stopped", "warning"],
]);

/** A row of the table of daemon events. */
export interface DaemonRow {
  readonly id: string;
  readonly line: DaemonLine;
}

export function daemonRow(line: DaemonLine): DaemonRow {
  return { id: `@daemon:${line.ref.event ?? line.ref.line}`, line };
}

export const DAEMON_TABLE: TableSpec<DaemonRow> = {
  id: "daemon",
  columns: [
    {
      id: "time",
      title: "Time",
      align: "start",
      width: 12,
      cell: ({ line }) => storedTimeCell(timeView(line.timestamp), 40),
      sortKey: ({ line }) => readTime(line.timestamp),
    },
    {
      id: "daemon",
      title: "Daemon",
      align: "start",
      width: 18,
      cell: ({ line }) => ({ text: oneLine(line.name || line.daemonId, NAME_LIMIT) || "–", hint: oneLine(line.daemonId, NAME_LIMIT) }),
      sortKey: ({ line }) => line.name || line.daemonId,
    },
    {
      id: "kind",
      title: "Kind",
      align: "start",
      width: 12,
      cell: ({ line }) => ({ text: kindText(line), look: "tag", tone: TONES.get(line.kind) ?? "neutral" }),
      sortKey: ({ line }) => line.kind,
    },
    {
      id: "summary",
      title: "Summary",
      align: "start",
      width: 30,
      grows: true,
      cell: ({ line }) => ({ text: oneLine(line.summary, SUMMARY_LIMIT) }),
    },
    {
      id: "keptIn",
      title: "Kept in",
      align: "start",
      width: 24,
      cell: ({ line }) => ({ text: oneLine(line.persistPath, SUMMARY_LIMIT), look: "mono" }),
      sortKey: ({ line }) => line.persistPath,
    },
  ],
  filters: [
    {
      id: "daemon",
      title: "Daemon",
      value: ({ line }) => ({
        value: line.daemonId || line.name || "–",
        label: oneLine(line.name || line.daemonId, NAME_LIMIT) || "without name",
      }),
    },
    { id: "kind", title: "Kind", value: ({ line }) => ({ value: line.kind || "–", label: kindText(line) }) },
  ],
  row: ({ id, line }) => ({
    id,
    level: 1,
    label: joinNotes([oneLine(line.name || line.daemonId, NAME_LIMIT) || "daemon", kindText(line)]),
    icon: "server-process",
    treeRow: null,
    opens: false,
  }),
  searchText: ({ line }) => [line.name, line.daemonId, line.kind, line.summary, line.persistPath].join("\n"),
};

/** The runtime takes an event without kind for `spawned`. */
function kindText({ kind }: DaemonLine): string {
  return oneLine(kind, 40) || "spawned";
}

/** "1 daemon · 9 events · last stopped". */
export function daemonSummary(rows: readonly DaemonRow[]): string {
  const last = rows.at(-1);
  if (last === undefined) return "";
  const daemons = new Set(rows.map(({ line }) => line.daemonId || line.name));
  return joinNotes([plural(daemons.size, "daemon"), plural(rows.length, "event"), `last: ${kindText(last.line)}`]);
}

/** The detail of an event; `tape` is null where its line could not be read again. */
export function daemonDetail(
  { id, line }: DaemonRow,
  read: { readonly tape: Tape | null; readonly node: NodeId },
  place: string,
  order: readonly string[],
): { readonly detail: RowDetail; readonly tapes: readonly Tape[] } {
  const { tape, node } = read;
  const kind = kindText(line);
  const sections =
    tape === null
      ? []
      : structSections(tape, node, {
          title: "Daemon event",
          order,
          // The place is a folder; what can be opened of it is the state that is kept there.
          link: (name, text) =>
            name === "persist_path" ? { kind: "storedPath", path: `${text.replace(/[\\/]+$/, "")}/daemon.json` } : undefined,
        });
  return {
    detail: {
      rowId: id,
      kind: "daemon",
      title: joinNotes([oneLine(line.name || line.daemonId, NAME_LIMIT) || "Daemon", kind]),
      subtitle: "daemon event",
      status: { text: kind, tone: TONES.get(line.kind) ?? "neutral" },
      path: place,
      offset: null,
      sections: boundSections(sections),
      raw: tape === null ? null : longText(tape, node, "json"),
      card: null,
    },
    tapes: tape === null ? [] : [tape],
  };
}
