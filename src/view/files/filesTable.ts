import { formatBytes } from "../formatBytes.ts";
import { momentText } from "../momentText.ts";
import { joinNotes, oneLine, plural } from "../plainText.ts";
import { statusView } from "../statusTone.ts";
import { UNKNOWN_CELL } from "../table/cells.ts";
import type { TableSpec } from "../table/TableSpec.ts";
import type { TableCell } from "../tables.ts";
import type { StatusTone } from "../types.ts";
import { FILE_ROLES, mainRole } from "./FileFacts.ts";
import type { FileFacts, FileRole, FileState } from "./FileFacts.ts";

/** What a state is called, its colour, and its place when rows are ordered by it: worst first. */
export const FILE_STATES: Readonly<Record<FileState, { readonly label: string; readonly tone: StatusTone; readonly order: number }>> = {
  unreadable: { label: "unreadable", tone: "failure", order: 0 },
  absent: { label: "absent", tone: "warning", order: 1 },
  outside: { label: "outside the workspace", tone: "warning", order: 2 },
  unnamed: { label: "not named", tone: "neutral", order: 3 },
  unknown: { label: "not looked at yet", tone: "neutral", order: 4 },
  present: { label: "present", tone: "success", order: 5 },
};

/** The table of files: each once, however many places name it. */
export const FILES_TABLE: TableSpec<FileFacts> = {
  id: "files",
  columns: [
    {
      id: "file",
      title: "File",
      align: "start",
      width: 40,
      grows: true,
      cell: ({ shown, note }) => ({ text: nameThenFolder(shown), look: "mono", hint: note === "" ? shown : note }),
      sortKey: ({ shown }) => shown,
    },
    {
      id: "role",
      title: "Role",
      align: "start",
      width: 18,
      cell: (facts) => ({ text: rolesText(facts), look: "tag" }),
      sortKey: (facts) => FILE_ROLES[mainRole(facts)].order,
    },
    { id: "namedBy", title: "Named by", align: "start", width: 26, cell: namedByCell, sortKey: ({ namedBy }) => namedBy[0]?.text ?? null },
    {
      id: "state",
      title: "State",
      align: "start",
      width: 14,
      cell: ({ state, note }) => ({
        text: FILE_STATES[state].label,
        tone: FILE_STATES[state].tone,
        ...(note === "" ? {} : { hint: note }),
      }),
      sortKey: ({ state }) => FILE_STATES[state].order,
    },
    {
      id: "size",
      title: "Size",
      align: "end",
      width: 9,
      cell: ({ size }) => (size === null ? UNKNOWN_CELL : { text: formatBytes(size), hint: `${size.toLocaleString("en-US")} bytes` }),
      sortKey: ({ size }) => size,
    },
    { id: "changed", title: "Changed", align: "start", width: 18, cell: changedCell, sortKey: ({ changedMs }) => changedMs },
    {
      id: "status",
      title: "Status in file",
      align: "start",
      width: 14,
      cell: ({ head }) => {
        const status = statusView(head?.status ?? "");
        return status === null ? { text: "" } : { text: status.text, tone: status.tone };
      },
      sortKey: ({ head }) => (head === null || head.status === "" ? null : head.status),
    },
  ],
  filters: [
    {
      id: "role",
      title: "Role",
      value: (facts) => {
        const role = mainRole(facts);
        return { value: role, label: FILE_ROLES[role].label };
      },
    },
    { id: "state", title: "State", value: ({ state }) => ({ value: state, label: FILE_STATES[state].label }) },
  ],
  row: (facts) => ({
    id: facts.id,
    level: 1,
    label: oneLine(`${facts.shown}, ${rolesText(facts)}, ${FILE_STATES[facts.state].label}`, 400),
    icon: FILE_ROLES[mainRole(facts)].icon,
    treeRow: facts.namedBy.find(({ rowId }) => rowId !== null)?.rowId ?? null,
    opens: opensFile(facts),
  }),
  searchText: (facts) =>
    [
      facts.shown,
      rolesText(facts),
      FILE_STATES[facts.state].label,
      facts.head?.status ?? "",
      ...facts.namedBy.map(({ text }) => text),
    ].join("\n"),
};

/** `run.json · .harn-runs`: where room is short the name is what must be seen. */
function nameThenFolder(path: string): string {
  const slash = Math.max(path.lastIndexOf("/", path.length - 2), path.lastIndexOf("\\", path.length - 2));
  return slash <= 0 ? path : `${path.slice(slash + 1)} · ${path.slice(0, slash)}`;
}

/** The record itself is open already, a folder is no file, and a database is nothing an editor shows. */
export function opensFile({ state, isFolder, roles, path }: FileFacts): boolean {
  if (isFolder || path === null || (state !== "present" && state !== "outside")) return false;
  return !roles.includes("record") && !roles.includes("log");
}

export function rolesText({ roles }: FileFacts): string {
  return roles.map((role: FileRole) => FILE_ROLES[role].label).join(", ");
}

/** `38 files · 12 absent · 1 outside the workspace · 11.8 MB`: the size is that of the files that are there. */
export function filesSummary(files: readonly FileFacts[]): string {
  if (files.length === 0) return "";
  const counts = new Map<FileState, number>();
  let bytes = 0;
  for (const { state, size } of files) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
    bytes += state === "present" ? (size ?? 0) : 0;
  }
  const told = (state: FileState): string => {
    const count = counts.get(state) ?? 0;
    return count === 0 ? "" : `${count.toLocaleString("en-US")} ${FILE_STATES[state].label}`;
  };
  return joinNotes([
    plural(files.length, "file"),
    told("absent"),
    told("unreadable"),
    told("outside"),
    told("unknown"),
    formatBytes(bytes),
  ]);
}

/** What of the files needs somebody: records and snapshots of child runs that are not there. */
export function filesAlert(files: readonly FileFacts[]): string | null {
  let absent = 0;
  for (const { state, roles } of files) if (state === "absent" && (roles.includes("childRecord") || roles.includes("snapshot"))) absent++;
  return absent === 0 ? null : `${absent.toLocaleString("en-US")} absent`;
}

function namedByCell({ namedBy, namedByCount }: FileFacts): TableCell {
  const [first] = namedBy;
  if (first === undefined) return { text: "" };
  const more = namedByCount > 1 ? ` +${namedByCount - 1}` : "";
  return { text: `${first.text}${more}`, ...(first.jsonPath === "" ? {} : { hint: first.jsonPath }) };
}

function changedCell({ changedMs }: FileFacts): TableCell {
  if (changedMs === null) return UNKNOWN_CELL;
  const text = momentText(changedMs);
  return { text, time: { text, epochMs: changedMs } };
}
